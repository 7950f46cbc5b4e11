// The sums at the margins, as far as their terms have arrived.

import { product, total } from "./model.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./state.js").State} State */
/** @typedef {{value: number | null, whole: number | null, partial: boolean}} Sum value: of what has arrived; null: nothing yet, or not known */

/**
 * The sum at the end of a line: row j (at the right) or column k (at the bottom).
 * @param {Model} model
 * @param {State} state
 * @param {"row" | "column"} line
 * @param {number} i from 0
 * @returns {Sum}
 */
export function sumOf(model, state, line, i) {
  const [count, cell] = line === "row" ? [model.n, (/** @type {number} */ o) => /** @type {const} */ ([i, o])] : [model.m, (/** @type {number} */ o) => /** @type {const} */ ([o, i])];
  const term = (/** @type {number} */ o) => product(model, state.direction, ...cell(o));
  const whole = known(exact(model, state, line, i) ?? total(count, term));
  if (state.direction === "ledger") {
    const waits = line === "row" ? state.ledger === 1 || state.ledger === 2 : state.ledger >= 1 && state.ledger < 3.2;
    return { value: waits ? null : whole, whole, partial: waits };
  }
  if (!counts(state, line, i)) return { value: whole, whole, partial: false };
  let [arrived, value] = [0, 0];
  for (let o = 0; o < count; o++) {
    if (!state.arrived[state.at(...cell(o))]) continue;
    arrived++;
    value += term(o);
  }
  if (arrived === count) return { value: whole, whole, partial: false };
  return { value: arrived ? known(value) : null, whole, partial: true };
}

/** The server's own sum, where it has one. @param {Model} model @param {State} state @param {"row" | "column"} line @param {number} i */
const exact = (model, { direction }, line, i) => (direction === "backward" && line === "column" && model.received ? model.received[i] : null);

/** @param {number} x */
const known = (x) => (Number.isNaN(x) ? null : x);

/** Whether a sum waits for its terms. @param {State} state @param {"row" | "column"} line @param {number} i */
function counts({ partial, lit }, line, i) {
  if (partial !== "lit") return partial === "all";
  if (!lit) return false;
  if (lit.type === "cell") return true;
  return lit.type === line ? (lit.type === "row" ? lit.j : lit.k) === i : true;
}

/** @param {Model} model */
export const grandTotal = (model) => total(model.m, (j) => total(model.n, (k) => product(model, "ledger", j, k)));
