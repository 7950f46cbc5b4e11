// One exact sentence for every phase, with the numbers of the step on view; the file of texts has its words.

import * as equations from "./equations.js";
import { number, percent, short } from "./format.js";
import { charged, ledger, sent } from "../server/protocol.js";
import { say } from "./texts.js";
import { blame, plain, strong, value } from "./words.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./words.js").Part} Part */
/** @typedef {{sentence: Part[], equation: Part[]}} Said */

/** More answers than these are not told. */
const ANSWERS = 3;

/**
 * The position of the largest size.
 * @param {ArrayLike<number>} numbers
 */
export function largest(numbers) {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (Math.abs(numbers[i]) > Math.abs(numbers[best])) best = i;
  return best;
}

/** @param {Seen} seen */
const depth = ({ topology }) => topology.layers.length;

/** @param {Seen} seen @param {number} l from 1 */
const layerOf = ({ frame }, l) => frame.layers[l - 1];

/**
 * What a neuron is called: by its class if it has one of its own.
 * @param {Seen} seen @param {number} l @param {number} j from 0 @param {boolean} [first] of a sentence
 * @returns {Part[]}
 */
function named(seen, l, j, first = true) {
  const { classes } = seen.topology.data;
  const { layers } = seen.topology;
  const names = { j: String(j + 1), layer: String(l) };
  if (l !== layers.length || !classes || classes.length !== layers[l - 1]) return say(first ? "neuron-of-layer-first" : "neuron-of-layer", names);
  const named = { ...names, name: classes[j] };
  // A class that is a number other than the neuron's own would be taken for an index: "output 7" is neuron 8.
  if (/^\d+$/.test(classes[j])) return say(first ? "output-with-number-first" : "output-with-number", named);
  return say(first ? "output-first" : "output", named);
}

/**
 * What the network makes of the example: `null` where there are no classes.
 * @param {Seen} seen
 * @returns {{right: string, taken: string, is: boolean} | null}
 */
function verdict(seen) {
  const { classes } = seen.topology.data;
  const a = layerOf(seen, depth(seen)).a;
  const { label } = seen.frame.example;
  if (!classes || label === null || !a) return null;
  const guess = a.length === 1 ? Number(a[0] >= 0.5) : a.reduce((best, x, i) => (x > a[best] ? i : best), 0);
  return { right: classes[label] ?? String(label), taken: classes[guess] ?? String(guess), is: guess === label };
}

/** @param {Seen} seen @returns {Part[]} how an image was taken, as a sentence before another */
function opening(seen) {
  const found = seen.topology.data.image_shape ? verdict(seen) : null;
  if (!found) return [];
  const [what, how] = [seen.topology.data.name === "digits" ? "digit" : "image", found.is ? "right" : "wrong"];
  return [...say(`sentence-${what}-${how}`, { right: found.right, taken: found.taken }), " "];
}

/** @param {Part[][]} parts one after the other, as a list is spoken @returns {Part[]} */
function listed(parts) {
  const several = parts.length > ANSWERS ? [...parts.slice(0, ANSWERS), say("list-rest", { count: parts.length - ANSWERS })] : parts;
  return several.reduce((before, next, i) => say(i === several.length - 1 ? "list-last" : "list-next", { before, next }));
}

/** @param {Seen} seen @returns {Said} */
function start(seen) {
  const { batch_size: size } = seen.topology.config;
  const { cursor, frame: { cost } } = seen;
  const equation = [...equations.weightedInput(), "\u2003", ...say("equation-next", { layer: "2" })];
  if (cursor.step > 0) return { sentence: say("sentence-before-step", { step: String(cursor.step + 1) }), equation };
  const n = seen.topology.data.n_train;
  const waiting = say("sentence-start", { count: n, size: Math.min(size, n) });
  return { sentence: cost.train === null ? waiting : [...waiting, " ", ...startCost(cost.train, cost.of, n)], equation };
}

/** @param {number} cost @param {number} of how many of the examples @param {number} n @returns {Part[]} */
const startCost = (cost, of, n) => (of < n ? say("sentence-start-cost-of", { cost: plain(cost), count: of }) : say("sentence-start-cost", { cost: plain(cost) }));

