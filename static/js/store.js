// The newest that the stream said, and who wants to know. Any number of changes between two screens become one drawing.

/** @typedef {import("./protocol.js").Topology} Topology */
/** @typedef {import("./protocol.js").Frame} Frame */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {{topology: Topology, frame: Frame, phases: Phase[], reached: (quantity: import("./phases.js").Quantity, layer: number) => boolean}} Seen */
/** @typedef {{connections: "weight" | "sent" | "charged", neurons: "a" | "z" | "delta"}} Choice */

import { phasesOf, reachedAt } from "./phases.js";

export class Store {
  /** @type {Topology | null} */
  topology = null;
  /** @type {Seen | null} what is on the screen, or will be at the next drawing */
  seen = null;
  /** @type {Seen | null} what was drawn last */
  drawn = null;
  /** @type {Choice} what connections and neurons show */
  choice = { connections: "weight", neurons: "a" };

  /** @type {Set<(seen: Seen, before: Seen | null) => void>} */
  #drawers = new Set();
  /** @type {Set<(topology: Topology) => void>} */
  #topologyListeners = new Set();
  #asked = false;

  /** @param {(callback: () => void) => unknown} nextScreen by default the browser's requestAnimationFrame */
  constructor(nextScreen = (callback) => requestAnimationFrame(callback)) {
    this.nextScreen = nextScreen;
  }

  /**
   * @param {(seen: Seen, before: Seen | null) => void} draw called at most once per screen
   */
  onDraw(draw) {
    this.#drawers.add(draw);
  }

  /** @param {(topology: Topology) => void} listener called at once for every topology */
  onTopology(listener) {
    this.#topologyListeners.add(listener);
    if (this.topology) listener(this.topology);
  }

  /** @param {Topology} topology */
  setTopology(topology) {
    this.topology = topology;
    for (const listener of this.#topologyListeners) listener(topology);
  }

  /** @param {Frame} frame */
  setFrame(frame) {
    const topology = this.topology;
    if (!topology) return;
    const phases = phasesOf(topology.layers.length);
    this.seen = { topology, frame, phases, reached: reachedAt(phases, frame.cursor, topology.layers.length) };
    this.ask();
  }

  /** @param {Partial<Choice>} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.ask();
  }

  /** Ask for a drawing at the next screen. */
  ask() {
    if (this.#asked || !this.seen) return;
    this.#asked = true;
    this.nextScreen(() => this.#draw());
  }

  #draw() {
    this.#asked = false;
    if (!this.seen) return;
    const before = this.drawn;
    this.drawn = this.seen;
    for (const draw of this.#drawers) draw(this.seen, before);
  }
}
