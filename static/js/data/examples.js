// Examples to choose from, as the server lists them: what is asked for, what is said of each, and when it is out of date.

import { number, short } from "../words/format.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../server/protocol.js").Topology} Topology */
/** @typedef {"batch" | "all" | "test"} Part */
/** @typedef {"index" | "misclassified" | "cost"} Order */
/**
 * A page of the list: columns, one entry for each example.
 * @typedef {object} Page
 * @property {Part | "train"} part
 * @property {number} total examples of the part
 * @property {number} examined how many of them the network was asked about
 * @property {number | null} wrong of the examined; null for regression
 * @property {number} step whose result the network is
 * @property {number[]} index
 * @property {boolean[]} train
 * @property {number[][] | null} inputs
 * @property {number[][]} targets
 * @property {(number | null)[]} labels
 * @property {(number | null)[]} predicted
 * @property {(boolean | null)[]} right
 * @property {(number | null)[]} cost
 * @property {(number | null)[]} added_after
 */
/**
 * @typedef {object} Example
 * @property {number} index row of the data set
 * @property {boolean} train
 * @property {number[] | null} inputs
 * @property {number[]} targets
 * @property {number[] | null} outputs the network's, for regression
 * @property {number | null} label
 * @property {number | null} predicted
 * @property {boolean | null} right
 * @property {number | null} cost null: not finite
 * @property {number | null} addedAfter the step after which it was added; null: it is the data set's own
 */

/** So many are asked for at a time. */
export const PAGE = 60;
/** So many inputs of an example are written in its row; of more, the first few. */
const WRITTEN = 4;

/** @param {Part} part @param {Order} order @param {number} offset */
export const query = (part, order, offset) => `/examples?part=${part}&order=${order}&offset=${offset}&limit=${PAGE}`;

/**
 * @param {Page} page
 * @param {number[][] | null} outputs of the network, where they are wanted
 * @returns {Example[]}
 */
export const rows = (page, outputs) =>
  page.index.map((index, i) => ({
    index,
    train: page.train[i],
    inputs: page.inputs?.[i] ?? null,
    targets: page.targets[i],
    outputs: outputs?.[i] ?? null,
    label: page.labels[i],
    predicted: page.predicted[i],
    right: page.right[i],
    cost: page.cost[i],
    addedAfter: page.added_after[i],
  }));

/** The step whose result the network is. @param {import("../server/protocol.js").Frame} frame */
export const resultOf = ({ cursor }) => (cursor.phase === "update" || cursor.phase === "start" ? cursor.step : cursor.step - 1);

/**
 * What a list depends on, as far as a frame tells: it is out of date where this is not what it was.
 * @param {Seen} seen
 * @param {Part} part
 */
export function dependsOn({ frame, topology }, part) {
  const { cursor, cost } = frame;
  return `${resultOf(frame)}/${cost.train}/${topology.data.examples_tag}${part === "batch" ? `/${cursor.step}` : ""}`;
}

/** How many examples a part has. @param {Seen} seen @param {Part} part */
export function countOf({ frame, topology: { data } }, part) {
  return part === "batch" ? frame.batch.size : part === "test" ? data.n_test : data.n_train + data.n_test;
}

/** The name of a class. @param {Topology} topology @param {number} label from 0 */
export function className({ data, layers }, label) {
  if (data.classes) return data.classes[label];
  // Each class has its output, which the picture numbers from 1; one output tells 0 from 1.
  return (layers.at(-1) ?? 1) > 1 ? t("example-output", { j: String(label + 1) }) : t("example-class", { label: String(label) });
}

/** How many are wrong, or of when the costs are. @param {Page} page */
export function summary({ wrong, examined, total, step }) {
  if (total === 0) return t("examples-none");
  if (wrong === null) return t("examples-costs", { count: total, step });
  return t(examined < total ? "examples-wrong-first" : "examples-wrong", { wrong, count: examined, step });
}

/** Numbers of an example as a list in brackets; of many the first few. @param {number[]} numbers */
export function listed(numbers) {
  const shown = numbers.length > WRITTEN ? numbers.slice(0, WRITTEN - 1) : numbers;
  const text = shown.map(short).join(", ");
  return numbers.length === 1 ? text : `(${text}${shown.length < numbers.length ? ", …" : ""})`;
}

/** What an example should give, in a word or two. @param {Example} example @param {Topology} topology */
export const wanted = (example, topology) =>
  example.label === null ? `y = ${listed(example.targets)}` : className(topology, example.label);

/** What the network says of it; empty: nothing is known. @param {Example} example @param {Topology} topology */
export function answer(example, topology) {
  if (example.predicted !== null) return className(topology, example.predicted);
  return example.outputs ? listed(example.outputs) : "";
}

/** @param {Example} example */
export const costOf = ({ cost }) => (cost === null ? t("number-not-finite") : number(cost));

/**
 * The whole of it in one sentence, for who does not see it.
 * @param {Example} example @param {Topology} topology @param {boolean} onView
 */
export function spoken(example, topology, onView) {
  const said = { row: String(example.index), wanted: wanted(example, topology), answer: answer(example, topology), cost: costOf(example) };
  const what = example.right === null ? t("example-spoken-number", said) : t("example-spoken", { ...said, right: example.right ? "yes" : "no" });
  const where = example.inputs && example.inputs.length <= WRITTEN ? [`x = ${listed(example.inputs)}`] : [];
  return [what, ...where, ...notes(example), ...(onView ? [t("example-on-view")] : [])].join("; ");
}

/** What is special about it. @param {Example} example */
export const notes = ({ train, addedAfter }) => [
  ...(addedAfter === null ? [] : [t("example-added", { step: addedAfter })]),
  ...(train ? [] : [t("example-test")]),
];
