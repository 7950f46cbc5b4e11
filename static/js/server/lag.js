// How old what arrives is: a slow network keeps what was sent, in order, so that the newest comes late.

/** From here on it is late, and from there on no longer, ms. */
const LATE_MS = 1_000;
const IN_TIME_MS = 700;
/** While a session plays a frame is overdue after so long, ms; after so many of the gaps there are; how many gaps are remembered. */
const PATIENCE_MS = 1_500;
const GAPS = 4;
const REMEMBERED = 8;

/** How late what was sent at a time of the server's arrives. The two clocks need not agree. */
export class Lag {
  /** The least difference of the two clocks that was seen, ms: what came soonest. */
  #least = Infinity;
  #since = Infinity;
  /** ms; 0: in time */
  ms = 0;

  /** A connection is new. @param {number} at the server's time @param {number} now ours, ms since 1970 both */
  begin(at, now) {
    this.#least = Infinity;
    this.#since = at;
    this.ms = 0;
    this.arrived(at, now);
  }

  /** @param {number} at when it was new; what is older than the connection, and was new for long, says nothing @param {number} now */
  arrived(at, now) {
    if (!(at >= this.#since)) return;
    this.#least = Math.min(this.#least, now - at);
    const late = now - at - this.#least;
    this.ms = late > (this.ms ? IN_TIME_MS : LATE_MS) ? late : 0;
  }
}

/** How long the next frame of a session that plays may take before it is overdue: a server that is busy, or a player who takes his time, is not. */
export class Rhythm {
  /** @type {number[]} the newest gaps, ms */
  #gaps = [];
  #last = 0;

  /** @param {{playing: boolean, play: {per_second: number} | null}} frame @param {number} now @returns {number} ms; 0: none is expected */
  next({ playing, play }, now) {
    if (playing && this.#last) this.#gaps = [...this.#gaps.slice(1 - REMEMBERED), now - this.#last];
    if (!playing) this.#gaps = [];
    this.#last = playing ? now : 0;
    if (!playing) return 0;
    return Math.max(PATIENCE_MS, (GAPS * 1000) / (play?.per_second || Infinity), GAPS * Math.max(0, ...this.#gaps));
  }
}
