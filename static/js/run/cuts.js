// Beside a control whose use cuts off steps that were made: how many, as soon as it has the focus.
//
// Such a control, or what holds it, carries data-cuts; a button that goes back to an earlier change carries data-cuts-after,
// the step of that change. What acts at once when it is clicked tells it when it is pointed at, too. Nothing else has to be done.

import { beyond, future, takingBack, warning } from "./future.js";

/** What can be changed; what only chooses the view is none of it. */
const CONTROLS = "input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, [data-cuts]";
/** What acts at a click. */
const AT_ONCE = "[data-cuts-after], canvas[data-cuts], button[data-cuts]";
/** From the panel to the note, px. */
const GAP = 10;
/** From the note to the edge of the window, px. */
const EDGE = 8;

/** @param {EventTarget | null} target */
function controlAt(target) {
  if (!(target instanceof HTMLElement)) return null;
  return target.matches(CONTROLS) && target.closest("[data-cuts]") ? target : buttonAt(target);
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const buttonAt = (target) => (target instanceof Element ? target.closest(AT_ONCE) : null);

export class Cuts {
  #note = /** @type {HTMLElement} */ (document.getElementById("cut-note"));
  /** @type {HTMLElement | null} the control that has the focus */
  #focused = null;
  /** @type {HTMLElement | null} the button that is pointed at */
  #pointed = null;

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.store = store;
    document.addEventListener("focusin", (event) => this.#focus(controlAt(event.target)));
    document.addEventListener("focusout", () => this.#focus(null));
    document.addEventListener("pointerover", (event) => this.#point(event.pointerType === "mouse" ? buttonAt(event.target) : null));
    addEventListener("scroll", () => this.draw(), { capture: true, passive: true });
    addEventListener("resize", () => this.draw());
    store.onDraw(() => this.draw());
  }

  /** @param {HTMLElement | null} control */
  #focus(control) {
    if (control === this.#focused) return;
    describe(this.#focused, false);
    this.#focused = control;
    describe(control, true);
    this.draw();
  }

  /** @param {HTMLElement | null} button */
  #point(button) {
    if (button === this.#pointed) return;
    this.#pointed = button;
    this.draw();
  }

  draw() {
    const control = [this.#pointed, this.#focused].find((one) => one?.isConnected && one.closest("[data-cuts], [data-cuts-after]"));
    const after = control?.dataset.cutsAfter;
    const cut = !control ? null : after === undefined ? future(this.store.seen) : beyond(this.store.seen, Number(after));
    if (cut) document.body.dataset.cutting = String(cut.from);
    else delete document.body.dataset.cutting;
    this.#note.hidden = cut === null;
    if (!cut || !control) return;
    const text = after === undefined ? warning(cut) : takingBack(cut, control.id === "redo");
    if (this.#note.textContent !== text) this.#note.textContent = text;
    this.#place(control);
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

/** A screen reader reads the note with the control's name. @param {HTMLElement | null} control @param {boolean} described */
function describe(control, described) {
  if (!control) return;
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== "cut-note");
  if (described) others.push("cut-note");
  if (others.length) control.setAttribute("aria-describedby", others.join(" "));
  else control.removeAttribute("aria-describedby");
}