/** @param {Seen} seen @param {number} l @returns {Said} */
function feedforward(seen, l) {
  const { a, z } = layerOf(seen, l);
  if (!a || !z) return silence;
  if (l === depth(seen)) return answer(seen, l, a);
  const j = largest(a);
  return {
    sentence: say("sentence-feedforward", { layer: String(l), below: String(l - 1), j: String(j + 1), a: value(a[j]) }),
    equation: equations.activation(seen, l, j),
  };
}

/** @param {Seen} seen @param {number} l @param {Float32Array} a @returns {Said} */
function answer(seen, l, a) {
  const equation = equations.activation(seen, l, largest(a));
  const found = verdict(seen);
  if (found) return { sentence: say(found.is ? "sentence-answer-right" : "sentence-answer-wrong", { right: found.right, taken: found.taken }), equation };
  const { y } = seen.frame.example;
  const answers = listed([...a].map((x) => [value(x)]));
  const targets = listed([...y].map((x) => [strong(short(x))]));
  return { sentence: say("sentence-answer", { count: a.length, answers, targets }), equation };
}

/** @param {Seen} seen @returns {Said} */
function cost(seen) {
  const { example, batch } = seen.frame;
  const top = layerOf(seen, depth(seen));
  if (example.cost === null || !top.a) return silence;
  const costs = batch.costs && example.position !== null ? batch.costs : null;
  const own = costs ? costs[Number(example.position)] : 0;
  const higher = costs?.filter((c) => c > own).length;
  const rank = batch.size < 2 ? "only" : higher === 0 ? "highest" : higher === batch.size - 1 ? "lowest" : "between";
  const given = { cost: strong(number(example.cost)), rank };
  const mean = batch.size > 1 && typeof batch.cost === "number" ? strong(number(batch.cost)) : null;
  return {
    sentence: mean ? say("sentence-cost-mean", { ...given, mean, count: batch.size }) : say("sentence-cost", given),
    equation: equations.cost(seen, example.cost),
  };
}

/** @param {Seen} seen @param {number} l @returns {Said} */
function outputError(seen, l) {
  const { a, delta } = layerOf(seen, l);
  const { y } = seen.frame.example;
  if (!a || !delta) return silence;
  const j = largest(delta);
  const off = a[j] > y[j] ? "high" : a[j] < y[j] ? "low" : "right";
  return {
    sentence: say("sentence-output-error", {
      who: named(seen, l, j), a: value(a[j]), y: strong(short(y[j])), off, delta: blame(delta[j]), count: delta.length,
    }),
    equation: equations.outputDelta(seen, l, j),
  };
}

/** @param {Seen} seen @param {number} l the receiving layer @returns {Said} */
function sendBack(seen, l) {
  const above = layerOf(seen, l + 1);
  const [n, m] = [seen.topology.layers[l - 1], seen.topology.layers[l]];
  const { received } = layerOf(seen, l);
  if (!above.delta || !received || (!above.w && !above.feedback)) return silence;
  let [j, k] = [0, 0];
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++)
      if (Math.abs(sent(above, n, row, column)) > Math.abs(sent(above, n, j, k))) [j, k] = [row, column];
  const most = sent(above, n, j, k);
  const names = { who: named(seen, l + 1, j), sent: blame(most), k: String(k + 1), layer: String(l), above: String(l + 1) };
  return {
    sentence: [...opening(seen), ...say(most === 0 ? "sentence-send-back-nothing" : "sentence-send-back", names)],
    equation: equations.sum(seen, l, k, received[k]),
  };
}

/** @param {Seen} seen @param {number} l @returns {Said} */
function gate(seen, l) {
  const { received, sigmaPrime, delta } = layerOf(seen, l);
  if (!received || !sigmaPrime || !delta) return silence;
  const k = largest(received);
  const open = sigmaPrime[k];
  const how = received[k] === 0 ? "nothing" : open === 0 ? "shut" : open < 0 ? "turned" : open < 0.5 ? "narrow" : "open";
  const names = { k: String(k + 1), layer: String(l), received: blame(received[k]), open: strong(percent(open)), delta: blame(delta[k]) };
  return {
    sentence: [...opening(seen), ...say(`sentence-gate-${how}`, names)],
    equation: equations.gate(seen, l, k),
  };
}

