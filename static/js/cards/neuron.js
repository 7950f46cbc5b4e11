// The card of a neuron: what it adds up and answers, what it is sent and passes on, and how its bias changes.

import { why } from "./card.js";
import { updateLine, used } from "./connection.js";
import { missOf } from "../matrix/misses.js";
import { notation } from "../words/notation.js";
import * as output from "../words/output-error.js";
import { d, IN_LINE, inside, known, p, rowsOf, sum, v } from "../words/terms.js";
import { has, t } from "../words/texts.js";
import { pair, symbol } from "../words/words.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./card.js").Line} Line */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../picture/pointing.js").NeuronTarget} Target */
/** @typedef {import("../words/words.js").Part} Part */

/**
 * @param {Reading} reading
 * @param {Target} target
 * @returns {Pick<Card, "title" | "label" | "who" | "kind">}
 */
export function headOf({ topology, top }, { layer, j }) {
  const label = t("card-neuron", { j: String(j), layer: String(layer) });
  const name = layer === top ? topology.data.classes?.[j - 1] : layer === 1 ? topology.data.feature_names?.[j - 1] : "";
  const kind = layer === 1 ? t("card-input") : t(`option-activation-${topology.activations[layer - 2]}`);
  return { title: [label], label, who: name && topology.layers[layer - 1] > 1 ? t(layer === 1 ? "card-feature" : "card-class", { name }) : "", kind };
}

/**
 * @param {Reading} reading
 * @param {Target} target
 * @returns {Card}
 */
export function neuronCard(reading, target) {
  const { layer, j } = target;
  const head = { ...headOf(reading, target), picture: pictureOf(reading, target), note: "" };
  if (layer === 1)
    return { ...head, sections: [{ id: "values", title: "", lines: [inputLine(reading, j)] }, { id: "blame", title: t("card-blame"), lines: [receivedLine(reading, 1, j)] }] };
  return {
    ...head,
    sections: [
      { id: "forward", title: t("card-forward"), lines: forward(reading, layer, j) },
      { id: "blame", title: t("card-blame"), lines: blames(reading, layer, j) },
      { id: "learning", title: t("card-learning"), lines: learning(reading, layer, j) },
    ],
  };
}

/** @param {Reading} reading @param {number} j @returns {Line} */
const inputLine = (reading, j) => ({ id: "a", name: [symbol("a", 1, j)], symbols: [symbol("x", "", j)], value: v(reading.a(1, j)), main: true });

/**
 * A sum of products: up to three in one equation, more in a table.
 * @param {{name: string, factors: import("../words/words.js").Value[], product: import("../words/words.js").Value}[]} all
 * @param {Part[][]} head
 * @returns {Pick<Line, "terms" | "table">}
 */
function added(all, head) {
  const products = all.map(({ factors }) => factors);
  if (all.length <= IN_LINE) return known(products) ? { terms: sum(products) } : {};
  return { table: { head, rows: rowsOf(all.map(({ name, factors, product: last }) => ({ name, cells: [...factors, last] }))) } };
}

/** @param {number} n @returns {number[]} 1 to n */
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

/** @param {Reading} reading @param {number} l @param {number} j @returns {Line[]} */
function forward(reading, l, j) {
  const [w, a, b] = [symbol("w", l, pair(...notation.order(j, "k"))), symbol("a", l - 1, "k"), symbol("b", l, j)];
  const all = upTo(reading.layers[l - 2]).map((k) => {
    const [weight, active] = [reading.w(l, j, k), reading.a(l - 1, k)];
    return { name: String(k), factors: [v(weight), v(active)], product: v(weight === null || active === null ? null : weight * active) };
  });
  const { terms, table } = added(all, [[symbol("k")], [w], [a], [t("card-product")]]);
  const bias = v(reading.b(l, j));
  return [
    {
      id: "z", name: [symbol("z", l, j)], symbols: [symbol("∑", "", "k"), w, a, " + ", b], value: v(reading.z(l, j)), why: why(reading, "z", l), main: true,
      terms: terms && [...terms, " + ", ...inside(bias)],
      table: table && { ...table, more: [{ name: [b], value: bias }] },
    },
    { id: "b", name: [b], value: v(reading.bNow(l, j)), edit: "bias", note: used(reading.b(l, j), reading.bNow(l, j)) },
    { id: "a", name: [symbol("a", l, j)], ...answer(reading, l, j), value: v(reading.a(l, j)), why: why(reading, "a", l), main: true },
  ];
}

/** @param {Reading} reading @param {number} l @param {number} j @returns {Pick<Line, "symbols" | "terms" | "note">} */
function answer(reading, l, j) {
  const name = reading.topology.activations[l - 2];
  const note = t(`option-activation-${name}-about`);
  const z = symbol("z", l, j);
  if (name === "softmax") return { symbols: ["softmax(", symbol("z", l), ")"], note };
  return { symbols: [symbol("σ"), "(", z, ")"], terms: [`${t(`option-activation-${name}`).replace(" ", "\u00a0")}(`, v(reading.z(l, j)), ")"], note };
}

