// The output error: each cost's own derivative, and delta where an activation makes more of it than a product.

import { d, inside, p, product, v } from "./terms.js";
import { t } from "./texts.js";
import { BREAK, symbol } from "./words.js";

/** @typedef {import("./words.js").Part} Part */
/** @typedef {import("../cards/reading.js").Reading} Reading */
/** @typedef {{symbols: Part[], terms: Part[], note: string}} Formula */

/**
 * ∂C/∂a of an output, by the cost.
 * @param {Reading} reading
 * @param {number} l the last layer
 * @param {number} j
 * @returns {Formula}
 */
export function costSlope(reading, l, j) {
  const [a, y] = [symbol("a", l, j), symbol("y", "", j)];
  const [active, target] = [v(reading.a(l, j)), p(reading.y(j))];
  const note = t(`card-cost-${reading.topology.cost}`);
  switch (reading.topology.cost) {
    case "quadratic":
      return { symbols: [a, " − ", y], terms: [active, " − ", ...inside(target)], note };
    case "cross_entropy":
      return {
        symbols: ["(", a, " − ", y, ") / (", a, "(1 − ", a, "))"],
        terms: ["(", active, " − ", target, `)${BREAK} / (`, active, "(1 − ", active, "))"],
        note,
      };
    default:
      return { symbols: ["−", y, " / ", a], terms: ["−", target, " / ", active], note };
  }
}

/**
 * Delta of an output or of a hidden neuron.
 * @param {Reading} reading
 * @param {number} l
 * @param {number} j
 * @returns {Formula}
 */
export function delta(reading, l, j) {
  const { cost, activations } = reading.topology;
  const activation = activations[l - 2];
  const top = l === reading.top;
  if (top && ((activation === "sigmoid" && cost === "cross_entropy") || (activation === "softmax" && cost === "log_likelihood")))
    return {
      symbols: [symbol("a", l, j), " − ", symbol("y", "", j)],
      terms: [v(reading.a(l, j)), " − ", p(reading.y(j))],
      note: t(activation === "softmax" ? "card-delta-softmax-likelihood" : "card-delta-cancelled"),
    };
  if (activation === "softmax") return softmax(reading, l, j);
  return {
    symbols: [symbol("∂C/∂a", l, j), " × ", symbol("σ"), "′(", symbol("z", l, j), ")"],
    terms: [product([d(reading.received(l, j)), p(reading.sigmaPrime(l, j))], true)],
    note: "",
  };
}

/** With softmax every output moves all the others. @param {Reading} reading @param {number} l @param {number} j @returns {Formula} */
function softmax(reading, l, j) {
  const n = reading.layers[l - 1];
  let mean = 0;
  for (let i = 1; i <= n; i++) mean += Number(reading.a(l, i)) * Number(reading.received(l, i));
  return {
    symbols: [symbol("a", l, j), "(", symbol("∂C/∂a", l, j), " − ", symbol("∑", "", "i"), symbol("a", l, "i"), symbol("∂C/∂a", l, "i"), ")"],
    terms: [v(reading.a(l, j)), " × (", d(reading.received(l, j)), `${BREAK} − `, ...inside(d(mean)), ")"],
    note: t("card-delta-softmax"),
  };
}
