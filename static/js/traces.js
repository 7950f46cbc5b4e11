// The float64 trace of the step on view, read when somebody looks closely; at the start, where there is none, the parameters.

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {{w?: number[][], b?: number[], a: number[], z?: number[], sigma_prime?: number[] | null, received?: (number | null)[] | null,
 *   delta?: number[], sent?: number[][], charged?: number[][], nabla_w?: number[][], nabla_b?: number[], w_after?: number[][], b_after?: number[]}} ExactLayer */

/** So many layers of one step are kept. */
const KEPT = 40;

export class Traces {
  /** @type {Map<string, Promise<ExactLayer | null>>} */
  #layers = new Map();
  #of = "";

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
  }

  /**
   * A layer of the step on view, as the server computed it.
   * @param {Seen} seen
   * @param {number} layer from 1
   * @returns {Promise<ExactLayer | null>} null: not to be had now
   */
  layer({ frame }, layer) {
    const of = `${frame.cursor.step}/${frame.revision}/${frame.example.index}`;
    if (of !== this.#of || this.#layers.size > KEPT) this.#layers.clear();
    this.#of = of;
    const key = String(layer);
    let found = this.#layers.get(key);
    if (!found) {
      found = (frame.cursor.step === 0 ? this.#start(layer) : this.#trace(frame.cursor.step, layer)).catch(() => {
        this.#layers.delete(key);
        return null;
      });
      this.#layers.set(key, found);
    }
    return found;
  }

  /** @param {number} step @param {number} layer @returns {Promise<ExactLayer | null>} */
  async #trace(step, layer) {
    const { layers } = await this.api.trace(`?step=${step}&layer=${layer}`);
    return layers[0];
  }

  /** @param {number} layer @returns {Promise<ExactLayer | null>} */
  async #start(layer) {
    if (layer === 1) return null;
    const { weights, biases } = await this.api.call("GET", "?include=parameters");
    return { a: [], w: weights[layer - 2], b: biases[layer - 2] };
  }
}
