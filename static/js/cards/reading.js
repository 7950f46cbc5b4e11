// The numbers of the step on view, as far as they are reached: the server's float64 where it has been read, else the
// frame's float32. Layers, j and k count from 1, as on screen.

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../server/traces.js").ExactLayer} ExactLayer */
/** @typedef {import("../phases.js").Quantity} Quantity */

/** How far float32 may be from float64, as a share. */
const SINGLE = 1e-6;

export class Reading {
  /**
   * @param {Seen} seen
   * @param {Map<number, ExactLayer>} exact by layer; what is not there is read from the frame
   */
  constructor(seen, exact = new Map()) {
    this.seen = seen;
    this.topology = seen.topology;
    this.layers = seen.topology.layers;
    this.top = seen.topology.layers.length;
    this.exact = exact;
  }

  /** @param {Quantity} quantity @param {number} l */
  reached(quantity, l) {
    return this.seen.reached(quantity, l);
  }

  /** @param {number} l */
  #drawn(l) {
    return this.seen.frame.layers[l - 1];
  }

  /**
   * @param {number} l
   * @param {number} j
   * @param {keyof ExactLayer} name
   * @param {ArrayLike<number> | null | undefined} drawn
   * @returns {number | null}
   */
  #vector(l, j, name, drawn) {
    const exact = /** @type {(number | null)[] | null | undefined} */ (this.exact.get(l)?.[name])?.[j - 1];
    return exact ?? drawn?.[j - 1] ?? null;
  }

  /**
   * @param {number} l
   * @param {number} j
   * @param {number} k
   * @param {"w" | "w_after" | "nabla_w" | "sent" | "charged"} name
   * @param {ArrayLike<number> | null | undefined} drawn
   */
  #matrix(l, j, k, name, drawn) {
    return this.exact.get(l)?.[name]?.[j - 1]?.[k - 1] ?? drawn?.[(j - 1) * this.layers[l - 2] + k - 1] ?? null;
  }

  /** @param {number} l @param {number} j */
  a(l, j) {
    return this.reached("a", l) ? this.#vector(l, j, "a", this.#drawn(l).a) : null;
  }

  /** @param {number} l @param {number} j */
  z(l, j) {
    return this.reached("z", l) ? this.#vector(l, j, "z", this.#drawn(l).z) : null;
  }

  /** @param {number} l @param {number} j before the step */
  b(l, j) {
    return this.#vector(l, j, "b", this.#drawn(l).b);
  }

  /** @param {number} l @param {number} j the step's own result */
  bAfter(l, j) {
    return this.reached("after", l) ? this.#vector(l, j, "b_after", this.#drawn(l).bAfter) : null;
  }

  /** @param {number} l @param {number} j in force: what was edited since the step is only in the frame */
  bNow(l, j) {
    const drawn = this.#drawn(l).bAfter?.[j - 1];
    return this.reached("after", l) && drawn !== undefined ? nearer(this.bAfter(l, j), drawn) : nearer(this.b(l, j), this.#drawn(l).b?.[j - 1]);
  }

  /** @param {number} l @param {number} j null also for softmax */
  sigmaPrime(l, j) {
    return this.reached("sigmaPrime", l) ? this.#vector(l, j, "sigma_prime", this.#drawn(l).sigmaPrime) : null;
  }

  /** @param {number} l @param {number} j null also where it overflows */
  received(l, j) {
    if (!this.reached("received", l)) return null;
    const found = this.#vector(l, j, "received", this.#drawn(l).received);
    return found !== null && Number.isFinite(found) ? found : null;
  }

  /** @param {number} l @param {number} j */
  delta(l, j) {
    return this.reached("delta", l) ? this.#vector(l, j, "delta", this.#drawn(l).delta) : null;
  }

  /** @param {number} l @param {number} j the mean over the mini-batch */
  nablaB(l, j) {
    return this.reached("charged", l) && this.#hasMeans ? this.#vector(l, j, "nabla_b", this.#drawn(l).nablaB) : null;
  }

  /** @param {number} l @param {number} j @param {number} k before the step */
  w(l, j, k) {
    return this.#matrix(l, j, k, "w", this.#drawn(l).w);
  }

  /** @param {number} l @param {number} j @param {number} k the step's own result */
  wAfter(l, j, k) {
    return this.reached("after", l) ? this.#matrix(l, j, k, "w_after", this.#drawn(l).wAfter) : null;
  }

  /** @param {number} l @param {number} j @param {number} k in force: what was edited since the step is only in the frame */
  wNow(l, j, k) {
    const at = (j - 1) * this.layers[l - 2] + k - 1;
    const drawn = this.#drawn(l).wAfter?.[at];
    return this.reached("after", l) && drawn !== undefined ? nearer(this.wAfter(l, j, k), drawn) : nearer(this.w(l, j, k), this.#drawn(l).w?.[at]);
  }

  /** @param {number} l @param {number} j @param {number} k the mean over the mini-batch */
  nablaW(l, j, k) {
    return this.reached("charged", l) && this.#hasMeans ? this.#matrix(l, j, k, "nabla_w", this.#drawn(l).nablaW) : null;
  }

  /** @param {number} l whether something else than the transpose sends back from this layer */
  hasFeedback(l) {
    return Boolean(this.#drawn(l).feedback);
  }

  /** What delta_j is multiplied by on its way to neuron k. @param {number} l @param {number} j @param {number} k */
  sender(l, j, k) {
    const { feedback } = this.#drawn(l);
    return feedback ? feedback[(k - 1) * this.layers[l - 1] + j - 1] : this.w(l, j, k);
  }

  /** @param {number} l @param {number} j @param {number} k */
  sent(l, j, k) {
    if (!this.reached("sent", l)) return null;
    return this.exact.get(l)?.sent?.[j - 1]?.[k - 1] ?? times(this.sender(l, j, k), this.delta(l, j));
  }

  /** @param {number} l @param {number} j @param {number} k */
  charged(l, j, k) {
    if (!this.reached("charged", l)) return null;
    return this.exact.get(l)?.charged?.[j - 1]?.[k - 1] ?? times(this.a(l - 1, k), this.delta(l, j));
  }

  /** @param {number} l @param {number} j @param {number} k */
  ledger(l, j, k) {
    return this.reached("ledger", l) ? times(times(this.a(l - 1, k), this.w(l, j, k)), this.delta(l, j)) : null;
  }

  /** @param {number} j from 1 */
  y(j) {
    const exact = [...this.exact.values()].find(({ y }) => y !== undefined);
    return exact?.y?.[j - 1] ?? this.seen.frame.example.y[j - 1];
  }

  /** While whole steps are played, frames leave the means out, and the last ones are of another step. */
  get #hasMeans() {
    return !(this.seen.frame.playing && this.seen.cursor.phase === "update");
  }
}

/** @param {number | null} x @param {number | null} y */
const times = (x, y) => (x === null || y === null ? null : x * y);

/**
 * The exact number, unless what is drawn is another one.
 * @param {number | null} exact
 * @param {number | undefined} drawn
 */
const nearer = (exact, drawn) => (exact !== null && (drawn === undefined || Math.abs(exact - drawn) <= SINGLE * Math.abs(exact) || Math.fround(exact) === drawn) ? exact : (drawn ?? null));
