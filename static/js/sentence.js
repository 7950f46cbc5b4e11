// One exact sentence and one equation for every phase, with the numbers of the step on view.

import { number, percent, short } from "./format.js";
import { charged, sent } from "./protocol.js";
import { accent, blame, captioned, pair, plain, strong, symbol, term, value } from "./words.js";

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {import("./words.js").Part} Part */
/** @typedef {{sentence: Part[], equation: Part[]}} Said */

/** More terms than these are not written out. */
const TERMS = 3;

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
  if (l === layers.length && classes && classes.length === layers[l - 1])
    // A class that is a number other than the neuron's own would be taken for an index: "output 7" is neuron 8.
    return [first ? "Output " : "output ", strong(classes[j]), ...(/^\d+$/.test(classes[j]) ? [` (neuron ${j + 1})`] : [])];
  return [first ? "Neuron " : "neuron ", strong(j + 1), ` of layer ${l}`];
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

/** @param {Seen} seen @returns {Part[]} how an image was taken, as the beginning of a sentence */
function opening(seen) {
  const found = seen.topology.data.image_shape ? verdict(seen) : null;
  if (!found) return [];
  const article = (/** @type {string} */ name) => (/^(8|11|18|[aeiou])/i.test(name) ? "an " : "a ");
  const right = [article(found.right)[0] === "a" ? "A handwritten " : "", strong(found.right)];
  return found.is ? [...right, ", rightly taken for one. "] : [...right, `, taken for ${article(found.taken)}`, strong(found.taken), ". "];
}

/** @param {Seen} seen @returns {Said} */
function start(seen) {
  const { batch_size: size } = seen.topology.config;
  const { cursor, frame: { cost } } = seen;
  const equation = [...weightedInput("l"), "\u2003next, for layer 2"];
  if (cursor.step === 0)
    return {
      sentence: [
        "Before the first step: ", strong(seen.topology.data.n_train), " training examples are waiting, ",
        strong(Math.min(size, seen.topology.data.n_train)), " for each step.",
        ...(cost.train === null ? [] : [" Their cost is ", plain(cost.train), "."]),
      ],
      equation,
    };
  return { sentence: ["Paused before step ", strong(cursor.step + 1), "."], equation };
}

/** @param {string} l @returns {Part[]} */
const weightedInput = (l) => [
  symbol("a", l), " = ", symbol("σ"), "(", symbol("w", l), symbol("a", l === "l" ? "l−1" : Number(l) - 1), " + ", symbol("b", l), ")",
];

/** @param {Seen} seen @param {number} l @returns {Said} */
function feedforward(seen, l) {
  const { a, z } = layerOf(seen, l);
  if (!a || !z) return silence;
  const activation = seen.topology.activations[l - 2];
  if (l === depth(seen)) return answer(seen, l, a, z, activation);
  const j = largest(a);
  return {
    sentence: [
      "Layer ", strong(l), " listens to layer ", strong(l - 1), ": ", "neuron ", strong(j + 1), " answers most strongly, with ",
      value(a[j]), ".",
    ],
    equation: forwardEquation(l, j, a, z, activation),
  };
}

/** @param {Seen} seen @param {number} l @param {Float32Array} a @param {Float32Array} z @param {string} activation @returns {Said} */
function answer(seen, l, a, z, activation) {
  const equation = forwardEquation(l, largest(a), a, z, activation);
  const found = verdict(seen);
  const { y } = seen.frame.example;
  if (found)
    return {
      sentence: found.is
        ? ["The network says ", strong(found.taken), ", and it is right."]
        : ["The network says ", strong(found.taken), "; right would be ", strong(found.right), "."],
      equation,
    };
  const several = (/** @type {(j: number) => Part} */ write) => [...a.slice(0, TERMS)].flatMap((_, j, all) => [j === 0 ? "" : j === all.length - 1 ? " and " : ", ", write(j)]);
  return {
    sentence: ["The network answers ", ...several((j) => value(a[j])), a.length > 1 ? "; the targets are " : "; the target is ", ...several((j) => strong(short(y[j]))), "."],
    equation,
  };
}

/** @param {number} l @param {number} j @param {Float32Array} a @param {Float32Array} z @param {string} activation @returns {Part[]} */
const forwardEquation = (l, j, a, z, activation) => [
  symbol("a", l, j + 1), " = ", symbol("σ"), "(", symbol("z", l, j + 1), `) = ${activation.replace("_", " ")}(`, value(z[j]), ") = ", value(a[j]),
];

