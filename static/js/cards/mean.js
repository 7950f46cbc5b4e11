// The other side of a card: the mean over the mini-batch, with the term of each example.

import { why } from "./card.js";
import * as connectionCards from "./connection.js";
import * as neuronCards from "./neuron.js";
import { d, mean, p, rowsOf, v } from "../words/terms.js";
import { t } from "../words/texts.js";
import { symbol, written } from "../words/words.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./card.js").Line} Line */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../words/words.js").Part} Part */
/** @typedef {import("../words/words.js").Value} Value */
/**
 * What the server says of one connection or neuron, example by example.
 * @typedef {object} Contributions
 * @property {"connection" | "neuron"} what
 * @property {number} of examples in the mini-batch
 * @property {number} listed
 * @property {({position: number, index: number} & Record<string, number | null>)[]} examples
 * @property {Record<string, number | null>} mean
 */
/** @typedef {(x: number | null) => Value} Kind */

/**
 * @param {Reading} reading
 * @param {import("../picture/pointing.js").Target} target
 * @param {Contributions | null} given null: not to be had now
 * @returns {Card}
 */
export function meanCard(reading, target, given) {
  const head = target.kind === "connection" ? connectionCards.headOf(target) : neuronCards.headOf(reading, target);
  if (!given) return { ...head, picture: null, sections: [], note: noBatch(reading) };
  const lines = target.kind === "connection" ? connection(reading, target, given) : neuron(reading, target, given);
  const note = given.listed < given.of ? t("card-listed", { count: given.listed }) : "";
  return { ...head, picture: null, note, sections: [{ id: "means", title: t("card-means", { count: given.of }), lines }] };
}

/** @param {Reading} reading */
function noBatch({ seen: { frame } }) {
  if (frame.cursor.step === 0) return t("card-no-batch-yet");
  return t(frame.playing ? "card-batch-at-rest" : "card-batch-reading");
}

/** @param {Reading} reading @param {import("../picture/pointing.js").ConnectionTarget} target @param {Contributions} given @returns {Line[]} */
function connection(reading, target, given) {
  const { a, delta, slope, w, sender } = connectionCards.symbolsOf(target);
  const { layer } = target;
  const charged = table(given, [["a", v, a], ["delta", d, delta], ["charged", d, t("word-charged")]]);
  const products = Number(given.mean.a) * Number(given.mean.delta);
  return [
    line(reading, given, { id: "charged", name: [slope], symbols: [a, delta], quantity: "charged", layer, kind: d, table: charged, check: "weight" }),
    plain(reading, given, { id: "a", name: [a], quantity: "a", layer: layer - 1, kind: v }),
    {
      ...plain(reading, given, { id: "delta", name: [delta], quantity: "delta", layer, kind: d }),
      note: reading.reached("charged", layer) ? t("card-mean-of-products", { product: written(d(products)) }) : "",
    },
    plain(reading, given, { id: "sent", name: [t("word-sent"), " ", reading.hasFeedback(layer) ? sender : w, delta], quantity: "sent", layer, kind: d }),
  ];
}

/** @param {Reading} reading @param {import("../picture/pointing.js").NeuronTarget} target @param {Contributions} given @returns {Line[]} */
function neuron(reading, { layer, j }, given) {
  const a = symbol("a", layer, j);
  const activations = table(given, [["a", v, a]]);
  if (layer === 1) return [line(reading, given, { id: "a", name: [a], symbols: [a], quantity: "a", layer, kind: v, table: activations })];
  const [received, delta] = [symbol("∂C/∂a", layer, j), symbol("δ", layer, j)];
  const softmax = given.examples.every((one) => one.sigma_prime === null);
  const gate = /** @type {[string, Kind, Part]} */ (["sigma_prime", p, "σ′"]);
  const deltas = table(given, [["received", d, layer === reading.top ? "∂C/∂a" : t("word-sent")], ...(softmax ? [] : [gate]), ["delta", d, delta]]);
  return [
    line(reading, given, { id: "delta", name: [symbol("∂C/∂b", layer, j)], symbols: [delta], quantity: "charged", layer, kind: d, table: deltas, check: "bias" }),
    plain(reading, given, { id: "received", name: [received], quantity: "received", layer, kind: d }),
    plain(reading, given, { id: "a", name: [a], quantity: "a", layer, kind: v }),
    plain(reading, given, { id: "z", name: [symbol("z", layer, j)], quantity: "z", layer, kind: v }),
  ];
}

/**
 * @param {Contributions} given
 * @param {[string, Kind, Part][]} columns the last one is what is averaged
 * @returns {import("./card.js").Table}
 */
function table({ examples }, columns) {
  const rows = rowsOf(examples.map((one) => ({ name: String(one.position + 1), cells: columns.map(([name, kind]) => kind(one[name])) })));
  return { head: [[t("card-example")], ...columns.map(([, , symbol_]) => [symbol_])], rows };
}

/**
 * @param {Reading} reading
 * @param {Contributions} given
 * @param {{id: string, name: Part[], symbols: Part[], quantity: import("../phases.js").Quantity, layer: number, kind: Kind,
 *   table: import("./card.js").Table, check?: import("./card.js").Nudged}} of
 * @returns {Line}
 */
function line(reading, given, { id, name, symbols, quantity, layer, kind, table: rows, check }) {
  const unknown = why(reading, quantity, layer);
  const terms = rows.rows.rows.map(({ cells }) => cells[cells.length - 1]);
  return {
    id, name, symbols: ["1/", symbol("m"), " ", symbol("∑", "", "x"), ...symbols], main: true, why: unknown, check,
    terms: unknown ? undefined : mean([...terms].sort((x, y) => Math.abs(Number(y.value)) - Math.abs(Number(x.value))), given.of),
    table: unknown ? undefined : rows, value: kind(unknown ? null : given.mean[id]),
  };
}

/**
 * @param {Reading} reading
 * @param {Contributions} given
 * @param {{id: string, name: Part[], quantity: import("../phases.js").Quantity, layer: number, kind: Kind}} of
 * @returns {Line}
 */
function plain(reading, given, { id, name, quantity, layer, kind }) {
  const unknown = why(reading, quantity, layer);
  return { id, name, symbols: [t("card-mean")], value: kind(unknown ? null : given.mean[id]), why: unknown };
}
