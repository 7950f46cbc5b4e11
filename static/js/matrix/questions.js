// The three questions that lead in: each plays the panel's own controls and ends with its answer.

import { blame } from "../words/words.js";
import { say } from "../words/texts.js";
import { product } from "./model.js";

/** @typedef {import("./panel.js").Question} Question */

/** How long the reader has before it goes on, ms. */
const PAUSE_MS = 900;

export class Questions {
  /** @param {import("./panel.js").MatrixPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#matrix [data-question]")]);
    for (const button of this.buttons) button.addEventListener("click", () => this.ask(/** @type {Question} */ (button.dataset.question)));
  }

  /** The card that answers, at rest. @param {Question} question */
  show(question) {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.question === question));
    this.panel.open(question);
  }

  /** @param {Question} question */
  async ask(question) {
    const { panel } = this;
    this.show(question);
    if (question === "row") await this.#row();
    else if (question === "transpose") await this.#transpose();
    else {
      await panel.stage("backward", "gather", null);
      panel.tell(say("matrix-answer-inverse"));
    }
  }

  async #row() {
    const { panel } = this;
    await panel.stage("backward", "scatter", { type: "row", j: 0 });
    const { state } = panel;
    if (state.notation !== "sums") {
      if (!(await panel.clock.run("flip", PAUSE_MS))) return;
      state.clear();
      if (!panel.grid || !(await panel.shows.flip(state.rest ? 0 : 1, 1.5 * panel.grid.swings))) return;
      if (!(await panel.clock.run("flip", PAUSE_MS / 2))) return;
      await panel.shows.line({ type: "row", j: 0 });
    }
    panel.tell(say(`matrix-answer-row-${state.notation}`, { count: panel.model?.n ?? 0 }));
  }

  async #transpose() {
    const { panel } = this;
    const k = Math.min(1, (panel.model?.n ?? 1) - 1);
    await panel.stage("backward", "gather", { type: "column", k });
    const { model } = panel;
    if (!model?.delta) return;
    const terms = Array.from({ length: model.m }, (_, j) => product(model, "backward", j, k));
    const sum = model.received?.[k] ?? terms.reduce((all, x) => all + x, 0);
    panel.tell(say(`matrix-answer-transpose-${panel.state.notation}`, { k: String(k + 1), terms: terms.slice(0, 5).flatMap((x, i) => [i ? " + " : "", blame(x)]), sum: blame(sum) }));
  }
}
