// The connections with the most of what is shown: of a large network only these are drawn, over a bundle of all.

import { flight } from "./flights.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./quantities.js").Kind} Kind */
/** @typedef {import("./connections.js").Place} Place */
/** @typedef {import("./pointing.js").Target} Target */
/** @typedef {{layer: number, sizes: Float32Array}} Ranked sizes of the connections into a layer: (n_l, n_{l−1}) */
/** @typedef {{chosen: Place[], least: number, of: number, layers: number[]}} Found least: the smallest size among them; of: how many competed, in which layers */

/** A float's bits are read in pieces of so many, the highest first. */
const PIECES = /** @type {const} */ ([[20, 12], [8, 12], [0, 8]]);

/** One space for the sizes of all connections, used again for every frame. */
let space = new Float32Array(0);

/**
 * The layers whose incoming connections compete: where something travels that layer's alone; at a gate those of the blame that arrived
 * and of the blame that goes on; else all where the number is known.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {Target | null} focus then what concerns it competes, wherever it is known
 */
export function competing(seen, kind, focus) {
  const { cursor: { phase, layer: at }, topology } = seen;
  const travels = flight(seen)?.layer;
  const under = focus ? null : phase === "gate" ? [Number(at), Number(at) + 1] : travels ? [travels] : null;
  return topology.layers.flatMap((_, i) => {
    const layer = i + 1;
    const known = layer > 1 && (kind === "weight" || seen.reached(kind, layer));
    return known && (!under || under.includes(layer)) && (!focus || concerns(focus, layer)) ? [layer] : [];
  });
}

/** Whether any of the connections into a layer are a target's. @param {Target} target @param {number} layer */
const concerns = (target, layer) => layer === target.layer || (target.kind === "neuron" && layer === target.layer + 1);

/**
 * Whether a connection is the target, or one of the target's own.
 * @param {Target} target
 * @param {Place} place
 */
export function isOf(target, { layer, j, k }) {
  if (target.kind === "connection") return layer === target.layer && j === target.j && k === target.k;
  return (layer === target.layer && j === target.j) || (layer === target.layer + 1 && k === target.j);
}

/**
 * The strongest connections, layer by layer, and of equals the first.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {number} count
 * @param {number[]} drawn how many neurons of each layer have a place in the picture, layer 1 first
 * @param {Target | null} [focus] only its own
 * @returns {Found}
 */
export function strongest(seen, kind, count, drawn, focus = null) {
  const layers = competing(seen, kind, focus);
  const { ranked, all } = measured(seen, kind, layers, drawn);
  let of = all.length;
  if (focus) of = keepOwn(seen, ranked, focus);
  const least = nthLargest(all, count);
  let equals = count;
  for (const size of all) if (size > least) equals--;
  /** @type {Place[]} */
  const chosen = [];
  for (const { layer, sizes } of ranked) {
    const n = seen.topology.layers[layer - 2];
    for (let at = 0; at < sizes.length; at++) {
      const size = sizes[at];
      if (size === 0 || size < least || (size === least && --equals < 0)) continue;
      chosen.push({ layer, j: Math.floor(at / n) + 1, k: (at % n) + 1 });
    }
  }
  return { chosen, least: chosen.length ? smallest(all, least) : 0, of, layers };
}

/** The smallest size that counts. @param {Float32Array} sizes @param {number} least 0: all that is something counts */
function smallest(sizes, least) {
  if (least > 0) return least;
  let found = Infinity;
  for (const size of sizes) if (size > 0 && size < found) found = size;
  return found;
}

/**
 * The size of what each connection shows; 0 where it has no place in the picture or no finite number.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {number[]} layers
 * @param {number[]} drawn
 * @returns {{ranked: Ranked[], all: Float32Array}}
 */
function measured(seen, kind, layers, drawn) {
  const counts = layers.map((layer) => seen.topology.layers[layer - 1] * seen.topology.layers[layer - 2]);
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (space.length < total) space = new Float32Array(total);
  const all = space.subarray(0, total);
  let from = 0;
  const ranked = layers.map((layer, i) => {
    const one = { layer, sizes: all.subarray(from, (from += counts[i])) };
    measure(one.sizes, seen, kind, layer);
    leaveOut(one.sizes, seen.topology.layers[layer - 2], drawn[layer - 2], drawn[layer - 1]);
    return one;
  });
  return { ranked, all };
}

