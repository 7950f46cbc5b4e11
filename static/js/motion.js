// What moves, and whether anything does: the one place that knows of reduced motion, of speed, and of time.

import { colours } from "./colours.js";
import { paint as paintLabel } from "./labels.js";
import { arrowhead, charge, drop, signal } from "./pulses.js";
import { clamp, SWEEP_MS } from "./scales.js";

/** @typedef {"sent" | "charged" | "signal" | "gate"} Kind */
/** @typedef {{layer: number, j: number, k: number, value: number, curve: import("./bezier.js").Curve}} Traveller j, k from 1 */
/** @typedef {{kind: Kind, layer: number, travellers: Traveller[], labels: import("./labels.js").Label[], duration: number, senders: number, large: boolean}} Journey layer: that the connections lead into */
/** @typedef {"0.25" | "1" | "4" | "max"} Speed */

/** Up to so many senders they send one after the other, so that each can be followed. */
const FOLLOWED = 8;

/** The most that one screen may take of a journey, ms. */
const LONGEST_MS = 250;
/** A label is shown when its drop is so far past it, as a share of the curve. */
const LABEL_BEHIND = 0.12;

/**
 * When a sender's blame leaves and arrives, as shares of the journey.
 * @param {number} sender from 1
 * @param {number} senders
 * @returns {[number, number]}
 */
export function window_(sender, senders) {
  const share = senders === 1 ? 1 : senders <= FOLLOWED ? 0.58 : 0.85;
  const start = senders === 1 ? 0 : ((sender - 1) / (senders - 1)) * (1 - share);
  return [start, start + share];
}

/** @param {number} t from 0 to 1 @returns {number} slow, fast, slow */
export const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

/**
 * How long a journey takes, ms; 0: nothing moves.
 * @param {Speed} speed
 * @param {boolean} reduced
 */
export const durationOf = (speed, reduced) => (speed === "max" || reduced ? 0 : SWEEP_MS / Number(speed));

export class Motion {
  /** @type {Speed} */
  speed = "1";
  /** Called when something has arrived, and at the end. */
  onArrival = () => {};

  /** @type {Journey | null} */
  #journey = null;
  #clock = 0;
  #last = 0;
  #frozen = false;
  #arrived = 0;
  #asked = 0;
  #query = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {SVGSVGElement | null} */
    this.svg = null;
  }

  get reduced() {
    return this.#query.matches;
  }

  get moving() {
    return this.#journey !== null && this.#journey.duration > 0;
  }

  get frozen() {
    return this.#frozen;
  }

  /** Share of the journey that is done; 1 if there is none. */
  get progress() {
    return this.#journey && this.#journey.duration > 0 ? clamp(this.#clock / this.#journey.duration, 0, 1) : 1;
  }

  /** @param {Kind} kind @param {number} layer that is being filled, or whose gates open */
  under(kind, layer) {
    return this.moving && this.#journey?.kind === kind && this.#journey.layer === layer;
  }

  /**
   * How far the blame (or charge) of a connection is.
   * @param {Kind} kind @param {number} layer @param {number} j @param {number} _k
   * @returns {"coming" | "arrived" | null} null: not on a journey
   */
  state(kind, layer, j, _k) {
    const journey = this.#journey;
    if (!journey || journey.duration === 0 || journey.kind !== kind || journey.layer !== layer) return null;
    return this.progress >= window_(j, journey.senders)[1] ? "arrived" : "coming";
  }

  /**
   * Start a journey; what was on its way has arrived.
   * @param {Omit<Journey, "duration">} journey
   * @param {boolean} playing it has to end before the next phase comes
   */
  start(journey, playing) {
    const duration = durationOf(this.speed, this.reduced) * (playing ? 0.9 : 1);
    this.stop();
    if (duration === 0) {
      this.#still(journey);
      return;
    }
    this.#journey = { ...journey, duration };
    this.#clock = this.#arrived = 0;
    this.#frozen = false;
    this.#last = performance.now();
    this.#ask();
  }

  /** Everything arrives at once. */
  stop() {
    this.#journey = null;
    this.#frozen = false;
    cancelAnimationFrame(this.#asked);
    this.#clear();
  }

  freeze() {
    this.#frozen = this.moving;
  }

  thaw() {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#last = performance.now();
    this.#ask();
  }

  /** Paint again what stands still, after a change of theme or size. */
  repaint() {
    if (this.#journey) this.#paint(this.#journey);
  }

  #ask() {
    this.#asked = requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    const journey = this.#journey;
    if (!journey || this.#frozen) return;
    // A page that was hidden goes on where it was.
    this.#clock += Math.min(Math.max(now - this.#last, 0), LONGEST_MS);
    this.#last = now;
    this.#tellArrivals(journey);
    if (this.#clock >= journey.duration) {
      this.stop();
      this.onArrival();
      return;
    }
    this.#paint(journey);
    this.#ask();
  }

  /** @param {Journey} journey */
  #tellArrivals(journey) {
    let arrived = 0;
    for (let sender = 1; sender <= journey.senders; sender++) if (this.progress >= window_(sender, journey.senders)[1]) arrived++;
    if (arrived === this.#arrived && journey.kind !== "gate") return;
    this.#arrived = arrived;
    this.onArrival();
  }

  /** The canvas in the units of the picture. */
  #pen() {
    const { canvas, svg } = this;
    const pen = canvas.getContext("2d");
    if (!pen || !svg) return null;
    const [box, own] = [svg.getBoundingClientRect(), canvas.getBoundingClientRect()];
    const ratio = devicePixelRatio || 1;
    const [width, height] = [Math.round(own.width * ratio), Math.round(own.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const { width: w, height: h } = svg.viewBox.baseVal;
    const scale = Math.min(box.width / w, box.height / h) || 1;
    const [dx, dy] = [box.left - own.left + (box.width - scale * w) / 2, box.top - own.top + (box.height - scale * h) / 2];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * dx, ratio * dy);
    return pen;
  }

  #clear() {
    const pen = this.canvas.getContext("2d");
    pen?.setTransform(1, 0, 0, 1, 0, 0);
    pen?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** @param {Journey} journey */
  #paint(journey) {
    const pen = this.#pen();
    if (!pen || journey.kind === "gate") return;
    const known = colours();
    /** @type {Map<string, number>} */
    const flying = new Map();
    // The largest is painted last, on top.
    for (const { layer, j, k, value, curve } of journey.travellers) {
      const [from, to] = window_(j, journey.senders);
      const t = (this.progress - from) / (to - from);
      if (t < 0 || t >= 1) continue;
      flying.set(`${layer}-${j}-${k}`, 1 - ease(t));
      if (journey.kind === "sent") drop(pen, curve, 1 - ease(t), value, known, journey.large);
      else if (journey.kind === "charged") charge(pen, curve, t, value, known, journey.large);
      else signal(pen, curve, ease(t), known, journey.large);
    }
    // Only what is in flight carries a label, behind the drop; when it has arrived the number is in the sum.
    for (const label of journey.labels) if ((flying.get(label.key) ?? 1) < label.t - LABEL_BEHIND) paintLabel(pen, label, known);
  }

  /**
   * Without motion an arrowhead on each connection says where the blame has gone.
   * @param {Omit<Journey, "duration">} journey
   */
  #still(journey) {
    if (!this.reduced || journey.kind !== "sent") return;
    this.#journey = { ...journey, duration: 0 };
    const pen = this.#pen();
    if (!pen) return;
    for (const { value, curve } of journey.travellers) arrowhead(pen, curve, value, colours());
  }
}
