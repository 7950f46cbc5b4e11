// What is on its way, on the canvas over the picture: painted anew for every progress of the phase.

import { at } from "./bezier.js";
import { colours } from "./colours.js";
import { curve, keyOf } from "./connections.js";
import { ease, flight, travelled, updated } from "./flights.js";
import { paint as paintLabel, place as placeLabels, squares } from "./labels.js";
import { arrowhead, charge, drop, landed, LANDS, signal } from "./pulses.js";
import { connection } from "./quantities.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {{layer: number, j: number, k: number, value: number, curve: import("./bezier.js").Curve}} Traveller j, k from 1 */
/** @typedef {{layer: number, j: number, k: number, value: number, t: number, up: boolean}} Guest what another part of the page sends along a connection; t: where on it, 1 at neuron j */
/** @typedef {CanvasRenderingContext2D} Pen */

/** A label is shown when its drop is so far past it, as a share of the curve. */
const LABEL_BEHIND = 0.12;
/** Where nothing moves, so many connections at most carry an arrowhead, the strongest: more would be one heap. */
const ARROWS = 24;

export class Traffic {
  /** @type {Traveller[]} the largest last, so that it is painted on top */
  #travellers = [];
  /** @type {import("./labels.js").Label[]} */
  #labels = [];
  #of = "";
  #painted = false;
  /** @type {Guest[]} */
  guests = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./motion.js").Motion} motion
   */
  constructor(canvas, motion) {
    this.canvas = canvas;
    this.motion = motion;
  }

  /** Another picture, theme or size: nothing that was worked out holds any more. */
  forget() {
    this.#of = "";
  }

  /**
   * @param {Seen} seen
   * @param {SVGSVGElement} svg
   * @param {import("./connections.js").Connections} connections
   */
  draw(seen, svg, connections) {
    if (!this.#busy(seen)) return this.#clear();
    const pen = this.#pen(svg);
    if (!pen) return undefined;
    this.#painted = true;
    return this.paint(pen, seen, svg, connections);
  }

  /** Without motion, arrowheads say which way the blame went. @param {Seen} seen */
  #arrows = ({ progress, cursor }) => progress >= 1 && this.motion.reduced && cursor.phase === "send_back";

  /** Whether anything is on its way. @param {Seen} seen */
  #busy = (seen) => seen.progress < 1 || this.#arrows(seen) || this.guests.length > 0;

  /**
   * What is on its way, with any pen in the units of the picture.
   * @param {Pen} pen
   * @param {Seen} seen
   * @param {SVGSVGElement} svg
   * @param {import("./connections.js").Connections} connections
   */
  paint(pen, seen, svg, connections) {
    if (!this.#busy(seen)) return undefined;
    this.#collect(seen, svg, connections);
    if (this.guests.length) this.#paintGuests(pen, seen, svg, connections.pooled);
    else if (this.#arrows(seen)) for (const { value, curve: path } of this.#travellers.slice(-ARROWS)) arrowhead(pen, path, value, colours());
    else if (seen.cursor.phase === "update") this.#paintUpdate(pen, seen, connections.pooled);
    else this.#paintFlight(pen, seen, connections.pooled);
    return undefined;
  }

  /** @param {Seen} seen @param {SVGSVGElement} svg @param {import("./connections.js").Connections} connections */
  #collect(seen, svg, connections) {
    const of = flight(seen);
    const { step, phase, layer } = seen.cursor;
    const name = `${step}/${phase}/${layer}/${seen.frame.revision}/${seen.frame.example.index}/${connections.note}`;
    if (name === this.#of) return;
    this.#of = name;
    const places = connections.places().filter((place) => phase === "update" || place.layer === of?.layer);
    this.#travellers = places
      .map((place) => ({ ...place, value: carried(seen, place), curve: curve(svg, place, seen.topology.layers) }))
      .filter(({ value }) => Number.isFinite(value) && value !== 0)
      .sort((p, q) => Math.abs(p.value) - Math.abs(q.value));
    const labelled = of?.kind === "sent" && svg.dataset.numbers !== "all";
    this.#labels = labelled ? placeLabels(this.#travellers.map((one) => ({ ...one, key: keyOf(one) })), squares(svg)) : [];
  }

  /** @param {Pen} pen @param {Seen} seen @param {boolean} large */
  #paintFlight(pen, seen, large) {
    const of = flight(seen);
    if (!of) return;
    const known = colours();
    /** @type {Map<string, number>} */
    const flying = new Map();
    for (const one of this.#travellers) {
      const t = travelled(of, one.j, seen.progress);
      if (t < 0 || t >= 1) continue;
      if (of.kind === "charged") charge(pen, one.curve, t, one.value, known, large);
      else if (of.kind === "signal") signal(pen, one.curve, ease(t), known, large);
      else {
        flying.set(keyOf(one), 1 - ease(t));
        drop(pen, one.curve, 1 - ease(t), one.value, known, large);
      }
    }
    // Only what is in flight carries a label, behind the drop; when it has arrived the number is in the sum.
    for (const label of this.#labels) if ((flying.get(label.key) ?? 1) < label.t - LABEL_BEHIND) paintLabel(pen, label, known);
  }

  /** @param {Pen} pen @param {Seen} seen @param {SVGSVGElement} svg @param {boolean} large */
  #paintGuests(pen, seen, svg, large) {
    for (const guest of this.guests) {
      const path = curve(svg, guest, seen.topology.layers);
      if (guest.up) signal(pen, path, guest.t, colours(), large);
      else if (guest.value) drop(pen, path, guest.t, guest.value, colours(), large);
    }
  }

  /** The charges that lie on the connections go into their weights. @param {Pen} pen @param {Seen} seen @param {boolean} large */
  #paintUpdate(pen, seen, large) {
    for (const { curve: path, value } of this.#travellers) landed(pen, at(path, LANDS), 1 - updated(seen), value, colours(), large);
  }

  /** The canvas in the units of the picture. @param {SVGSVGElement} svg */
  #pen(svg) {
    const { canvas } = this;
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    const [box, own] = [svg.getBoundingClientRect(), canvas.getBoundingClientRect()];
    const ratio = devicePixelRatio || 1;
    const [width, height] = [Math.round(own.width * ratio), Math.round(own.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const { x, y, width: w, height: h } = svg.viewBox.baseVal;
    const scale = Math.min(box.width / w, box.height / h) || 1;
    const [dx, dy] = [box.left - own.left + (box.width - scale * w) / 2, box.top - own.top + (box.height - scale * h) / 2];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (dx - scale * x), ratio * (dy - scale * y));
    return pen;
  }

  #clear() {
    if (!this.#painted) return;
    this.#painted = false;
    const pen = this.canvas.getContext("2d");
    pen?.setTransform(1, 0, 0, 1, 0, 0);
    pen?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}

/**
 * What travels along a connection in the phase on view; NaN if nothing does.
 * @param {Seen} seen
 * @param {import("./connections.js").Place} place
 * @returns {number}
 */
function carried(seen, { layer, j, k }) {
  const { phase } = seen.cursor;
  if (phase === "feedforward") return 1;
  const numbers = connection(seen, layer, j - 1, k - 1);
  if (phase === "send_back") return numbers.sent ?? NaN;
  if (phase === "gradient") return numbers.charged ?? NaN;
  const nabla = seen.frame.layers[layer - 1].nablaW;
  return nabla ? nabla[(j - 1) * seen.topology.layers[layer - 2] + k - 1] : NaN;
}
