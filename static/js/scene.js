// The network's picture: puts the newest frame on the server's SVG, and lets travel what the phase makes travel.

import { brush } from "./brush.js";
import { Connections, curve, ends, keyOf } from "./connections.js";
import { place, squares } from "./labels.js";
import { Neurons } from "./neurons.js";
import { direction, next } from "./phases.js";
import { connection, customary } from "./quantities.js";

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./motion.js").Motion} Motion */

export class Scene {
  /** @type {SVGSVGElement} */
  #svg;
  #connections;
  #neurons;
  /** @type {Set<(svg: SVGSVGElement) => void>} */
  #boundListeners = new Set();
  #customary = "";

  /**
   * @param {HTMLElement} stage
   * @param {Store} store
   * @param {Motion} motion
   */
  constructor(stage, store, motion) {
    this.stage = stage;
    this.store = store;
    this.motion = motion;
    this.#svg = /** @type {SVGSVGElement} */ (stage.querySelector("svg#network"));
    this.#connections = new Connections(this.#svg);
    this.#neurons = new Neurons(this.#svg);
    motion.svg = this.#svg;
    motion.onArrival = () => store.ask();
    store.onDraw((seen, before) => this.#draw(seen, before));
  }

  get svg() {
    return this.#svg;
  }

  get connections() {
    return this.#connections;
  }

  /** @param {(svg: SVGSVGElement) => void} listener called with every new SVG of the server */
  onBound(listener) {
    this.#boundListeners.add(listener);
    listener(this.#svg);
  }

  /** Take up the SVG that the server made for another size. */
  rebind() {
    const svg = this.stage.querySelector("svg#network");
    if (!(svg instanceof SVGSVGElement)) return;
    this.motion.stop();
    this.#svg = this.motion.svg = svg;
    this.#connections = new Connections(svg);
    this.#neurons = new Neurons(svg);
    for (const listener of this.#boundListeners) listener(svg);
    this.store.ask();
  }

  /**
   * @param {Seen} seen
   * @param {Seen | null} before
   */
  #draw(seen, before) {
    this.#chooseByCustom(seen);
    if (before !== seen && before && moved(seen, before)) {
      if (follows(seen, before)) this.#setOut(seen);
      else this.motion.stop();
    }
    this.#paint(seen);
  }

  /** @param {Seen} seen */
  #paint(seen) {
    const { connections, neurons } = this.store.choice;
    const { cursor } = seen.frame;
    const pen = brush(this.#svg);
    pen.set("data-step", cursor.step);
    pen.set("data-phase", cursor.phase);
    pen.set("data-phase-layer", cursor.layer);
    pen.set("data-direction", cursor.phase === "start" ? "start" : direction(cursor));
    pen.set("data-connections", connections);
    pen.set("data-neurons", neurons);
    const flight = (/** @type {number} */ layer, /** @type {number} */ j, /** @type {number} */ k) =>
      this.motion.state(connections === "charged" ? "charged" : "sent", layer, j, k);
    this.#connections.draw(seen, connections, flight);
    this.#neurons.draw(seen, neurons, (layer, j, k) => this.motion.state("sent", layer, j, k));
    for (const group of this.#svg.querySelectorAll("g.neuron")) {
      const layer = Number(group.getAttribute("data-layer"));
      brush(group).toggle("arriving", layer > 1 && this.motion.under("signal", layer));
    }
  }

  /**
   * When the direction changes, the connections show what that direction is about.
   * @param {Seen} seen
   */
  #chooseByCustom({ frame }) {
    const kind = customary(frame.cursor);
    if (kind === this.#customary) return;
    const first = this.#customary === "";
    this.#customary = kind;
    if (!first || kind !== "weight") this.store.choice.connections = kind;
  }

  /**
   * Let travel what the phase that has just been done sends.
   * @param {Seen} seen
   */
  #setOut(seen) {
    const { phase, layer } = seen.frame.cursor;
    const { layers } = seen.topology;
    if (phase === "send_back" && layer) this.#travel(seen, "sent", layer + 1, layers[layer]);
    else if (phase === "gradient" && layer) this.#travel(seen, "charged", layer, 1);
    else if (phase === "feedforward" && layer) this.#travel(seen, "signal", layer, 1);
    else this.motion.stop();
  }

  /**
   * @param {Seen} seen
   * @param {"sent" | "charged" | "signal"} kind
   * @param {number} layer that the connections lead into
   * @param {number} senders
   */
  #travel(seen, kind, layer, senders) {
    if (this.motion.speed === "max") return this.motion.stop();
    // The pool has to be lent before anything can travel along it.
    if (kind !== "signal") this.#connections.draw(seen, kind, () => "coming");
    const travellers = this.#connections
      .places()
      .filter((place) => place.layer === layer)
      .flatMap((place) => {
        const numbers = connection(seen, layer, place.j - 1, place.k - 1);
        const value = kind === "signal" ? 1 : numbers[kind];
        if (value === null || !Number.isFinite(value) || value === 0) return [];
        return [{ ...place, value, curve: curve(this.#svg, place, seen.topology.layers) }];
      })
      .sort((p, q) => Math.abs(p.value) - Math.abs(q.value));
    const labels = kind === "sent" && this.#svg.dataset.numbers !== "all" ? place(travellers.map((one) => ({ ...one, key: keyOf(one) })), squares(this.#svg)) : [];
    this.motion.start({ kind, layer, travellers, labels, senders, large: this.#connections.pooled }, seen.frame.playing);
    return undefined;
  }

  /**
   * The ends of a connection in the picture, for whoever points at it.
   * @param {import("./connections.js").Place} place
   */
  endsOf(place) {
    return ends(this.#svg, place, this.store.seen?.topology.layers ?? []);
  }
}

/** @param {Seen} seen @param {Seen} before */
const moved = ({ frame: now }, { frame: then }) =>
  now.cursor.step !== then.cursor.step || now.cursor.phase !== then.cursor.phase || now.cursor.layer !== then.cursor.layer;

/**
 * Whether the cursor went exactly one phase forward: only then does anything travel.
 * @param {Seen} seen
 * @param {Seen} before
 */
function follows({ frame, phases }, before) {
  const expected = next(phases, before.frame.cursor);
  const { step, phase, layer } = frame.cursor;
  return expected.step === step && expected.phase === phase && expected.layer === layer;
}
