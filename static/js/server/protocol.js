// The stream's events, decoded: base64 of little-endian float32 into typed arrays. docs/protocol.md is the reference.

/** @typedef {import("../phases.js").Cursor} Cursor */
/**
 * @typedef {object} Topology
 * @property {number} protocol
 * @property {string} session
 * @property {Record<string, number>} scales
 * @property {number[]} layers
 * @property {string[]} activations of layers 2 to L
 * @property {string} cost
 * @property {Record<string, any>} config
 * @property {string} feedback
 * @property {{name: string, title: string, kind: string, n_train: number, n_test: number,
 *   n_added: number, examples_tag: string, classes: string[] | null,
 *   feature_names: string[] | null, image_shape: [number, number] | null, preprocessing: unknown}} data
 */
/**
 * A layer's numbers. Layer l's `w` has n_l rows of n_{l−1}; per neuron: the rest. What is absent was not sent (yet).
 * @typedef {object} LayerNumbers
 * @property {number} layer
 * @property {Float32Array} [a]
 * @property {Float32Array} [z]
 * @property {Float32Array} [b]
 * @property {Float32Array} [bAfter]
 * @property {Float32Array | null} [sigmaPrime] null: softmax, whose derivative is a matrix
 * @property {Float32Array} [received]
 * @property {Float32Array} [delta]
 * @property {Float32Array} [nablaB]
 * @property {Float32Array} [w]
 * @property {Float32Array} [wAfter]
 * @property {Float32Array} [nablaW]
 * @property {Float32Array} [feedback] n_{l−1} rows of n_l: what stands for the transpose of w
 */
/**
 * @typedef {object} Frame
 * @property {number} seq
 * @property {boolean} key
 * @property {number} revision
 * @property {boolean} playing
 * @property {{unit: string, per_second: number} | null} play how it plays; per_second 0: as fast as it can
 * @property {boolean} finite
 * @property {{step: number, layer: number | null, what: string} | null} notFinite
 * @property {Cursor} cursor
 * @property {number} lastStep
 * @property {number} epoch
 * @property {number} epochSteps
 * @property {{train: number | null, test: number | null, regularization: number | null, of: number}} cost
 * @property {{train: number | null, test: number | null}} accuracy
 * @property {{size: number, cost?: number | null, indices: number[] | null, costs: Float32Array | null}} batch no lists for very large ones
 * @property {{position: number | null, index: number, label: number | null, y: Float32Array, cost: number | null}} example
 * @property {LayerNumbers[]} layers layer 1 first
 * @property {boolean} weightsFresh whether what is per connection is this frame's, not kept from an earlier one
 */

/** What is per connection, and kept between key frames. */
const KEPT = /** @type {const} */ (["w", "wAfter", "nablaW", "feedback"]);

/**
 * @param {string} text base64 of little-endian float32
 * @returns {Float32Array}
 */
export function decodeArray(text) {
  const bytes = decodeBytes(text);
  if (LITTLE_ENDIAN) return new Float32Array(bytes.buffer);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/**
 * Browsers that decode base64 by themselves do it several times as fast.
 * @type {((text: string) => Uint8Array<ArrayBuffer>) | undefined}
 */
const ownDecoder = /** @type {any} */ (Uint8Array).fromBase64?.bind(Uint8Array);

/** @param {string} text base64 */
const decodeBytes = (text) => (ownDecoder ?? decodeByLetter)(text);

/** @param {string} text base64 */
export function decodeByLetter(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** @param {string} name snake_case of the JSON */
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/**
 * @param {Record<string, unknown>} raw
 * @returns {LayerNumbers}
 */
function decodeLayer(raw) {
  /** @type {Record<string, unknown>} */
  const layer = {};
  for (const [name, value] of Object.entries(raw)) layer[camel(name)] = typeof value === "string" ? decodeArray(value) : value;
  return /** @type {LayerNumbers} */ (/** @type {unknown} */ (layer));
}

/** Decodes the frames of one stream, one after the other. */
export class Decoder {
  /** @type {LayerNumbers[]} */
  #kept = [];
  #keptStep = -1;
  #newest = -1;

  /**
   * @param {string} text JSON of the event
   * @returns {Frame | null} null: not newer than what there is already
   */
  frame(text) {
    const raw = JSON.parse(text);
    if (raw.seq <= this.#newest) return null;
    this.#newest = raw.seq;
    /** @type {LayerNumbers[]} */
    const layers = raw.layers.map(decodeLayer);
    if (raw.key) {
      this.#kept = layers.map((layer) => keepHeavy(layer));
      this.#keptStep = raw.cursor.step;
    }
    for (const [i, layer] of layers.entries()) Object.assign(layer, { ...this.#kept[i], ...layer });
    return {
      ...raw,
      notFinite: raw.not_finite,
      lastStep: raw.last_step,
      epochSteps: raw.epoch_steps,
      batch: { ...raw.batch, costs: raw.batch.costs ? decodeArray(raw.batch.costs) : null },
      example: { ...raw.example, y: decodeArray(raw.example.y) },
      layers,
      // Key frames are left out only while it plays; else what is kept is what there is.
      weightsFresh: !raw.playing || this.#keptStep === raw.cursor.step,
    };
  }
}

/** @param {LayerNumbers} layer @returns {LayerNumbers} */
function keepHeavy(layer) {
  /** @type {LayerNumbers} */
  const kept = { layer: layer.layer };
  for (const name of KEPT) if (layer[name]) kept[name] = layer[name];
  return kept;
}

/**
 * What neuron j of a layer sends to neuron k below (j, k from 0): the blame of one connection.
 * @param {LayerNumbers} layer the one above
 * @param {number} nBelow
 * @param {number} j
 * @param {number} k
 */
export function sent(layer, nBelow, j, k) {
  const delta = /** @type {Float32Array} */ (layer.delta);
  if (layer.feedback) return layer.feedback[k * delta.length + j] * delta[j];
  return /** @type {Float32Array} */ (layer.w)[j * nBelow + k] * delta[j];
}

/**
 * What is charged to the weight of a connection by the example on view.
 * @param {LayerNumbers} layer the one above
 * @param {LayerNumbers} below
 * @param {number} j
 * @param {number} k
 */
export function charged(layer, below, j, k) {
  return /** @type {Float32Array} */ (below.a)[k] * /** @type {Float32Array} */ (layer.delta)[j];
}

/**
 * The share of a connection in influence × error, of the example on view.
 * @param {LayerNumbers} layer the one above
 * @param {LayerNumbers} below
 * @param {number} j
 * @param {number} k
 */
export function ledger(layer, below, j, k) {
  const a = /** @type {Float32Array} */ (below.a);
  return /** @type {Float32Array} */ (layer.w)[j * a.length + k] * charged(layer, below, j, k);
}
