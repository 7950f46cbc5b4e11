// What a change has just cut off, and the way to bring it back.

import { t } from "../words/texts.js";

/** The notice goes by itself after so long, ms; not while it is pointed at or has the focus. */
const SHOWN_MS = 12_000;

export class Notice {
  #bar = /** @type {HTMLElement} */ (document.getElementById("notice"));
  #text = /** @type {HTMLElement} */ (document.getElementById("notice-text"));
  #act = /** @type {HTMLElement} */ (document.getElementById("notice-act"));
  #way = "undo";
  #timer = 0;

  /** @param {import("./transport.js").Transport} transport */
  constructor(transport) {
    this.#act.addEventListener("click", () => {
      this.#hide();
      transport.run((api) => api.call("POST", `/${this.#way}`));
    });
    document.getElementById("notice-close")?.addEventListener("click", () => this.#hide());
    for (const held of ["pointerenter", "focusin"]) this.#bar.addEventListener(held, () => clearTimeout(this.#timer));
    for (const left of ["pointerleave", "focusout"]) this.#bar.addEventListener(left, () => this.#wait());
  }

  /** @param {{reason: string, discarded_steps: number}} state what the stream says of the session */
  told({ reason, discarded_steps: discarded }) {
    if (discarded > 0) this.#show(discarded, reason === "undone" ? "redo" : "undo");
    else if (reason !== "paused") this.#hide();
  }

  /** @param {number} discarded steps @param {"undo" | "redo"} way what brings them back */
  #show(discarded, way) {
    this.#way = way;
    this.#text.textContent = t("cut-done", { count: discarded });
    this.#act.textContent = t(`cut-${way}`);
    this.#bar.dataset.discarded = String(discarded);
    this.#bar.hidden = false;
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), SHOWN_MS);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#bar.hidden = true;
  }
}