/** @param {Float32Array} sizes @param {Seen} seen @param {Kind} kind @param {number} layer */
function measure(sizes, { frame, topology, reached }, kind, layer) {
  const [above, below] = [frame.layers[layer - 1], frame.layers[layer - 2]];
  const w = kind === "weight" && above.wAfter && reached("after", layer) ? above.wAfter : above.w;
  const { delta, feedback } = above;
  const n = topology.layers[layer - 2];
  if (kind === "weight" && w) measureWeights(sizes, w);
  else if (kind === "sent" && delta && feedback) measureFeedback(sizes, feedback, delta, n);
  else if (kind === "sent" && delta && w) measureSent(sizes, w, delta, n);
  else if (kind === "charged" && delta && below.a) measureCharged(sizes, below.a, delta);
  else if (kind === "ledger" && delta && below.a && w) measureLedger(sizes, w, below.a, delta);
  else sizes.fill(0);
}

/** @param {number} x @returns {number} 0 where there is none that is finite */
function sizeOf(x) {
  const size = Math.abs(x);
  return size < Infinity ? size : 0;
}

// Each of these runs over every connection of a layer, so none asks in its loop which kind it is.

/** @param {Float32Array} sizes @param {Float32Array} w */
function measureWeights(sizes, w) {
  for (let at = 0; at < sizes.length; at++) sizes[at] = sizeOf(w[at]);
}

/** @param {Float32Array} sizes @param {Float32Array} w @param {Float32Array} delta @param {number} n */
function measureSent(sizes, w, delta, n) {
  for (let j = 0, at = 0; j < delta.length; j++) for (let k = 0; k < n; k++, at++) sizes[at] = sizeOf(w[at] * delta[j]);
}

/** @param {Float32Array} sizes @param {Float32Array} feedback (n, m) @param {Float32Array} delta @param {number} n */
function measureFeedback(sizes, feedback, delta, n) {
  const m = delta.length;
  for (let j = 0, at = 0; j < m; j++) for (let k = 0; k < n; k++, at++) sizes[at] = sizeOf(feedback[k * m + j] * delta[j]);
}

/** @param {Float32Array} sizes @param {Float32Array} a @param {Float32Array} delta */
function measureCharged(sizes, a, delta) {
  for (let j = 0, at = 0; j < delta.length; j++) for (let k = 0; k < a.length; k++, at++) sizes[at] = sizeOf(a[k] * delta[j]);
}

/** @param {Float32Array} sizes @param {Float32Array} w @param {Float32Array} a @param {Float32Array} delta */
function measureLedger(sizes, w, a, delta) {
  for (let j = 0, at = 0; j < delta.length; j++) for (let k = 0; k < a.length; k++, at++) sizes[at] = sizeOf(w[at] * (a[k] * delta[j]));
}

/** @param {Float32Array} sizes @param {number} n below @param {number} columns that are drawn @param {number} rows that are drawn */
function leaveOut(sizes, n, columns, rows) {
  sizes.fill(0, Math.min(rows * n, sizes.length));
  if (columns < n) for (let from = 0; from < sizes.length; from += n) sizes.fill(0, from + columns, from + n);
}

/**
 * Only what is a target's own stays.
 * @param {Seen} seen @param {Ranked[]} ranked @param {Target} target
 * @returns {number} how many that are
 */
function keepOwn({ topology }, ranked, target) {
  let own = 0;
  for (const { layer, sizes } of ranked) {
    const n = topology.layers[layer - 2];
    const [from, to] = layer === target.layer ? [(target.j - 1) * n, target.j * n] : [0, sizes.length];
    sizes.fill(0, 0, from).fill(0, to);
    const only = target.kind === "connection" ? target.k : layer === target.layer ? null : target.j;
    if (only !== null) for (let at = from; at < to; at++) if ((at % n) + 1 !== only) sizes[at] = 0;
    own += only === null ? n : (to - from) / n;
  }
  return own;
}

/**
 * The n-th largest of numbers ≥ 0; 0 if there are not so many. Such floats are in the order of their bits, so the number is found
 * piece by piece: how often each value of a piece occurs says in which of them the n-th lies.
 * @param {Float32Array} numbers
 * @param {number} n from 1
 */
export function nthLargest(numbers, n) {
  if (numbers.length <= n) return 0;
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  let [found, known, left] = [0, 0, n];
  for (const [shift, width] of PIECES) {
    const counts = new Uint32Array(1 << width);
    const piece = (1 << width) - 1;
    for (let i = 0; i < bits.length; i++) if ((bits[i] & known) === found) counts[(bits[i] >>> shift) & piece]++;
    let value = piece;
    while (value > 0 && counts[value] < left) left -= counts[value--];
    found |= value << shift;
    known |= piece << shift;
  }
  return new Float32Array(Uint32Array.of(found).buffer)[0];
}
