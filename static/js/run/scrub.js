// Going to a step while a hand still moves: one call at a time, and after it only the newest wish. Never a queue of old ones.

export class Scrub {
  /** @type {number | null} the step that is wanted next */
  #wanted = null;
  #going = false;

  /** @param {(step: number) => Promise<boolean>} go whether the call went out */
  constructor(go) {
    this.go = go;
  }

  /** Whether a call is under way or waits. */
  get busy() {
    return this.#going;
  }

  /** @param {number} step */
  async to(step) {
    this.#wanted = step;
    if (this.#going) return;
    this.#going = true;
    while (this.#wanted !== null) {
      /** @type {number} */
      const next = this.#wanted;
      this.#wanted = null;
      // A call that could not go out is tried again, unless something newer is wanted meanwhile.
      if (!(await this.go(next))) this.#wanted ??= next;
    }
    this.#going = false;
  }
}
