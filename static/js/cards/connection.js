// The card of a connection: the three numbers that are so easily mixed up, and how the weight changes.

import { why } from "./card.js";
import { missOf } from "../matrix/misses.js";
import { notation } from "../words/notation.js";
import { d, product, v } from "../words/terms.js";
import { t } from "../words/texts.js";
import { rule } from "../words/update.js";
import { pair, symbol, written } from "../words/words.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./card.js").Line} Line */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../picture/pointing.js").ConnectionTarget} Target */

/** The symbols of a connection, as matrices are written now. @param {Target} target */
export const symbolsOf = ({ layer, j, k }) => ({
  w: symbol("w", layer, pair(...notation.order(j, k))),
  sender: symbol("B", layer, pair(...notation.order(k, j))),
  a: symbol("a", layer - 1, k),
  delta: symbol("δ", layer, j),
  slope: symbol("∂C/∂w", layer, pair(...notation.order(j, k))),
});

/**
 * @param {Target} target
 * @returns {Pick<Card, "title" | "label" | "who" | "kind">}
 */
export function headOf(target) {
  const { layer, j, k } = target;
  const given = { from: String(k), below: String(layer - 1), to: String(j), layer: String(layer) };
  return { title: [t("card-connection"), " ", symbolsOf(target).w], label: t("card-connection-label", given), who: t("card-connection-who", given), kind: "" };
}

/**
 * @param {Reading} reading
 * @param {Target} target
 * @returns {Card}
 */
export const connectionCard = (reading, target) => ({
  ...headOf(target),
  picture: null,
  note: "",
  sections: [
    { id: "values", title: "", lines: values(reading, target) },
    { id: "blame", title: t("card-blame"), lines: blames(reading, target) },
    { id: "learning", title: t("card-learning"), lines: learning(reading, target) },
  ],
});

/**
 * Once the step has changed it, a number in force is not the one that the step's equations are about.
 * @param {number | null} before @param {number | null} now
 */
export const used = (before, now) => (before === null || before === now ? "" : t("card-used", { before: written(v(before)) }));

/** @param {Reading} reading @param {Target} target @returns {Line[]} */
function values(reading, target) {
  const { layer, j, k } = target;
  const { w, delta, a } = symbolsOf(target);
  return [
    { id: "w", name: [w], value: v(reading.wNow(layer, j, k)), edit: "weight", note: used(reading.w(layer, j, k), reading.wNow(layer, j, k)) },
    { id: "delta", name: [delta], value: d(reading.delta(layer, j)), why: why(reading, "delta", layer) },
    { id: "a", name: [a], value: v(reading.a(layer - 1, k)), why: why(reading, "a", layer - 1) },
  ];
}

/** @param {Reading} reading @param {Target} target @returns {Line[]} */
function blames(reading, target) {
  const { layer, j, k } = target;
  const { w, sender, delta, a } = symbolsOf(target);
  const [weight, blamed, active] = [v(reading.w(layer, j, k)), d(reading.delta(layer, j)), v(reading.a(layer - 1, k))];
  const other = reading.hasFeedback(layer);
  return [
    {
      id: "sent", name: [t("word-sent")], symbols: [other ? sender : w, delta], value: d(reading.sent(layer, j, k)), main: true,
      terms: [product([other ? v(reading.sender(layer, j, k)) : weight, blamed], true)], why: why(reading, "sent", layer),
      note: other ? [t("card-feedback", { name: t(`option-feedback-${reading.topology.feedback}`) }), missOf(reading.seen, layer - 1)].filter(Boolean).join(" ") : "",
      told: other,
    },
    {
      id: "charged", name: [t("word-charged")], symbols: [a, delta], value: d(reading.charged(layer, j, k)), main: true,
      terms: [product([active, blamed], true)], why: why(reading, "charged", layer), check: "weight",
    },
    {
      id: "ledger", name: [t("word-ledger")], symbols: [a, w, delta], value: d(reading.ledger(layer, j, k)), main: true,
      terms: [product([active, weight, blamed], true)], why: why(reading, "ledger", layer),
    },
  ];
}

/** @param {Reading} reading @param {Target} target @returns {Line[]} */
function learning(reading, target) {
  const { layer, j, k } = target;
  const { w, slope } = symbolsOf(target);
  const [before, gradient, after] = [reading.w(layer, j, k), reading.nablaW(layer, j, k), reading.wAfter(layer, j, k)];
  const size = reading.seen.frame.batch.size;
  /** @type {Line} */
  const mean = { id: "nabla_w", name: [slope], value: d(gradient), why: why(reading, "charged", layer), note: t("card-mean-charged", { count: size }) };
  return [mean, updateLine(reading, { of: w, slope, before, gradient, after, layer, isWeight: true })];
}

/**
 * How the step changes a weight or a bias.
 * @param {Reading} reading
 * @param {{of: import("../words/words.js").Symbol_, slope: import("../words/words.js").Symbol_, before: number | null, gradient: number | null,
 *   after: number | null, layer: number, isWeight: boolean}} step
 * @returns {Line}
 */
export function updateLine(reading, { of, slope, before, gradient, after, layer, isWeight }) {
  const name = [t("card-new"), " ", of];
  if (before === null || after === null) return { id: "update", name, value: v(null), why: why(reading, "after", layer) };
  const exact = reading.exact.get(layer)?.[isWeight ? "w_after" : "b_after"] !== undefined;
  const { symbols, terms, by } = rule({ of, slope, before, gradient, after, exact, isWeight }, reading.topology);
  return { id: "update", name, symbols, terms, value: v(after), main: true, note: by ? t("card-by-optimizer", { name: by }) : "" };
}