/** @param {Seen} seen @returns {Said} */
function cost(seen) {
  const { example, batch } = seen.frame;
  const top = layerOf(seen, depth(seen));
  if (example.cost === null || !top.a) return silence;
  const higher = batch.costs && example.position !== null ? batch.costs.filter((c) => c > Number(batch.costs?.[Number(example.position)])).length : null;
  const rank = higher === null || batch.size < 2 ? "" : higher === 0 ? ", the highest of its mini-batch" : higher === batch.size - 1 ? ", the lowest of its mini-batch" : "";
  /** @type {Record<string, Part[]>} */
  const formulas = {
    quadratic: ["½ ", symbol("∑", "", "j"), "(", symbol("a", depth(seen), "j"), " − ", symbol("y", "", "j"), ")", symbol("", 2)],
    cross_entropy: ["−", symbol("∑", "", "j"), "[", symbol("y", "", "j"), " ln ", symbol("a", "", "j"), " + (1 − ", symbol("y", "", "j"), ") ln(1 − ", symbol("a", "", "j"), ")]"],
    log_likelihood: ["−ln ", symbol("a", depth(seen), "y")],
  };
  /** @type {Part[]} */
  const mean = batch.size > 1 && typeof batch.cost === "number" ? [`; the mean of the ${batch.size} is `, strong(number(batch.cost))] : [];
  return {
    sentence: ["Compared with its target, this example costs ", strong(number(example.cost)), rank, ...mean, "."],
    equation: [symbol("C"), " = ", ...(formulas[seen.topology.cost] ?? []), " = ", plain(example.cost)],
  };
}

