// How a page reaches the wire: through the worker that all tabs share; where there is none, or it does not answer, by
// tabs of its own, of which it is the only one.

import { SPEAK_MS, Tabs } from "./tabs.js";

/** @typedef {import("./tabs.js").Told} Told */

/** A worker that has not answered by then is gone, ms. */
const ANSWER_MS = 4_000;
/** How many workers are tried. */
const WORKERS = 2;

export class Link {
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {import("./wire.js").Topic | null} */
  #want = null;
  #tried = 0;
  #waiting = 0;
  #speaking = 0;

  /** @param {(told: Told) => void} told */
  constructor(told) {
    this.told = told;
  }

  /** @param {import("./wire.js").Topic | null} topic null: nothing for now @param {boolean} [hurry] */
  want(topic, hurry = false) {
    this.#want = topic;
    this.#say(hurry);
    clearInterval(this.#speaking);
    if (topic !== null) this.#speaking = setInterval(() => this.#say(false), SPEAK_MS);
  }

  /** @param {boolean} hurry */
  #say(hurry) {
    if (!this.#port && this.#want === null) return;
    this.#port ??= this.#opened();
    this.#port.postMessage({ want: this.#want, hurry });
    if (this.#want !== null) this.#waiting ||= setTimeout(() => this.#lost(), ANSWER_MS);
  }

  #opened() {
    const shared = this.#tried++ < WORKERS ? worker(() => this.#lost()) : null;
    const channel = shared ? null : new MessageChannel();
    if (channel) new Tabs().add(channel.port2);
    const port = shared ?? /** @type {MessageChannel} */ (channel).port1;
    port.onmessage = ({ data }) => {
      if (port !== this.#port) return;
      if (data.alive) this.#answered();
      if (data.name || this.#want !== null) this.told(data);
    };
    return port;
  }

  #answered() {
    clearTimeout(this.#waiting);
    this.#waiting = 0;
  }

  /** The worker is gone: there is another way. */
  #lost() {
    this.#answered();
    this.#port?.close();
    this.#port = null;
    this.#say(false);
  }
}

/** @param {() => void} failed it could not be loaded @returns {MessagePort | null} */
function worker(failed) {
  try {
    const shared = new SharedWorker(new URL("./shared.js", import.meta.url), { type: "module", name: "blameflow" });
    shared.addEventListener("error", failed);
    return shared.port;
  } catch {
    return null;
  }
}
