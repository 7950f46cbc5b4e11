// The examples of a set with two inputs as points: which there are, which is near, and how they are drawn.

import { colours } from "../picture/colours.js";
import { mark } from "./plane.js";
import { clamp } from "../picture/scales.js";

/**
 * @typedef {object} Point
 * @property {number} index row of the data set
 * @property {number[]} inputs
 * @property {number | null} label null: its targets are numbers
 * @property {number[]} targets
 * @property {boolean} added by hand
 */

/** So many of the data set are drawn; of the added ones all are. */
const DRAWN = 1000;
const RADIUS = 1.9;
/** After a failure they are asked for again, ms. */
const AGAIN_MS = 2000;
/** Around what was added there is a ring, px. */
const RING = 4.6;

/** @param {Record<string, any>} page of the server @returns {Point[]} */
const pointsOf = (page) =>
  page.index.map((/** @type {number} */ index, /** @type {number} */ i) => ({
    index, inputs: page.inputs[i], label: page.labels[i], targets: page.targets[i], added: page.added_after[i] !== null,
  }));

/**
 * The point next to a place.
 * @param {Point[]} points
 * @param {(inputs: number[]) => [number, number]} toPx
 * @param {[number, number]} at px
 * @param {number} [reach] px; farther ones are none
 * @returns {Point | null}
 */
export function nearest(points, toPx, [x, y], reach = Infinity) {
  let [best, distance] = [/** @type {Point | null} */ (null), reach];
  for (const point of points) {
    const [px, py] = toPx(point.inputs);
    const away = Math.hypot(px - x, py - y);
    // Of two at the same place the later one lies on top.
    if (away <= distance) [best, distance] = [point, away];
  }
  return best;
}

export class Points {
  /** @type {Point[]} */
  all = [];
  /** Called when there are others. */
  onArrived = () => {};
  onChange = () => {};
  #tag = "";

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("../store.js").Store} store
   */
  constructor(api, store) {
    this.api = api;
    store.onDraw(({ topology: { data } }) => data.examples_tag !== this.#tag && this.#load(data.examples_tag, data.n_added));
  }

  /** @param {string} tag of the examples that there are at the cursor @param {number} added how many of them were added */
  async #load(tag, added) {
    this.#tag = tag;
    const found = await this.#read(added).catch(() => null);
    if (tag !== this.#tag) return;
    if (found === null) return void setTimeout(() => (this.#tag = ""), AGAIN_MS);
    this.all = found;
    this.onArrived();
    this.onChange();
  }

  /** @param {number} added @returns {Promise<Point[]>} the first ones of the data set, and all that were added to it */
  async #read(added) {
    const first = await this.api.call("GET", `/examples?limit=${DRAWN}`);
    if (!added || first.count <= DRAWN) return pointsOf(first);
    const more = await this.api.call("GET", `/examples?part=added&limit=${DRAWN}`);
    return [...pointsOf(first).filter((point) => !point.added), ...pointsOf(more)];
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {(inputs: number[]) => [number, number]} toPx
   */
  paint(pen, toPx) {
    const shade = shades(this.all);
    for (const point of this.all) {
      const [x, y] = toPx(point.inputs);
      draw(pen, point, x, y, shade(point.targets[0]));
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{label: number | null, added: boolean}} point
 * @param {number} x @param {number} y px
 * @param {number} shade of a target that is a number, from 0 to 1
 */
export function draw(pen, { label, added }, x, y, shade) {
  const { ink, surface } = colours();
  if (added) ring(pen, x, y, RING);
  if (label !== null) return mark(pen, label, x, y, RADIUS, ink, surface);
  mark(pen, 1, x, y, RADIUS + 0.5, ink, surface);
  pen.globalAlpha = shade;
  mark(pen, 0, x, y, RADIUS + 0.5, ink, surface);
  pen.globalAlpha = 1;
  return undefined;
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} r px */
export function ring(pen, x, y, r) {
  const { ink, surface } = colours();
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = surface;
  pen.fill();
  pen.strokeStyle = ink;
  pen.lineWidth = 1.25;
  pen.stroke();
}

/** How dark the point of a target is among the others. @param {Point[]} points @returns {(target: number) => number} */
export function shades(points) {
  let [low, high] = [Infinity, -Infinity];
  for (const { targets } of points) [low, high] = [Math.min(low, targets[0]), Math.max(high, targets[0])];
  return (target) => (high > low ? clamp((target - low) / (high - low), 0, 1) : 0.5);
}
