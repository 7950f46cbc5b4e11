// How a number was changed by its step: the rule, with the numbers in it, where the numbers bear it out.

import { d, inside, p, v } from "./terms.js";
import { BREAK, symbol } from "./words.js";

/** @typedef {import("./words.js").Part} Part */
/** @typedef {import("./words.js").Symbol_} Symbol_ */
/** @typedef {{symbols: Part[], terms: Part[], by: string | null}} Rule `by`: the optimizer, where the rule is not written out */

/**
 * @param {object} step
 * @param {Symbol_} step.of the weight or bias
 * @param {Symbol_} step.slope its gradient
 * @param {number} step.before
 * @param {number | null} step.gradient the mean over the mini-batch
 * @param {number} step.after
 * @param {boolean} step.exact whether these are float64
 * @param {boolean} step.isWeight the penalty is on weights only
 * @param {import("../server/protocol.js").Topology} topology
 * @returns {Rule}
 */
export function rule({ of, slope, before, gradient, after, exact, isWeight }, { config, data }) {
  const { name, learning_rate: rate } = config.optimizer ?? {};
  const penalty = isWeight ? penaltyOf(config.regularization ?? {}, before, data.n_train) : null;
  const expected = gradient === null ? NaN : before - rate * (gradient + (penalty?.slope ?? 0));
  if (name === "sgd" && near(expected, after, before, exact)) return written(of, slope, before, Number(gradient), rate, penalty);
  return { symbols: [of, " + Δ", of], terms: [v(before), " + ", ...inside(v(after - before))], by: name === "sgd" ? null : name };
}

/**
 * @param {Symbol_} of @param {Symbol_} slope @param {number} before @param {number} gradient @param {number} rate
 * @param {{slope: number, symbols: Part[]} | null} penalty
 * @returns {Rule}
 */
function written(of, slope, before, gradient, rate, penalty) {
  const eta = symbol("η");
  if (!penalty) return { symbols: [of, " − ", eta, slope], terms: [v(before), " − ", p(rate), " × ", ...inside(d(gradient))], by: null };
  return {
    symbols: [of, " − ", eta, "(", slope, " + ", ...penalty.symbols, ")"],
    terms: [v(before), " − ", p(rate), " × (", d(gradient), `${BREAK} + `, ...inside(p(penalty.slope)), ")"],
    by: null,
  };
}

/**
 * @param {{name?: string, lambda?: number}} regularization
 * @param {number} w
 * @param {number} n training examples
 */
function penaltyOf({ name, lambda = 0 }, w, n) {
  if (name === "l2") return { slope: (lambda / n) * w, symbols: [symbol("λ"), "/", symbol("n"), " · ", symbol("w")] };
  return name === "l1" ? { slope: (lambda / n) * Math.sign(w), symbols: [symbol("λ"), "/", symbol("n"), " · sign(", symbol("w"), ")"] } : null;
}

/**
 * Settings may have changed since the step: then the numbers don't bear the rule out.
 * @param {number} expected @param {number} after @param {number} before @param {boolean} exact
 */
const near = (expected, after, before, exact) => Math.abs(expected - after) <= (exact ? 1e-14 : 1e-6) * (Math.abs(before) + Math.abs(after) + Math.abs(expected - before));