/** @param {Seen} seen @param {number} l @returns {Said} */
function gradient(seen, l) {
  const [above, below] = [layerOf(seen, l), layerOf(seen, l - 1)];
  if (!above.delta || !below.a) return silence;
  const [j, k] = [largest(above.delta), largest(below.a)];
  const mean = above.nablaW ? above.nablaW[j * below.a.length + k] : null;
  const most = charged(above, below, j, k);
  const equation = equations.charge(seen, l, j, k);
  if (most === 0) return { sentence: say("sentence-gradient-nothing", { layer: String(l) }), equation };
  const names = { k: String(k + 1), below: String(l - 1), who: named(seen, l, j, false), charged: blame(most) };
  if (mean === null || seen.frame.batch.size < 2) return { sentence: say("sentence-gradient", names), equation };
  return { sentence: say("sentence-gradient-mean", { ...names, mean: blame(mean) }), equation };
}

/** @param {Seen} seen @returns {Said} */
function update(seen) {
  const { cursor, cost: costs, playing, epoch } = seen.frame;
  if (playing) return { sentence: say("sentence-training", { step: String(cursor.step), epoch: String(epoch) }), equation: equations.rule(seen) };
  const step = String(cursor.step);
  const found = largestChange(seen);
  if (!found) return { sentence: say("sentence-update", { step }), equation: equations.rule(seen) };
  const { l, j, k, before, after } = found;
  if (before === after) return { sentence: say("sentence-update-nothing", { step }), equation: equations.rule(seen) };
  const changed = say("sentence-update-most", { step, k: String(k + 1), below: String(l - 1), who: named(seen, l, j, false), before: value(before), after: value(after) });
  return {
    sentence: costs.train === null ? changed : [...changed, " ", ...say("sentence-update-cost", { cost: plain(costs.train) })],
    equation: equations.change(seen, found),
  };
}

/** @param {Seen} seen */
function largestChange(seen) {
  let best = null;
  for (let l = 2; l <= depth(seen); l++) {
    const { w, wAfter, nablaW } = layerOf(seen, l);
    const n = seen.topology.layers[l - 2];
    if (!w || !wAfter || !seen.frame.weightsFresh) return null;
    for (let at = 0; at < w.length; at++) {
      const size = Math.abs(wAfter[at] - w[at]);
      if (!best || size > best.size)
        best = { size, l, j: Math.floor(at / n), k: at % n, before: w[at], after: wAfter[at], nabla: nablaW ? nablaW[at] : null };
    }
  }
  return best;
}

/** What a connection has in the ledger, where that is what connections show. @param {Seen} seen @param {number} l @returns {Said | null} */
function entry(seen, l) {
  const [above, below] = [layerOf(seen, l), layerOf(seen, l - 1)];
  if (!above?.delta || !above.w || !below.a || !seen.reached("ledger", l)) return null;
  const [n, m] = [below.a.length, above.delta.length];
  const entries = Array.from({ length: m * n }, (_, at) => ledger(above, below, Math.floor(at / n), at % n));
  const at = largest(entries);
  const [j, k] = [Math.floor(at / n), at % n];
  return {
    sentence: say("sentence-ledger", { k: String(k + 1), below: String(l - 1), who: named(seen, l, j, false), ledger: blame(entries[at]) }),
    equation: equations.entry(seen, l, j, k),
  };
}

/** @type {Said} */
const silence = { sentence: [], equation: [] };

/**
 * What is said at the cursor.
 * @param {Seen} seen
 * @param {import("../picture/quantities.js").Kind} [shows] what connections show
 * @returns {Said}
 */
export function describe(seen, shows) {
  const { phase, layer } = seen.cursor;
  const l = layer ?? depth(seen);
  if (shows === "ledger" && (phase === "send_back" || phase === "gradient")) {
    const said = entry(seen, phase === "gradient" ? l : l + 1);
    if (said) return said;
  }
  switch (phase) {
    case "feedforward":
      return feedforward(seen, l);
    case "cost":
      return cost(seen);
    case "output_error":
      return outputError(seen, l);
    case "send_back":
      return sendBack(seen, l);
    case "gate":
      return gate(seen, l);
    case "gradient":
      return gradient(seen, l);
    case "update":
      return update(seen);
    default:
      return start(seen);
  }
}