/** @param {Reading} reading @param {number} l @param {number} j @returns {Line[]} */
function blames(reading, l, j) {
  const formula = output.delta(reading, l, j);
  /** @type {Line} */
  const passed = {
    id: "delta", name: [symbol("δ", l, j)], symbols: formula.symbols, terms: formula.terms, note: formula.note,
    value: d(reading.delta(l, j)), why: why(reading, "delta", l), check: "bias", main: true,
  };
  const gate = reading.topology.activations[l - 2] === "softmax" ? [] : [gateLine(reading, l, j)];
  return [...(l === reading.top ? [targetLine(reading, j)] : []), receivedLine(reading, l, j), ...gate, passed];
}

/** @param {Reading} reading @param {number} j @returns {Line} */
const targetLine = (reading, j) => ({ id: "y", name: [symbol("y", "", j)], symbols: [t("word-target")], value: p(reading.y(j)) });

/** @param {Reading} reading @param {number} l @param {number} k @returns {Line} */
function receivedLine(reading, l, k) {
  const name = [symbol("∂C/∂a", l, k)];
  if (l === reading.top) {
    const { symbols, terms, note } = output.costSlope(reading, l, k);
    const received = reading.received(l, k);
    const overflow = reading.reached("received", l) && received === null ? t("card-received-overflows") : "";
    return { id: "received", name, symbols, terms, note, value: d(received), why: why(reading, "received", l) || overflow, check: "activation", main: true };
  }
  return { id: "received", name, ...sentHere(reading, l, k), check: "activation", main: true };
}

/**
 * What the neurons above send to neuron k, added up.
 * @param {Reading} reading @param {number} l @param {number} k
 * @returns {Pick<Line, "symbols" | "terms" | "table" | "value" | "why" | "note" | "told">}
 */
function sentHere(reading, l, k) {
  const other = reading.hasFeedback(l + 1);
  const w = other ? symbol("B", l + 1, pair(...notation.order(k, "j"))) : symbol("w", l + 1, pair(...notation.order("j", k)));
  const delta = symbol("δ", l + 1, "j");
  const all = upTo(reading.layers[l]).map((j) => ({
    name: String(j), factors: [v(reading.sender(l + 1, j, k)), d(reading.delta(l + 1, j))], product: d(reading.sent(l + 1, j, k)),
  }));
  const unknown = l === 1 ? why(reading, "sent", 2) : why(reading, "received", l);
  // Nothing is sent to the inputs, which learn nothing: what they would be sent is only added up here.
  const total = l === 1 ? all.reduce((so, { product: one }) => so + Number(one.value), 0) : reading.received(l, k);
  const notes = [l === 1 ? t("card-would-be-sent") : "", other ? t("card-feedback", { name: t(`option-feedback-${reading.topology.feedback}`) }) : "", other ? missOf(reading.seen, l) : ""];
  return {
    symbols: [symbol("∑", "", "j"), w, delta],
    ...added(all, [[symbol("j")], [w], [delta], [t("word-sent")]]),
    value: d(unknown ? null : total), why: unknown, note: notes.filter(Boolean).join(" "), told: other,
  };
}

/** @param {Reading} reading @param {number} l @param {number} j @returns {Line} */
function gateLine(reading, l, j) {
  const name = reading.topology.activations[l - 2];
  const [a, z] = [symbol("a", l, j), symbol("z", l, j)];
  const active = v(reading.a(l, j));
  /** @type {Record<string, Pick<Line, "symbols" | "terms">>} */
  const formulas = {
    tanh: { symbols: ["1 − (", a, ")", symbol("", 2)], terms: ["1 − (", active, ")", symbol("", 2)] },
    sigmoid: { symbols: [a, "(1 − ", a, ")"], terms: [active, " × (1 − ", active, ")"] },
    linear: { symbols: ["1"] },
  };
  const note = has(`card-gate-${name}`) ? t(`card-gate-${name}`) : "";
  return { id: "sigma_prime", name: [symbol("σ"), "′(", z, ")"], ...(formulas[name] ?? {}), note, value: p(reading.sigmaPrime(l, j)), why: why(reading, "sigmaPrime", l), main: true, open: reading.sigmaPrime(l, j) };
}

/** @param {Reading} reading @param {number} l @param {number} j @returns {Line[]} */
function learning(reading, l, j) {
  const [b, slope] = [symbol("b", l, j), symbol("∂C/∂b", l, j)];
  const gradient = reading.nablaB(l, j);
  const mean = { id: "nabla_b", name: [slope], value: d(gradient), why: why(reading, "charged", l), note: t("card-mean-delta", { count: reading.seen.frame.batch.size }) };
  if (reading.topology.config.train_biases === false) return [{ ...mean, note: t("card-biases-fixed") }];
  return [mean, updateLine(reading, { of: b, slope, before: reading.b(l, j), gradient, after: reading.bAfter(l, j), layer: l, isWeight: false })];
}

/**
 * A neuron that looks at an image: its incoming weights, laid out as the image.
 * @param {Reading} reading
 * @param {Target} target
 * @returns {import("./card.js").Picture | null}
 */
function pictureOf(reading, { layer, j }) {
  const shape = reading.topology.data.image_shape;
  if (layer !== 2 || !shape || shape[0] * shape[1] !== reading.layers[0]) return null;
  const numbers = upTo(reading.layers[0]).map((k) => Number(reading.wNow(2, j, k)));
  return { rows: shape[0], columns: shape[1], numbers, label: t("card-weights-image") };
}

