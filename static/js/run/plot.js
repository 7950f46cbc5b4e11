// The curves of a run, painted by uPlot: what is past in ink, what lies beyond the cursor lighter, kept runs thin behind both.

import { decades, farthest, powersOfTen, quarterBelow, shares } from "./axes.js";
import { colours } from "../picture/colours.js";
import { aligned, logarithmic, split } from "./curves.js";
import { brief, percent } from "../words/format.js";
import { MOST } from "./ghosts.js";
import { over, under } from "./marks.js";
import { count as whole } from "../words/texts.js";

/** @typedef {import("./curves.js").Value} Value */
/** @typedef {import("./curves.js").Points} Points */
/** @typedef {{steps: number[], values: Value[]}} Curve */
/**
 * What is to be painted.
 * @typedef {object} Drawing
 * @property {Points} points
 * @property {import("./curves.js").Measure} measure
 * @property {number} at the step whose result the cursor has
 * @property {number} last step of the run
 * @property {number[]} epochEnds steps
 * @property {number[]} actions steps after which something was changed or edited
 * @property {{mark: string, last: number, curve: Curve}[]} ghosts kept runs
 */

const HEIGHT = 150;
const AXIS_FONT = "11px Inter, sans-serif";
const INCREMENTS = [1, 2, 5].flatMap((factor) => Array.from({ length: 7 }, (_, n) => factor * 10 ** n)).sort((a, b) => a - b);

/** Series of the run on view, in the order of painting: part, whether beyond the cursor. */
const OWN = /** @type {const} */ ([["test", true], ["train", true], ["test", false], ["train", false]]);

export class Plot {
  /** @type {any} uPlot */
  #chart = null;
  /** @type {Drawing | null} */
  #drawing = null;
  #scale = "";

  /**
   * @param {HTMLElement} box
   * @param {any} library uPlot
   * @param {() => void} painted
   */
  constructor(box, library, painted) {
    this.box = box;
    this.library = library;
    this.painted = painted;
  }

  /** @param {Drawing} drawing */
  draw(drawing) {
    this.#drawing = drawing;
    const scale = `${drawing.measure} ${this.#logarithmic(drawing)}`;
    if (!this.#chart || scale !== this.#scale) this.#build(scale);
    else this.#chart.setData(this.#data(drawing));
  }

  /** Paint anew in the colours of another theme. */
  repaint() {
    if (this.#drawing) this.#build(this.#scale);
  }

  resize() {
    if (this.#chart && this.box.clientWidth > 0) this.#chart.setSize(this.#size());
  }

  /** Where the curves are, in px of the box. */
  get area() {
    const ratio = this.library.pxRatio ?? (devicePixelRatio || 1);
    const { left, top, width, height } = this.#chart.bbox;
    return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio };
  }

  /** @param {number} step @returns {number} px from the left of the curves */
  place(step) {
    return this.#chart.valToPos(step, "x");
  }

  /** @param {number} place px from the left of the curves @returns {number} the step, between steps too */
  step(place) {
    return this.#chart.posToVal(place, "x");
  }

  /** Whether the run ends in the upper half: then there is room for words below it. */
  get high() {
    const { points, measure } = /** @type {Drawing} */ (this.#drawing);
    const value = points[measure].train.findLast((c) => c !== null);
    return typeof value === "number" && this.#chart.valToPos(value, "y") < this.area.height / 2;
  }

  /** @param {Drawing} drawing */
  #logarithmic({ points, measure, ghosts }) {
    if (measure === "accuracy") return false;
    return logarithmic([...points.cost.train, ...points.cost.test, ...ghosts.flatMap(({ curve }) => curve.values)]);
  }

  /** @param {Drawing} drawing */
  #data({ points, measure, at, ghosts }) {
    const parts = { train: split({ steps: points.steps, values: points[measure].train }, at), test: split({ steps: points.steps, values: points[measure].test }, at) };
    const own = OWN.map(([part, beyond]) => (beyond ? parts[part].beyond : parts[part].past));
    const kept = Array.from({ length: MOST }, (_, i) => ghosts[i]?.curve ?? { steps: [], values: [] });
    const { steps, columns } = aligned([...kept, ...own]);
    const positive = this.#scale.endsWith("true");
    return [steps, ...columns.map((column) => (positive ? column.map((c) => (typeof c === "number" && c <= 0 ? null : c)) : column))];
  }

  #size() {
    return { width: Math.max(this.box.clientWidth, 50), height: this.box.clientHeight || HEIGHT };
  }

