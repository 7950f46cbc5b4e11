// All tabs of one browser over one wire: what each of them follows while it is seen, and which of them are still there.

import { Wire } from "./wire.js";

/** @typedef {import("./wire.js").Topic} Topic */
/** What a tab says: what it follows now (null: it is not seen), and whether the wire is to be tried at once. @typedef {{want: Topic | null, hurry?: boolean}} Ask */
/** What it is told: `alive` answers every ask. @typedef {{status: import("./wire.js").Status, alive?: boolean} | {name: string, data: string}} Told */

/** A tab that is seen speaks every few seconds; one that has not for so long is gone, ms. */
const GONE_MS = 20_000;
export const SPEAK_MS = 5_000;

export class Tabs {
  /** @type {Map<MessagePort, {topic: Topic, at: number}>} those that are seen */
  #seen = new Map();

  /** @param {import("./wire.js").Surroundings} [surroundings] */
  constructor(surroundings) {
    this.wire = new Wire(
      (topic, name, data) => this.#pass(topic, { name, data }),
      (status) => this.#pass(null, { status }),
      surroundings,
    );
    this.around = this.wire.around;
  }

  /** @param {MessagePort} port of a tab that has just come */
  add(port) {
    port.onmessage = ({ data }) => this.#asked(port, data);
  }

  /** @param {MessagePort} port @param {Ask} ask */
  #asked(port, { want, hurry }) {
    const fresh = want !== null && this.#seen.get(port)?.topic !== want;
    if (want === null) this.#seen.delete(port);
    else this.#seen.set(port, { topic: want, at: this.around.now() });
    for (const [other, { at }] of this.#seen) if (at < this.around.now() - GONE_MS) this.#seen.delete(other);
    this.wire.want(new Set([...this.#seen.values()].map(({ topic }) => topic)), fresh);
    if (hurry) this.wire.hurry();
    port.postMessage({ status: this.wire.status, alive: true });
  }

  /** @param {Topic | null} about null: all @param {Told} told */
  #pass(about, told) {
    for (const [port, { topic }] of this.#seen) if (about === null || about === topic) port.postMessage(told);
  }
}
