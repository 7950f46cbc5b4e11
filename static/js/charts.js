// The cost curves, drawn by uPlot: training solid, test dashed, and a dot where the cursor stands.

import { colours } from "./colours.js";
import { Curves, decades, powersOfTen } from "./curves.js";
import { number } from "./format.js";

/** @typedef {import("./store.js").Seen} Seen */

const POINTS = 500;
/** With more points than these the server is asked for a thinner curve. */
const TOO_MANY = 1500;
/** The chart is drawn at most so often, ms. */
const DRAWN_MS = 100;
const HEIGHT = 150;

export class CostChart {
  #box = /** @type {HTMLElement} */ (document.getElementById("cost-chart"));
  #curves = new Curves();
  /** @type {any} uPlot, once it is loaded */
  #plot = null;
  /** @type {any} */
  #library = null;
  /** @type {Seen | null} */
  #seen = null;
  #revision = -1;
  #asking = false;
  #timer = 0;
  #logarithmic = false;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./store.js").Store} store
   */
  constructor(api, store) {
    this.api = api;
    store.onDraw((seen) => this.#draw(seen));
    new ResizeObserver(() => this.#resize()).observe(this.#box);
    this.#load();
  }

  async #load() {
    const module = await import(new URL("../vendor/uplot/dist/uPlot.esm.js", import.meta.url).href);
    this.#library = module.default;
    this.rebuild();
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    const { revision, playing } = seen.frame;
    // What was written may have cut the run, or led to places that no frame told of.
    const stale = revision !== this.#revision && !playing;
    if (this.#curves.add(seen.frame) || stale) this.#soon();
    if (stale || this.#curves.points.steps.length > TOO_MANY) this.#ask(revision);
    else this.#soon();
  }

  /** @param {number} revision */
  async #ask(revision) {
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#curves.replace(await this.api.history(POINTS));
      this.#revision = revision;
      if (this.#seen) this.#curves.add(this.#seen.frame);
      this.#soon();
    } catch {
      // The curve goes on with what the frames say.
    }
    this.#asking = false;
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#update();
    }, DRAWN_MS);
  }

  #update() {
    if (!this.#plot) return;
    if (this.#curves.logarithmic !== this.#logarithmic) this.rebuild();
    else this.#plot.setData(this.#data());
  }

  #data() {
    const { steps, train, test } = this.#curves.points;
    const drawable = (/** @type {(number | null)[]} */ of) => (this.#logarithmic ? of.map((c) => (c !== null && c > 0 ? c : null)) : of);
    return [steps, drawable(train), drawable(test)];
  }

  /** Build the chart anew: another theme, another scale. */
  rebuild() {
    if (!this.#library) return;
    this.#plot?.destroy();
    this.#logarithmic = this.#curves.logarithmic;
    const width = this.#box.clientWidth;
    this.#plot = new this.#library(this.#options(Math.max(width, 50)), this.#data(), this.#box);
  }

  #resize() {
    if (this.#plot && this.#box.clientWidth > 0) this.#plot.setSize({ width: this.#box.clientWidth, height: this.#height() });
  }

  #height() {
    return this.#box.clientHeight || HEIGHT;
  }

  /** @param {number} width px */
  #options(width) {
    const { ink, "ink-3": quiet, line } = colours();
    const axis = { stroke: quiet, font: "11px Inter, sans-serif", ticks: { show: false }, grid: { stroke: line, width: 1 } };
    const range = (/** @type {unknown} */ _, /** @type {number} */ min, /** @type {number} */ max) =>
      this.#logarithmic ? decades(min, max) : [Math.min(0, min), max > 0 ? max * 1.05 : 1];
    /** @param {unknown} _ @param {number} __ @param {number} min @param {number} max */
    const powers = (_, __, min, max) => powersOfTen(min, max);
    // uPlot hides an axis that none of its increments suits: one that suits all, since the splits are our own.
    const labelled = this.#logarithmic ? { incrs: [1e300], splits: powers, filter: (/** @type {unknown} */ _, /** @type {number[]} */ splits) => splits } : {};
    return {
      width,
      height: this.#height(),
      legend: { show: false },
      cursor: { show: false },
      select: { show: false },
      padding: [8, 16, 0, 0],
      scales: { x: { time: false, range: () => this.#range() },
        y: { distr: this.#logarithmic ? 3 : 1, range } },
      axes: [
        { ...axis, size: 22, gap: 4, grid: { show: false }, space: 60, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6] },
        { ...axis, ...labelled, size: 40, gap: 4, space: 28, values: (/** @type {unknown} */ _, /** @type {(number | null)[]} */ splits) => splits.map((c) => (c === null ? "" : tick(c))) },
      ],
      series: [{}, { stroke: ink, width: 1.5, points: { show: false }, spanGaps: false }, { stroke: quiet, width: 1.5, dash: [5, 3], points: { show: false } }],
      hooks: { draw: [(/** @type {any} */ plot) => this.#dot(plot, ink)] },
    };
  }

  /** Steps from the first to the last point. @returns {[number, number]} */
  #range() {
    const { steps } = this.#curves.points;
    return [steps[0] ?? 0, Math.max(steps.at(-1) ?? 0, (steps[0] ?? 0) + 10)];
  }

  /** @param {any} plot @param {string} ink */
  #dot(plot, ink) {
    const frame = this.#seen?.frame;
    if (!frame || frame.cost.train === null) return;
    const step = frame.cursor.phase === "update" || frame.cursor.phase === "start" ? frame.cursor.step : frame.cursor.step - 1;
    const [x, y] = [plot.valToPos(Math.max(step, 0), "x", true), plot.valToPos(frame.cost.train, "y", true)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    plot.ctx.beginPath();
    plot.ctx.arc(x, y, 3.5 * (devicePixelRatio || 1), 0, 2 * Math.PI);
    plot.ctx.fillStyle = ink;
    plot.ctx.fill();
  }
}

/** @param {number} c */
const tick = (c) => (c === 0 ? "0" : number(c, { digits: 3 }).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace(/^1(?:\.0*)?·/, ""));
