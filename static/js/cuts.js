// Beside a control whose change cuts off what lies beyond the cursor: how much that is, as soon as it has the focus.
//
// Such a control, or what holds it, carries data-cuts. Nothing else has to be done.

import { future, warning } from "./future.js";

/** What can be changed; what only chooses the view is none of it. */
const CONTROLS = "input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, button[data-cuts]";
/** From the panel to the note, px. */
const GAP = 10;
/** From the note to the edge of the window, px. */
const EDGE = 8;

export class Cuts {
  #note = /** @type {HTMLElement} */ (document.getElementById("cut-note"));
  /** @type {HTMLElement | null} the control that has the focus */
  #control = null;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    document.addEventListener("focusin", (event) => this.#focus(event.target));
    document.addEventListener("focusout", () => this.#focus(null));
    addEventListener("scroll", () => this.draw(), { capture: true, passive: true });
    addEventListener("resize", () => this.draw());
    store.onDraw(() => this.draw());
  }

  /** @param {EventTarget | null} target */
  #focus(target) {
    const control = target instanceof HTMLElement && target.matches(CONTROLS) && target.closest("[data-cuts]") ? target : null;
    if (control === this.#control) return;
    this.#describe(false);
    this.#control = control;
    this.#describe(true);
    this.draw();
  }

  /** A screen reader reads the note with the control's name. @param {boolean} described */
  #describe(described) {
    const control = this.#control;
    if (!control) return;
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== "cut-note");
    if (described) others.push("cut-note");
    if (others.length) control.setAttribute("aria-describedby", others.join(" "));
    else control.removeAttribute("aria-describedby");
  }

  draw() {
    if (this.#control && !this.#control.isConnected) this.#control = null;
    const beyond = this.#control ? future(this.store.seen) : null;
    document.body.toggleAttribute("data-cutting", beyond !== null);
    this.#note.hidden = beyond === null;
    if (!beyond || !this.#control) return;
    const text = warning(beyond);
    if (this.#note.textContent !== text) this.#note.textContent = text;
    this.#place(this.#control);
  }

  /** Beside the panel that the control is in, level with it; on a phone at the bottom, where it covers no field. @param {HTMLElement} control */
  #place(control) {
    const { offsetWidth: width, offsetHeight: height } = this.#note;
    const [{ top, height: own }, panel] = [control.getBoundingClientRect(), (control.closest("aside, dialog, [popover]") ?? control).getBoundingClientRect()];
    const [right, left] = [panel.right + GAP, panel.left - GAP - width];
    const beside = right + width <= innerWidth - EDGE ? right : left >= EDGE ? left : null;
    const x = beside ?? (innerWidth - width) / 2;
    const y = beside === null ? panel.bottom - GAP - height : top + (own - height) / 2;
    this.#note.style.transform = `translate(${Math.round(x)}px, ${Math.round(Math.max(EDGE, Math.min(y, innerHeight - EDGE - height)))}px)`;
  }
}