  /** @param {string} scale */
  #build(scale) {
    this.#chart?.destroy();
    this.#scale = scale;
    if (this.#drawing) this.#chart = new this.library(this.#options(), this.#data(this.#drawing), this.box);
  }

  #options() {
    const paint = colours();
    const axis = { stroke: paint["ink-3"], font: AXIS_FONT, ticks: { show: false }, grid: { stroke: paint.line, width: 1 } };
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: { show: false },
      select: { show: false },
      padding: [10, 20, 0, 0],
      scales: { x: { time: false, range: () => this.#range() }, y: this.#yScale() },
      axes: [
        { ...axis, size: 28, gap: 9, grid: { show: false }, space: 50, incrs: INCREMENTS, values: (/** @type {unknown} */ _, /** @type {number[]} */ steps) => steps.map(whole) },
        { ...axis, size: 44, gap: 8, space: 26, ...this.#yLabels() },
      ],
      series: [{}, ...Array.from({ length: MOST }, () => line(paint["line-control"], 1)), ...OWN.map(([part, beyond]) => line(stroke(paint, part, beyond), 1.5, part === "test"))],
      hooks: {
        drawAxes: [(/** @type {any} */ chart) => this.#drawing && under(chart, this.#drawing, paint)],
        draw: [(/** @type {any} */ chart) => this.#drawing && over(chart, this.#drawing, paint), () => this.painted()],
      },
    };
  }

  #yScale() {
    if (this.#scale === "accuracy false") return { range: (/** @type {unknown} */ _, /** @type {number | null} */ min) => [quarterBelow(min ?? 0), 1] };
    const log = this.#scale.endsWith("true");
    const range = (/** @type {unknown} */ _, /** @type {number} */ min, /** @type {number} */ max) =>
      log ? decades(min, max) : [Math.min(0, min), max > 0 ? max * 1.05 : 1];
    return { distr: log ? 3 : 1, range };
  }

  #yLabels() {
    const written = (/** @type {(c: number) => string} */ write) => (/** @type {unknown} */ _, /** @type {(number | null)[]} */ splits) =>
      splits.map((c) => (c === null ? "" : write(c)));
    if (this.#scale === "accuracy false") return { splits: (/** @type {unknown} */ _, /** @type {unknown} */ __, /** @type {number} */ min) => shares(min), values: written((share) => percent(share).replace(/\.0+(?=\D*$)/, "")) };
    if (!this.#scale.endsWith("true")) return { values: written(brief) };
    // uPlot hides an axis that none of its increments suits: one that suits all, since the splits are our own.
    return {
      incrs: [1e300],
      splits: (/** @type {unknown} */ _, /** @type {unknown} */ __, /** @type {number} */ min, /** @type {number} */ max) => powersOfTen(min, max),
      filter: (/** @type {unknown} */ _, /** @type {number[]} */ splits) => splits,
      values: written(brief),
    };
  }

  /** @returns {[number, number]} steps */
  #range() {
    return [0, farthest(this.#drawing?.last ?? 0, (this.#drawing?.ghosts ?? []).map(({ last }) => last))];
  }
}

/** @param {string} colour @param {number} width px @param {boolean} [dashed] */
const line = (colour, width, dashed = false) => ({ stroke: colour, width, dash: dashed ? [5, 3] : [], points: { show: single, size: 4, fill: colour, width: 0 }, spanGaps: false });

/** A single point makes no line. @param {any} chart @param {number} series */
const single = (chart, series) => chart.data[series].filter((/** @type {unknown} */ value) => typeof value === "number").length === 1;

/** @param {import("../picture/colours.js").Colours} paint @param {"train" | "test"} part @param {boolean} beyond the cursor */
const stroke = (paint, part, beyond) => (beyond ? paint["line-control"] : part === "train" ? paint.ink : paint["ink-3"]);
