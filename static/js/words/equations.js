// The equation of every phase with the numbers of the step on view, for one neuron or one connection of it.

import { notation } from "./notation.js";
import { charged, ledger, sent } from "../server/protocol.js";
import { say, t } from "./texts.js";
import { accent, blame, captioned, pair, plain, symbol, term, value } from "./words.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./words.js").Part} Part */
/** @typedef {{l: number, j: number, k: number, before: number, after: number, nabla: number | null}} Change of a weight into layer l; j and k from 0 */

/** More terms than these are not written out. */
const TERMS = 3;

/** @param {Seen} seen @param {number} l from 1 */
const layerOf = ({ frame }, l) => frame.layers[l - 1];

/** @returns {Part[]} */
export const weightedInput = () => {
  const [w, a] = [symbol("w", "l"), symbol("a", "l−1")];
  if (notation.name === "sums") return [symbol("a", "l", "j"), " = ", symbol("σ"), "(", symbol("∑", "", "k"), symbol("w", "l", "jk"), symbol("a", "l−1", "k"), " + ", symbol("b", "l", "j"), ")"];
  return [symbol("a", "l"), " = ", symbol("σ"), "(", ...notation.order(w, a), " + ", symbol("b", "l"), ")"];
};

/** @param {Seen} seen @param {number} l @param {number} j from 0 @returns {Part[]} */
export function activation(seen, l, j) {
  const { a, z } = /** @type {{a: Float32Array, z: Float32Array}} */ (layerOf(seen, l));
  const name = t(`option-activation-${seen.topology.activations[l - 2]}`);
  return [symbol("a", l, j + 1), " = ", symbol("σ"), "(", symbol("z", l, j + 1), `) = ${name}(`, value(z[j]), ") = ", value(a[j])];
}

/** @param {Seen} seen @param {number} cost of the example on view @returns {Part[]} */
export function cost({ topology }, cost) {
  const y = symbol("y", "", "j");
  /** @type {Record<string, Part[]>} */
  const formulas = {
    quadratic: ["½ ", symbol("∑", "", "j"), "(", symbol("a", topology.layers.length, "j"), " − ", y, ")", symbol("", 2)],
    cross_entropy: ["−", symbol("∑", "", "j"), "[", y, " ln ", symbol("a", "", "j"), " + (1 − ", y, ") ln(1 − ", symbol("a", "", "j"), ")]"],
    log_likelihood: ["−ln ", symbol("a", topology.layers.length, "y")],
  };
  return [symbol("C"), " = ", ...formulas[topology.cost], " = ", plain(cost)];
}

/** BP1 for one neuron of the last layer. @param {Seen} seen @param {number} l @param {number} j from 0 @returns {Part[]} */
export function outputDelta(seen, l, j) {
  const { delta } = /** @type {{delta: Float32Array}} */ (layerOf(seen, l));
  return [symbol("δ", l, j + 1), " = ", ...outputFactors(seen, l, j), " = ", blame(delta[j])];
}

/** @param {Seen} seen @param {number} l @param {number} j @returns {Part[]} */
function outputFactors(seen, l, j) {
  const { a, received, sigmaPrime } = layerOf(seen, l);
  const slope = symbol("∂C/∂a", l, j + 1);
  if (sigmaPrime && received && Number.isFinite(received[j]))
    return [slope, " · ", symbol("σ"), "′(", symbol("z", l, j + 1), ") = (", blame(received[j]), ") · ", plain(sigmaPrime[j])];
  // With softmax every output depends on every weighted input; only its own cost undoes that.
  if (!sigmaPrime && seen.topology.cost !== "log_likelihood")
    return [symbol("∑", "", "i"), symbol("∂a", l, "i"), "/", symbol("∂z", l, j + 1), " · ", symbol("∂C/∂a", l, "i")];
  return [symbol("a", l, j + 1), " − ", symbol("y", "", j + 1), " = ", value(/** @type {Float32Array} */ (a)[j]), " − ", plain(seen.frame.example.y[j])];
}

/**
 * BP2 before the gate, for one neuron: what it is sent, term by term.
 * @param {Seen} seen
 * @param {number} l its layer
 * @param {number} k from 0
 * @param {number} total
 * @returns {Part[]}
 */
