// Says what just happened: the sentence, the equation under it, and the announcement for a screen reader.

import { stage } from "../picture/flights.js";
import { describe } from "./sentence.js";
import { t } from "./texts.js";
import { equation as typeset, nodes } from "./typeset.js";
import { text } from "./words.js";

/** @typedef {import("../store.js").Seen} Seen */

/** While whole steps are played the words change at most so often, ms. */
const CALM_MS = 200;

export class Say {
  #sentence = /** @type {HTMLElement} */ (document.getElementById("sentence"));
  #equation = /** @type {HTMLElement} */ (document.getElementById("equation"));
  #live = document.getElementById("live");
  #said = "";
  #saidAt = 0;
  /** Whether somebody else speaks in this place: trouble and its way out. */
  silenced = false;

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.store = store;
    store.onDraw((seen) => this.draw(seen));
  }

  /** @param {Seen} seen */
  draw(seen) {
    if (this.silenced) return;
    const { cursor, frame: { playing } } = seen;
    const now = performance.now();
    if (playing && cursor.phase === "update" && now - this.#saidAt < CALM_MS) return;
    const { sentence, equation } = describe(seen, this.store.choice.connections);
    const said = `${text(sentence)}|${text(equation)}`;
    if (said !== this.#said) {
      this.#said = said;
      this.#saidAt = now;
      this.#sentence.replaceChildren(...nodes(sentence));
      typeset(this.#equation, equation);
      if (this.#live && !playing) this.#live.textContent = text(sentence);
    }
    this.captions(seen);
  }

  /**
   * Under each term of a sum, whether it has arrived yet; nothing when nothing travels.
   * @param {Seen} seen
   */
  captions(seen) {
    const layer = Number(seen.cursor.layer) + 1;
    for (const term of /** @type {NodeListOf<HTMLElement>} */ (this.#equation.querySelectorAll("[data-term]"))) {
      const state = stage(seen, "sent", layer, Number(term.dataset.term));
      const caption = term.querySelector("small");
      term.classList.toggle("cap", state !== null);
      if (caption) caption.textContent = state === "arrived" ? t("sum-arrived") : state === "coming" ? t("sum-coming") : "";
    }
  }

  /** After something else has spoken. */
  forget() {
    this.#said = "";
  }
}
