// The table of readings: which one is on view, and what each goes along as the matrix stands now.

import { t } from "../words/texts.js";

/** @typedef {import("./state.js").State} State */

/** @param {HTMLElement} panel @param {State} state */
export function write(panel, state) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("button[data-direction]"))) {
    const { direction, how } = button.dataset;
    button.setAttribute("aria-pressed", String(state.direction === direction && (direction === "ledger" || state.how === how)));
    const line = button.querySelector(".reading-line");
    if (!line || !how) continue;
    line.textContent = sweep(state, (direction === "forward") === (how === "gather"), how);
    button.setAttribute("aria-label", `${line.textContent}: ${t(`matrix-${direction}-${how}`)}`);
  }
}

/** @param {State} state @param {boolean} byRow of the grid as it is not turned @param {string} how */
function sweep({ notation, turned }, byRow, how) {
  if (notation === "sums") return t(how === "gather" ? "matrix-sum-over" : "matrix-from-each", { i: byRow === (how === "gather") ? "k" : "j" });
  return t(byRow !== turned ? "matrix-one-row" : "matrix-one-column");
}