export function sum(seen, l, k, total) {
  const above = layerOf(seen, l + 1);
  const [n, m] = [seen.topology.layers[l - 1], seen.topology.layers[l]];
  const delta = /** @type {Float32Array} */ (above.delta);
  /** @type {Part[]} */
  const head = [
    symbol("∂C/∂a", l, k + 1), " = ", symbol("∑", "", "j"),
    above.feedback ? symbol("B", l + 1, pair(...notation.order(k + 1, "j"))) : symbol("w", l + 1, pair(...notation.order("j", k + 1))), symbol("δ", l + 1, "j"),
  ];
  const order = Array.from({ length: m }, (_, j) => j);
  if (m > TERMS) order.sort((p, q) => Math.abs(sent(above, n, q, k)) - Math.abs(sent(above, n, p, k)));
  const product = (/** @type {number} */ j) => {
    const weight = above.feedback ? above.feedback[k * m + j] : /** @type {Float32Array} */ (above.w)[j * n + k];
    return [term(value(weight), " · (", blame(delta[j]), ")")];
  };
  const amount = (/** @type {number} */ j) => [blame(sent(above, n, j, k))];
  const terms = (/** @type {(j: number) => Part[]} */ write, captions = true) =>
    order.slice(0, TERMS).flatMap((j, i) => [i ? " + " : "", ...(captions ? [captioned(j + 1, ...write(j))] : write(j))]);
  if (m === 1) return [...head, " = ", ...terms(product, false), " = ", blame(total)];
  // Two terms are written out as products and as numbers; of more there is room for one of the two.
  if (m <= 2) return [...head, " = ", ...terms(product, false), " = ", ...terms(amount), " = ", blame(total)];
  if (m <= TERMS) return [...head, " = ", ...terms(product), " = ", blame(total)];
  return [...head, " = ", ...terms(amount), " + ", ...say("equation-more", { count: m - TERMS }), " = ", blame(total)];
}

/** BP2 for a layer, and its gate for one neuron. @param {Seen} seen @param {number} l @param {number} k from 0 @returns {Part[]} */
export function gate(seen, l, k) {
  const { received, sigmaPrime, delta } = /** @type {{received: Float32Array, sigmaPrime: Float32Array, delta: Float32Array}} */ (layerOf(seen, l));
  return [
    ...gateRule(l, Boolean(layerOf(seen, l + 1).feedback)), "\u2003",
    symbol("δ", l, k + 1), " = (", blame(received[k]), ") × ", plain(sigmaPrime[k]), " = ", blame(delta[k]),
  ];
}

/** BP2 in symbols. @param {number} l @param {boolean} foreign whether something else stands in the transpose's place @returns {Part[]} */
function gateRule(l, foreign) {
  const slope = (/** @type {string} */ k) => [symbol("σ"), "′(", symbol("z", l, k), ")"];
  if (notation.name === "sums")
    return [symbol("δ", l, "k"), " = (", symbol("∑", "", "j"), foreign ? symbol("B", l + 1, "kj") : symbol("w", l + 1, "jk"), symbol("δ", l + 1, "j"), ") · ", ...slope("k")];
  const operator = foreign ? [symbol("B", l + 1)] : ["(", symbol("w", l + 1), ")", accent("T")];
  return [symbol("δ", l), " = ", ...notation.order(operator, [symbol("δ", l + 1)]).flat(), " ⊙ ", ...slope("")];
}

/** BP4 for one weight. @param {Seen} seen @param {number} l @param {number} j from 0 @param {number} k from 0 @returns {Part[]} */
export function charge(seen, l, j, k) {
  const [above, below] = [layerOf(seen, l), layerOf(seen, l - 1)];
  const [delta, a] = [/** @type {Float32Array} */ (above.delta), /** @type {Float32Array} */ (below.a)];
  return [
    symbol("∂C/∂w", l, pair(...notation.order(j + 1, k + 1))), " = ", symbol("a", l - 1, k + 1), symbol("δ", l, j + 1), " = ", value(a[k]), " · (",
    blame(delta[j]), ") = ", blame(charged(above, below, j, k)),
  ];
}

/** What one connection has in the ledger. @param {Seen} seen @param {number} l @param {number} j from 0 @param {number} k from 0 @returns {Part[]} */
export function entry(seen, l, j, k) {
  const [above, below] = [layerOf(seen, l), layerOf(seen, l - 1)];
  const [delta, w, a] = /** @type {Float32Array[]} */ ([above.delta, above.w, below.a]);
  return [
    symbol("a", l - 1, k + 1), symbol("w", l, pair(...notation.order(j + 1, k + 1))), symbol("δ", l, j + 1), " = ", value(a[k]), " · ",
    value(w[j * a.length + k]), " · (", blame(delta[j]), ") = ", blame(ledger(above, below, j, k)),
  ];
}

/** How one weight changed. @param {Seen} seen @param {Change} change @returns {Part[]} */
export function change({ topology }, { l, j, k, before, after, nabla }) {
  const { name, learning_rate: rate } = topology.config.optimizer ?? {};
  const jk = pair(...notation.order(j + 1, k + 1));
  if (nabla === null || name !== "sgd" || topology.config.regularization?.name !== "none")
    return [symbol("w", l, jk), ": ", value(before), " → ", value(after)];
  return [
    symbol("w", l, jk), " − ", symbol("η"), " · ", symbol("∂C/∂w", l, jk), " = ", value(before), " − ", plain(rate), " · (", blame(nabla), ") = ",
    value(after),
  ];
}

/** What the optimizer does to every weight. @param {Seen} seen @returns {Part[]} */
export function rule({ topology }) {
  const { name, learning_rate: rate } = topology.config.optimizer ?? {};
  const w = symbol("w", "l");
  if (name !== "sgd") return [w, " → ", w, " + Δ", w, "\u2003", ...say("equation-by", { optimizer: t(`option-optimizer-${name}`) })];
  return [w, " → ", w, " − ", symbol("η"), symbol("∂C/∂w", "l"), "\u2003", symbol("η"), " = ", plain(rate)];
}
