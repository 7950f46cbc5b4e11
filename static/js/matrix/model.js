// The numbers of one pair of layers, as far as they are known where one looks: the matrix, what comes up, what comes back.

import { flight, travelled } from "../picture/flights.js";

/** @typedef {import("../store.js").Seen} Seen */
/**
 * @typedef {object} Model
 * @property {number} layer the upper one, from 2
 * @property {number} m its neurons
 * @property {number} n neurons of the lower one
 * @property {(j: number, k: number) => number} w from 0
 * @property {(j: number, k: number) => number} back what stands for w_jk on the way back
 * @property {string | null} operator its name, where it is not the transpose
 * @property {Float32Array | null} a of the lower layer
 * @property {Float32Array | null} z of the upper layer
 * @property {Float32Array | null} b of the upper layer
 * @property {Float32Array | null} delta of the upper layer
 * @property {Float32Array | null} received by the lower layer
 * @property {Float32Array | null} sigmaPrime of the lower layer; null in the input layer too
 * @property {Float32Array | null} deltaBelow delta of the lower layer
 * @property {(j: number) => number | null} flying how far what neuron j sends has come in the phase on view; null: none is on its way
 */

/**
 * The pair of layers that a phase is about: those that it sends something between.
 * @param {Seen} seen
 * @returns {number | null} the upper one; null: no pair in particular
 */
export function layerOf({ cursor: { phase, layer }, topology }) {
  if (phase === "output_error") return topology.layers.length;
  if (layer === null) return null;
  return phase === "send_back" || phase === "gate" ? layer + 1 : layer;
}

/**
 * @param {Seen} seen
 * @param {number} layer the upper one, from 2
 * @returns {Model}
 */
export function modelOf(seen, layer) {
  const { frame, topology, reached } = seen;
  const [above, below] = [frame.layers[layer - 1], frame.layers[layer - 2]];
  const [m, n] = [topology.layers[layer - 1], topology.layers[layer - 2]];
  const w = above.w ?? new Float32Array(m * n).fill(NaN);
  const { feedback } = above;
  const known = (/** @type {import("../phases.js").Quantity} */ quantity, /** @type {number} */ of, /** @type {Float32Array | null | undefined} */ numbers) =>
    numbers && reached(quantity, of) ? numbers : null;
  const of = flight(seen);
  const sends = of !== null && of.kind === "sent" && of.layer === layer && seen.progress < 1;
  return {
    layer, m, n,
    w: (j, k) => w[j * n + k],
    back: (j, k) => (feedback ? feedback[k * m + j] : w[j * n + k]),
    operator: feedback ? topology.feedback : null,
    a: known("a", layer - 1, below.a),
    z: known("z", layer, above.z),
    b: above.b ?? null,
    delta: known("delta", layer, above.delta),
    received: layer > 2 ? known("received", layer - 1, below.received) : null,
    sigmaPrime: layer > 2 ? known("sigmaPrime", layer - 1, below.sigmaPrime) : null,
    deltaBelow: layer > 2 ? known("delta", layer - 1, below.delta) : null,
    flying: (j) => (sends ? travelled(of, j + 1, seen.progress) : null),
  };
}

/** @typedef {"forward" | "backward" | "ledger"} Direction */

/**
 * The product in a cell: what the connection carries up, sends back, or accounts for.
 * @param {Model} model
 * @param {Direction} direction
 * @param {number} j from 0
 * @param {number} k from 0
 * @returns {number} NaN where a factor is not known
 */
export function product(model, direction, j, k) {
  const [a, delta] = [model.a ? model.a[k] : NaN, model.delta ? model.delta[j] : NaN];
  if (direction === "forward") return model.w(j, k) * a;
  if (direction === "backward") return model.back(j, k) * delta;
  return a * model.w(j, k) * delta;
}

/** @param {number} count @param {(i: number) => number} term */
export const total = (count, term) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
};
