// The panel's clock: shows that wait for each other, can be stopped in mid-flight, and follow the speed of the page.

import { ease } from "../picture/flights.js";

/** The most that one screen may take, ms. */
const LONGEST_MS = 50;

/** @typedef {{passed: number, duration: number, frame: (t: number) => void, done: (ended: boolean) => void, name: string, easing: (t: number) => number}} Running */

export class Clock {
  /** @type {Set<Running>} */
  #running = new Set();
  #last = 0;
  #asked = 0;
  paused = false;

  /**
   * @param {() => number} speed as a factor
   * @param {() => void} drawn called on every screen on which something ran
   */
  constructor(speed, drawn) {
    this.speed = speed;
    this.drawn = drawn;
  }

  /**
   * @param {string} name under which it can be stopped
   * @param {number} duration ms
   * @param {(t: number) => void} [frame] from 0 to 1
   * @param {(t: number) => number} [easing]
   * @returns {Promise<boolean>} false: it was stopped
   */
  run(name, duration, frame = () => {}, easing = ease) {
    return new Promise((done) => {
      this.#running.add({ passed: 0, duration: Math.max(1, duration), frame, done, name, easing });
      if (!this.#asked) {
        this.#last = performance.now();
        this.#ask();
      }
    });
  }

  /** @param {string} name */
  stop(name) {
    for (const one of this.#running) {
      if (one.name !== name) continue;
      this.#running.delete(one);
      one.done(false);
    }
  }

  /** @param {string} name */
  runs(name) {
    return [...this.#running].some((one) => one.name === name);
  }

  #ask() {
    this.#asked = requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    this.#asked = 0;
    const passed = this.paused ? 0 : Math.min(Math.max(now - this.#last, 0), LONGEST_MS) * this.speed();
    this.#last = now;
    for (const one of [...this.#running]) {
      one.passed += passed;
      const share = Math.min(1, one.passed / one.duration);
      one.frame(one.easing(share));
      if (share < 1) continue;
      this.#running.delete(one);
      one.done(true);
    }
    this.drawn();
    if (this.#running.size) this.#ask();
  }
}
