// The network's picture: puts what is on view on the server's SVG, and what is on its way on the canvas over it.

import { brush } from "./brush.js";
import { Connections, ends } from "./connections.js";
import { flight } from "./flights.js";
import { Neurons } from "./neurons.js";
import { direction } from "../phases.js";
import { customary } from "./quantities.js";
import { Traffic } from "./traffic.js";

/** @typedef {import("../store.js").Seen} Seen */

export class Scene {
  /** @type {SVGSVGElement} */
  #svg;
  #connections;
  #neurons;
  #traffic;
  /** @type {Set<(svg: SVGSVGElement) => void>} */
  #boundListeners = new Set();
  #customary = "";

  /**
   * @param {HTMLElement} stage
   * @param {import("../store.js").Store} store
   * @param {import("./motion.js").Motion} motion
   */
  constructor(stage, store, motion) {
    this.stage = stage;
    this.store = store;
    this.#svg = /** @type {SVGSVGElement} */ (stage.querySelector("svg#network"));
    this.#connections = new Connections(this.#svg);
    this.#neurons = new Neurons(this.#svg);
    this.#traffic = new Traffic(/** @type {HTMLCanvasElement} */ (stage.querySelector("canvas")), motion);
    store.onDraw((seen) => this.#draw(seen));
    store.onMove((seen) => this.#move(seen));
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
    this.#svg = svg;
    this.#connections = new Connections(svg);
    this.#neurons = new Neurons(svg);
    for (const listener of this.#boundListeners) listener(svg);
    this.repaint();
  }

  /** @param {import("./traffic.js").Guest[]} guests what another part of the page sends along connections */
  host(guests) {
    if (!guests.length && !this.#traffic.guests.length) return;
    this.#traffic.guests = guests;
    const { seen } = this.store;
    if (seen) this.#traffic.draw(seen, this.#svg, this.#connections);
  }

  /** Paint everything again: another theme, size or view. */
  repaint() {
    this.#traffic.forget();
    this.store.ask();
  }

  /** The picture is seen from elsewhere: only what lies on the canvas has to follow. */
  repaintTraffic() {
    const { seen } = this.store;
    if (seen) this.#traffic.draw(seen, this.#svg, this.#connections);
  }

  /** What is on its way, for a picture of this moment. @param {CanvasRenderingContext2D} pen */
  paint(pen) {
    if (this.store.seen) this.#traffic.paint(pen, this.store.seen, this.#svg, this.#connections);
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#chooseByCustom(seen);
    const { connections, neurons, focus } = this.store.choice;
    const { cursor } = seen;
    const pen = brush(this.#svg);
    pen.set("data-step", cursor.step);
    pen.set("data-phase", cursor.phase);
    pen.set("data-phase-layer", cursor.layer);
    pen.set("data-direction", cursor.phase === "start" ? "start" : direction(cursor));
    pen.set("data-connections", connections);
    pen.set("data-neurons", neurons);
    this.#connections.draw(seen, connections, focus);
    this.#neurons.draw(seen, neurons);
    this.#finish(seen);
  }

  /** Only the progress of the phase has changed: only the layers that it concerns are drawn. @param {Seen} seen */
  #move(seen) {
    const { connections, neurons, focus } = this.store.choice;
    const of = flight(seen);
    this.#connections.draw(seen, connections, focus, seen.cursor.phase === "update" ? null : (of?.layer ?? 0));
    this.#neurons.draw(seen, neurons, seen.cursor.layer ?? 0);
    this.#finish(seen);
  }

  /** @param {Seen} seen */
  #finish(seen) {
    brush(this.#svg).set("data-progress", seen.progress.toFixed(2));
    this.#traffic.draw(seen, this.#svg, this.#connections);
  }

  /**
   * When the direction changes, the connections show what that direction is about.
   * @param {Seen} seen
   */
  #chooseByCustom({ cursor }) {
    const kind = customary(cursor);
    if (kind === this.#customary) return;
    const first = this.#customary === "";
    this.#customary = kind;
    if (!first || kind !== "weight") this.store.choice.connections = kind;
  }

  /**
   * The ends of a connection in the picture, for whoever points at it.
   * @param {import("./connections.js").Place} place
   */
  endsOf(place) {
    return ends(this.#svg, place, this.store.seen?.topology.layers ?? []);
  }
}