/** @param {Seen} seen @param {number} l @returns {Said} */
function outputError(seen, l) {
  const { a, delta, received, sigmaPrime } = layerOf(seen, l);
  const { y } = seen.frame.example;
  if (!a || !delta) return silence;
  const j = largest(delta);
  const off = a[j] > y[j] ? "too high" : "too low";
  /** @type {Part[]} */
  const right =
    sigmaPrime && received && Number.isFinite(received[j])
      ? [symbol("∂C/∂a", l, j + 1), " · ", symbol("σ"), "′(", symbol("z", l, j + 1), ") = (", blame(received[j]), ") · ", plain(sigmaPrime[j])]
      : [symbol("a", l, j + 1), " − ", symbol("y", "", j + 1), " = ", value(a[j]), " − ", plain(y[j])];
  return {
    sentence: [
      ...named(seen, l, j), " is ", value(a[j]), " and should be ", strong(short(y[j])), `: ${off}. Its delta is `, blame(delta[j]),
      delta.length > 1 ? ", the largest." : ".",
    ],
    equation: [symbol("δ", l, j + 1), " = ", ...right, " = ", blame(delta[j])],
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
  return {
    sentence: [
      ...opening(seen), ...named(seen, l + 1, j), " sends ", blame(sent(above, n, j, k)), " back along its strongest connection, to neuron ",
      strong(k + 1), ` of layer ${l}.`,
    ],
    equation: sumEquation(seen, l, k, received[k]),
  };
}

/** @param {Seen} seen @param {number} l @param {number} k from 0 @param {number} total @returns {Part[]} */
function sumEquation(seen, l, k, total) {
  const above = layerOf(seen, l + 1);
  const [n, m] = [seen.topology.layers[l - 1], seen.topology.layers[l]];
  const delta = /** @type {Float32Array} */ (above.delta);
  const plainTranspose = !above.feedback;
  /** @type {Part[]} */
  const head = [
    symbol("∂C/∂a", l, k + 1), " = ", symbol("∑", "", "j"),
    plainTranspose ? symbol("w", l + 1, `j${k + 1}`) : symbol("B", l + 1, `${k + 1}j`), symbol("δ", l + 1, "j"),
  ];
  const order = Array.from({ length: m }, (_, j) => j);
  if (m > TERMS) order.sort((p, q) => Math.abs(sent(above, n, q, k)) - Math.abs(sent(above, n, p, k)));
  const product = (/** @type {number} */ j) => {
    const weight = above.feedback ? above.feedback[k * m + j] : /** @type {Float32Array} */ (above.w)[j * n + k];
    return [term(value(weight), " · (", blame(delta[j]), ")")];
  };
  const number_ = (/** @type {number} */ j) => [blame(sent(above, n, j, k))];
  const sum = (/** @type {(j: number) => Part[]} */ write, captions = true) =>
    order.slice(0, TERMS).flatMap((j, i) => [i ? " + " : "", ...(captions ? [captioned(j + 1, ...write(j))] : write(j))]);
  if (m === 1) return [...head, " = ", ...sum(product, false), " = ", blame(total)];
  // Two terms are written out as products and as numbers; of more there is room for one of the two.
  if (m <= 2) return [...head, " = ", ...sum(product, false), " = ", ...sum(number_), " = ", blame(total)];
  if (m <= TERMS) return [...head, " = ", ...sum(product), " = ", blame(total)];
  return [...head, " = ", ...sum(number_), ` + … ${m - TERMS} more = `, blame(total)];
}

/** @param {Seen} seen @param {number} l @returns {Said} */
function gate(seen, l) {
  const { received, sigmaPrime, delta } = layerOf(seen, l);
  if (!received || !sigmaPrime || !delta) return silence;
  const k = largest(received);
  const open = sigmaPrime[k];
  const passes = [": ", blame(delta[k]), " passes."];
  const how =
    open === 0
      ? ["but its gate is shut: nothing passes."]
      : open < 0
        ? ["and its gate turns the sign", ...passes]
        : [open < 0.5 ? "but its gate is open only " : "and its gate is open ", strong(percent(open)), ...passes];
  return {
    sentence: [...opening(seen), "Neuron ", strong(k + 1), " is sent ", blame(received[k]), `, the most in layer ${l}, `, ...how],
    equation: [
      symbol("δ", l), " = (", symbol("w", l + 1), ")", accent("T"), symbol("δ", l + 1), " ⊙ ", symbol("σ"), "′(", symbol("z", l), ")\u2003",
      symbol("δ", l, k + 1), " = (", blame(received[k]), ") × ", plain(open), " = ", blame(delta[k]),
    ],
  };
}

/** @param {Seen} seen @param {number} l @returns {Said} */
function gradient(seen, l) {
  const [above, below] = [layerOf(seen, l), layerOf(seen, l - 1)];
  if (!above.delta || !below.a) return silence;
  const [j, k] = [largest(above.delta), largest(below.a)];
  const mean = above.nablaW ? above.nablaW[j * below.a.length + k] : null;
  return {
    sentence: [
      "The weight from neuron ", strong(k + 1), ` of layer ${l - 1} to `, ...named(seen, l, j, false), " is charged ",
      blame(charged(above, below, j, k)), " by this example, the most in its layer",
      ...(mean === null || seen.frame.batch.size < 2 ? ["."] : ["; the mean over the mini-batch is ", blame(mean), "."]),
    ],
    equation: [
      symbol("∂C/∂w", l, pair(j + 1, k + 1)), " = ", symbol("a", l - 1, k + 1), symbol("δ", l, j + 1), " = ", value(below.a[k]), " · (",
      blame(above.delta[j]), ") = ", blame(charged(above, below, j, k)),
    ],
  };
}

/** @param {Seen} seen @returns {Said} */
function update(seen) {
  const { cursor, cost: costs, playing, epoch } = seen.frame;
  if (playing) return { sentence: ["Training: step ", strong(cursor.step), " of epoch ", strong(epoch), "."], equation: updateRule(seen) };
  const done = ["Step ", strong(cursor.step), " is done"];
  const found = largestChange(seen);
  const { name, learning_rate: rate } = seen.topology.config.optimizer ?? {};
  if (!found) return { sentence: [...done, "."], equation: updateRule(seen) };
  const { l, j, k, before, after, nabla } = found;
  if (before === after) return { sentence: [...done, ": no weight has changed visibly."], equation: updateRule(seen) };
  return {
    sentence: [
      ...done, ": no weight changed more than that from neuron ", strong(k + 1), ` of layer ${l - 1} to `, ...named(seen, l, j, false), ", from ",
      value(before), " to ", value(after), ".", ...(costs.train === null ? [] : [" The cost is ", plain(costs.train), "."]),
    ],
    equation:
      nabla !== null && name === "sgd" && seen.topology.config.regularization?.name === "none"
        ? [symbol("w", l, pair(j + 1, k + 1)), " − ", symbol("η"), " · ", symbol("∂C/∂w", l, pair(j + 1, k + 1)), " = ", value(before), " − ", plain(rate), " · (", blame(nabla), ") = ", value(after)]
        : [symbol("w", l, pair(j + 1, k + 1)), ": ", value(before), " → ", value(after)],
  };
}

/** @param {Seen} seen @returns {Part[]} */
function updateRule({ topology }) {
  const { name, learning_rate: rate } = topology.config.optimizer ?? {};
  const nabla = symbol("∂C/∂w", "l");
  if (name !== "sgd") return [symbol("w", "l"), " → ", symbol("w", "l"), " + Δ", symbol("w", "l"), `\u2003by ${name}`];
  return [symbol("w", "l"), " → ", symbol("w", "l"), " − ", symbol("η"), nabla, "\u2003", symbol("η"), " = ", plain(rate)];
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

/** @type {Said} */
const silence = { sentence: [], equation: [] };

/**
 * What is said at the cursor.
 * @param {Seen} seen
 * @returns {Said}
 */
export function describe(seen) {
  const { phase, layer } = seen.cursor;
  const l = layer ?? depth(seen);
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
