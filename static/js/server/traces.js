// What the server has exactly about the step on view, read when somebody looks closely: layers of the float64 trace, and the
// terms of the mini-batch. At the start, where there is no trace, the parameters.

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../picture/pointing.js").Target} Target */
/** @typedef {import("../cards/mean.js").Contributions} Contributions */
/** @typedef {{w?: number[][], b?: number[], a?: number[], z?: number[], sigma_prime?: number[] | null, received?: (number | null)[] | null,
 *   delta?: number[], sent?: number[][], charged?: number[][], nabla_w?: number[][], nabla_b?: number[], w_after?: number[][], b_after?: number[],
 *   y?: number[]}} ExactLayer y: the example's target */

/** So many answers about one step are kept. */
const KEPT = 60;
/** Layers with more weights are not read with all that there is for each of them … */
const LARGE = 5_000;
/** … and with still more, with their weights before the step only. */
const HUGE = 100_000;
const NEURONS = "a,b,z,sigma_prime,received,delta,nabla_b,b_after";

/** Names a step, with all that its numbers depend on. @param {Seen} seen */
export const stepOf = ({ frame }) => `${frame.cursor.step}/${frame.revision}/${frame.example.index}`;

export class Traces {
  /** @type {Map<string, Promise<any>>} */
  #asked = new Map();
  /** @type {Map<string, any>} */
  #answers = new Map();
  #of = "";

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
  }

  /**
   * What has been read of these layers already.
   * @param {Seen} seen
   * @param {number[]} layers
   * @returns {Map<number, ExactLayer>}
   */
  known(seen, layers) {
    this.#turn(seen);
    return new Map(layers.flatMap((l) => (this.#answers.get(`layer-${l}`) ? [[l, this.#answers.get(`layer-${l}`)]] : [])));
  }

  /** @param {Seen} seen @param {number[]} layers from 1 */
  async read(seen, layers) {
    this.#turn(seen);
    await Promise.all(layers.map((l) => this.#ask(`layer-${l}`, () => (seen.frame.cursor.step === 0 ? this.#start(l) : this.#trace(seen, l)))));
  }

  /** @param {Seen} seen @param {Target} target @returns {Contributions | null} null: not read yet */
  knownTerms(seen, target) {
    this.#turn(seen);
    return this.#answers.get(termsOf(target)) ?? null;
  }

  /** The terms of the mini-batch's means. @param {Seen} seen @param {Target} target */
  async readTerms(seen, target) {
    if (seen.frame.cursor.step === 0) return;
    this.#turn(seen);
    await this.#ask(termsOf(target), () => this.api.call("GET", `/contributions${termsOf(target)}&step=${seen.frame.cursor.step}`));
  }

  /** Answers about another step are forgotten. @param {Seen} seen */
  #turn(seen) {
    const of = stepOf(seen);
    if (of === this.#of && this.#asked.size < KEPT) return;
    this.#of = of;
    this.#asked.clear();
    this.#answers.clear();
  }

  /** @param {string} name @param {() => Promise<any>} ask */
  #ask(name, ask) {
    const of = this.#of;
    const asked = this.#asked.get(name) ?? ask().then(
      (answer) => this.#of === of && this.#answers.set(name, answer),
      () => this.#asked.delete(name),
    );
    this.#asked.set(name, asked);
    return asked;
  }

  /** @param {Seen} seen @param {number} l @returns {Promise<ExactLayer>} */
  async #trace({ frame, topology }, l) {
    const weights = weightsOf(topology, l);
    const fields = weights <= LARGE ? "" : `&fields=${NEURONS}${weights <= HUGE ? ",w,w_after" : ",w"}`;
    const { layers, example } = await this.api.trace(`?step=${frame.cursor.step}&layer=${l}${fields}`);
    return { ...layers[0], y: example.y };
  }

  /** @param {number} l @returns {Promise<ExactLayer>} */
  async #start(l) {
    if (l === 1) return {};
    const { weights, biases } = await this.api.call("GET", "?include=parameters");
    return { w: weights[l - 2], b: biases[l - 2] };
  }
}

/** @param {import("./protocol.js").Topology} topology @param {number} l */
const weightsOf = ({ layers }, l) => (l === 1 ? 0 : layers[l - 1] * layers[l - 2]);

/** @param {Seen} seen @param {number} l whether the trace of a layer is read without what there is for each connection */
export const isLarge = ({ topology }, l) => weightsOf(topology, l) > LARGE;

/**
 * A connection's mean, where the trace of its layer was read without: the terms of the mini-batch come with it.
 * @param {Map<number, ExactLayer>} layers
 * @param {Target} target
 * @param {Contributions | null} terms
 */
export function withTerms(layers, target, terms) {
  const layer = layers.get(target.layer);
  if (target.kind !== "connection" || !terms || !layer || layer.nabla_w) return layers;
  /** @type {number[][]} */
  const means = [];
  means[target.j - 1] = [];
  means[target.j - 1][target.k - 1] = Number(terms.mean.charged);
  return new Map([...layers, [target.layer, { ...layer, nabla_w: means }]]);
}

/** @param {Target} target */
const termsOf = (target) => `?layer=${target.layer}&j=${target.j}${target.kind === "connection" ? `&k=${target.k}` : ""}`;
