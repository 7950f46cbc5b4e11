// A small network's step, worked out here from the book's equations, as the server would send it.

import { Decoder } from "../../static/js/server/protocol.js";
import { seenAt } from "../../static/js/store.js";

/** @param {number[]} numbers */
export function encode(numbers) {
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
  return btoa(String.fromCharCode(...bytes));
}

export const topology = {
  protocol: 1, session: "s", scales: {}, layers: [2, 2, 2], activations: ["sigmoid", "sigmoid"], cost: "quadratic", feedback: "transpose",
  config: { batch_size: 2, optimizer: { name: "sgd", learning_rate: 1 }, regularization: { name: "none" } },
  data: { name: "inline", title: "Yours", kind: "regression", n_train: 2, n_test: 0, classes: null, feature_names: null, image_shape: null, preprocessing: {} },
};

const sigma = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
const [x, y] = [[1, 0.5], [1, 0]];
const w2 = [[0.5, -1], [1, 0.5]];
const w3 = [[1, -0.5], [-1, 1.5]];
const times = (/** @type {number[][]} */ w, /** @type {number[]} */ a) => w.map((row) => row.reduce((sum, wk, k) => sum + wk * a[k], 0));
const z2 = times(w2, x);
const a2 = z2.map(sigma);
const z3 = times(w3, a2);
const a3 = z3.map(sigma);
const prime = (/** @type {number[]} */ a) => a.map((s) => s * (1 - s));
const received3 = a3.map((s, j) => s - y[j]);
const delta3 = received3.map((r, j) => r * prime(a3)[j]);
const received2 = [0, 1].map((k) => w3[0][k] * delta3[0] + w3[1][k] * delta3[1]);
const delta2 = received2.map((r, k) => r * prime(a2)[k]);
const outer = (/** @type {number[]} */ delta, /** @type {number[]} */ a) => delta.map((d) => a.map((s) => d * s));
const minus = (/** @type {number[][]} */ w, /** @type {number[][]} */ g) => w.map((row, j) => row.map((one, k) => one - g[j][k]));

export const numbers = { x, y, w2, w3, z2, a2, z3, a3, received2, received3, delta2, delta3 };

/** @param {number[][]} w @param {number[]} z @param {number[]} a @param {number[]} received @param {number[]} delta @param {number[]} below */
const layer = (w, z, a, received, delta, below) => ({
  w: encode(w.flat()), b: encode([0, 0]), z: encode(z), a: encode(a), sigma_prime: encode(prime(a)), received: encode(received), delta: encode(delta),
  nabla_w: encode(outer(delta, below).flat()), nabla_b: encode(delta), w_after: encode(minus(w, outer(delta, below)).flat()), b_after: encode(delta.map((d) => -d)),
});

/**
 * @param {import("../../static/js/phases.js").Cursor} cursor
 * @param {object} [changes]
 */
export function raw(cursor, changes = {}) {
  return {
    seq: 1, key: true, revision: 3, playing: false, finite: true, not_finite: null, cursor, last_step: 1, epoch: 1, epoch_steps: 1,
    cost: { train: 0.3, test: null, regularization: 0, of: 2 }, accuracy: { train: null, test: null },
    batch: { size: 2, cost: 0.4, indices: [0, 1], costs: encode([0.345, 0.2]) },
    example: { position: 0, index: 0, label: null, y: encode(y), cost: 0.345 },
    layers: [{ layer: 1, a: encode(x) }, { layer: 2, ...layer(w2, z2, a2, received2, delta2, x) }, { layer: 3, ...layer(w3, z3, a3, received3, delta3, a2) }],
    ...changes,
  };
}

/**
 * @param {import("../../static/js/phases.js").Cursor} cursor
 * @param {object} [changes] of the frame
 * @param {object} [other] changes of the topology
 * @returns {import("../../static/js/store.js").Seen}
 */
export function seen(cursor, changes = {}, other = {}) {
  const frame = /** @type {import("../../static/js/server/protocol.js").Frame} */ (new Decoder().frame(JSON.stringify(raw(cursor, changes))));
  return seenAt(/** @type {any} */ ({ ...topology, ...other }), frame, null);
}
