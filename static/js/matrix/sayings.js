// What the panel says: one exact sentence for a cell, a line, or the whole, with the numbers on view.

import { blame, strong, value } from "../words/words.js";
import { say } from "../words/texts.js";
import { product } from "./model.js";
import { grandTotal } from "./sums.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("../words/words.js").Part} Part */

/** More terms than these are not written out. */
const TERMS = 6;

/** @param {Model} model @param {State} state @returns {Part[]} */
export function saying(model, state) {
  const { direction, lit } = state;
  if (direction === "backward" && !model.delta) return say("matrix-waits-delta", { layer: String(model.layer) });
  if (direction !== "backward" && !model.a) return say("matrix-waits-a", { layer: String(model.layer - 1) });
  if (direction === "ledger" && !model.delta) return say("matrix-waits-delta", { layer: String(model.layer) });
  if (!lit) return whole(model, state);
  return lit.type === "cell" ? cell(model, direction, lit.j, lit.k) : line(model, state, lit);
}

/** @param {Model} model @param {State} state @returns {Part[]} */
function whole(model, state) {
  const { direction, notation } = state;
  if (direction === "ledger") return say(notation === "sums" ? "matrix-ledger-sums" : "matrix-ledger", { count: model.m * model.n, total: blame(grandTotal(model)) });
  if (direction === "backward" && model.operator) return say("matrix-backward-operator", { operator: strong(model.operator.replaceAll("_", " ")) });
  const standing = state.transposed ? "turned" : "stored";
  return say(`matrix-${direction}-${notation}-${standing}`);
}

/** @param {Model} model @param {import("./model.js").Direction} direction @param {number} j @param {number} k @returns {Part[]} */
function cell(model, direction, j, k) {
  const x = product(model, direction, j, k);
  const numbers = { j: String(j + 1), k: String(k + 1), w: value(direction === "backward" ? model.back(j, k) : model.w(j, k)), a: value(model.a?.[k] ?? null), delta: blame(model.delta?.[j] ?? null) };
  return say(`matrix-cell-${direction}`, { ...numbers, product: direction === "forward" ? value(x) : blame(x) });
}

/** @param {Model} model @param {State} state @param {Exclude<import("./state.js").Lit, {type: "cell"}>} lit @returns {Part[]} */
function line(model, { direction, turned, notation }, lit) {
  const row = lit.type === "row";
  const count = row ? model.n : model.m;
  const terms = Array.from({ length: count }, (_, i) => product(model, direction, row ? lit.j : i, row ? i : lit.k));
  const sum = terms.reduce((all, x) => all + x, 0);
  const tone = direction === "forward" ? value : blame;
  const i = String(row ? lit.j + 1 : lit.k + 1);
  const said = { i, line: turned === row ? say("matrix-column", { i }) : say("matrix-row", { i }), sum: tone(!row && direction === "backward" && model.received ? model.received[lit.k] : sum), terms: joined(terms, tone, (direction === "forward") === row) };
  const own = row ? (model.delta?.[lit.j] ?? null) : (model.a?.[lit.k] ?? null);
  return say(notation === "sums" ? `matrix-${lit.type}-${direction}-sums` : `matrix-${lit.type}-${direction}`, { ...said, own: row ? blame(own) : value(own) });
}

/** @param {number[]} terms @param {(x: number) => Part} tone @param {boolean} added @returns {Part[]} */
function joined(terms, tone, added) {
  const shown = terms.slice(0, TERMS).flatMap((x, i) => [i === 0 ? "" : added ? " + " : ", ", tone(x)]);
  return terms.length > TERMS ? [...shown, added ? " + …" : ", …"] : shown;
}
