// Whether anything moves, and how fast: the one place that knows of time, of speed and of reduced motion.
// It only turns the clock: what is to be seen at any moment follows from the progress alone.

import { arrivals } from "./flights.js";
import { next } from "../phases.js";
import { SWEEP_MS } from "./scales.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {"0.25" | "1" | "4" | "max"} Speed */

/** The most that one screen may take of a phase, ms: a page that was hidden goes on where it was. */
const LONGEST_MS = 250;
/** While it plays, a phase has to end before the next one comes. */
const IN_TIME = 0.9;
/** Phases in which nothing travels are shorter, as shares of a sweep; the others take one. */
const SHARES = /** @type {Record<string, number>} */ ({ start: 0, cost: 0, output_error: 0.6 });

/**
 * How long a phase takes, ms; 0: nothing moves.
 * @param {import("../phases.js").PhaseName} phase
 * @param {Speed} speed
 * @param {boolean} reduced
 */
export const durationOf = (phase, speed, reduced) => (speed === "max" || reduced ? 0 : ((SHARES[phase] ?? 1) * SWEEP_MS) / Number(speed));

export class Motion {
  /** @type {Speed} */
  speed = "1";

  #duration = 0;
  #last = 0;
  #asked = 0;
  #arrived = -1;
  #query = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.store = store;
    store.enter = (seen, before) => this.#enter(seen, before);
    this.#query.addEventListener("change", () => this.finish());
  }

  get reduced() {
    return this.#query.matches;
  }

  /** Whether a phase is under way, moving or not. */
  get underWay() {
    return (this.store.seen?.progress ?? 1) < 1;
  }

  get moving() {
    return this.#asked !== 0;
  }

  /** Whether a phase stands still in mid-flight. */
  get stopped() {
    return this.underWay && !this.moving;
  }

  /**
   * A new frame: only a step of exactly one phase forward moves anything.
   * @param {Seen} seen
   * @param {Seen | null} before
   */
  #enter(seen, before) {
    this.hold();
    if (!before || !follows(seen, before)) return 1;
    this.#duration = durationOf(seen.cursor.phase, this.speed, this.reduced) * (seen.frame.playing ? IN_TIME : 1);
    if (this.#duration === 0) return 1;
    this.#run();
    return 0;
  }

  /** What is on its way arrives at once. */
  finish() {
    this.hold();
    if (!this.underWay) return;
    this.store.progress(1);
    this.store.ask();
  }

  /** Stop in mid-flight. */
  hold() {
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
  }

  /** Go on from where it was stopped. */
  thaw() {
    const seen = this.store.seen;
    if (!seen || seen.progress >= 1) return;
    this.#duration = durationOf(seen.cursor.phase, this.speed, this.reduced);
    if (this.#duration === 0) this.finish();
    else this.#run();
  }

  #run() {
    cancelAnimationFrame(this.#asked);
    this.#last = performance.now();
    this.#arrived = -1;
    this.#ask();
  }

  #ask() {
    this.#asked = requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    const seen = this.store.seen;
    if (!seen) return;
    const passed = Math.min(Math.max(now - this.#last, 0), LONGEST_MS);
    this.#last = now;
    const progress = Math.min(1, seen.progress + passed / this.#duration);
    this.#asked = 0;
    this.store.progress(progress);
    if (progress < 1) this.#ask();
    // What arrives changes sums and words, which are drawn by others too.
    const arrived = progress < 1 ? arrivals(/** @type {Seen} */ (this.store.seen)) : Infinity;
    if (arrived !== this.#arrived) this.store.ask();
    this.#arrived = arrived;
  }
}

/**
 * Whether the cursor went exactly one phase forward.
 * @param {Seen} seen
 * @param {Seen} before
 */
function follows({ cursor, phases }, before) {
  const expected = next(phases, before.cursor);
  return expected.step === cursor.step && expected.phase === cursor.phase && expected.layer === cursor.layer;
}
