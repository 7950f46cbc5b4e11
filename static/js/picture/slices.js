// Work in many small pieces, done a few at a time between two screens, so that nothing else has to wait for it.

/** So much of a screen's time goes to it, ms. */
const BUDGET_MS = 5;

export class Slices {
  #pieces = 0;
  #next = 0;
  #left = 0;
  #asked = false;

  /**
   * @param {(piece: number) => void} work
   * @param {(callback: () => void) => unknown} [nextScreen]
   * @param {() => number} [now] ms
   */
  constructor(work, nextScreen = (callback) => requestAnimationFrame(callback), now = () => performance.now()) {
    this.work = work;
    this.nextScreen = nextScreen;
    this.now = now;
  }

  /** Whether something is still to be done. */
  get busy() {
    return this.#left > 0;
  }

  /**
   * Do all pieces anew. What is under way goes on from where it is, so that every piece gets its turn however often this is called.
   * @param {number} pieces
   */
  start(pieces) {
    this.#pieces = this.#left = pieces;
    if (this.#next >= pieces) this.#next = 0;
    this.#ask();
  }

  /** What is left is not wanted any more. */
  stop() {
    this.#left = 0;
  }

  #ask() {
    if (this.#asked || !this.busy) return;
    this.#asked = true;
    this.nextScreen(() => this.#run());
  }

  #run() {
    this.#asked = false;
    const end = this.now() + BUDGET_MS;
    do {
      if (!this.busy) return;
      this.work(this.#next);
      this.#next = (this.#next + 1) % this.#pieces;
      this.#left--;
    } while (this.now() < end);
    this.#ask();
  }
}
