// The curves of a run, painted by uPlot: what is past in ink, what lies beyond the cursor lighter, kept runs thin behind both.

import { decades, farthest, powersOfTen, quarterBelow, shares } from "./axes.js";
import { colours } from "./colours.js";
import { aligned, logarithmic, split } from "./curves.js";
import { brief, percent } from "./format.js";
import { MOST } from "./ghosts.js";
import { count as whole } from "./texts.js";

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
const MARK_FONT = "600 11px Inter, sans-serif";
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
        { ...axis, size: 28, gap: 9, grid: { show: false }, space: 56, incrs: INCREMENTS, values: (/** @type {unknown} */ _, /** @type {number[]} */ steps) => steps.map(whole) },
        { ...axis, size: 44, gap: 8, space: 26, ...this.#yLabels() },
      ],
      series: [{}, ...Array.from({ length: MOST }, () => line(paint["line-control"], 1)), ...OWN.map(([part, beyond]) => line(stroke(paint, part, beyond), 1.5, part === "test"))],
      hooks: {
        drawAxes: [(/** @type {any} */ chart) => this.#background(chart, paint)],
        draw: [(/** @type {any} */ chart) => this.#foreground(chart, paint), () => this.painted()],
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

  /**
   * Under the curves: where numbers are not finite, where epochs end, where something was changed.
   * @param {any} chart @param {import("./colours.js").Colours} paint
   */
  #background(chart, paint) {
    if (!this.#drawing) return;
    const { ctx } = chart;
    const { top, height } = chart.bbox;
    const scale = devicePixelRatio || 1;
    const x = (/** @type {number} */ step) => Math.round(chart.valToPos(step, "x", true));
    ctx.save();
    const broken = firstBroken(this.#drawing);
    if (broken !== null) hatch(ctx, { left: x(broken), top, width: Math.max(8 * scale, x(this.#drawing.last) - x(broken)), height }, scale, paint["not-finite"]);
    ctx.fillStyle = paint["line-control"];
    for (const step of this.#drawing.epochEnds) ctx.fillRect(x(step) - scale / 2, top + height - 4 * scale, scale, 4 * scale);
    for (const step of this.#drawing.actions) mark(ctx, x(step), top, height, scale, paint);
    ctx.restore();
  }

  /** @param {any} chart @param {import("./colours.js").Colours} paint */
  #foreground(chart, paint) {
    if (!this.#drawing) return;
    const { points, measure, at, ghosts } = this.#drawing;
    for (const [i, ghost] of ghosts.entries()) this.#name(chart, ghost, (i + 1) / (ghosts.length + 1), paint);
    const value = points[measure].train[points.steps.indexOf(at)];
    if (typeof value === "number") dot(chart, at, value, paint);
  }

  /**
   * The mark of a kept run on its own line, each at another place along the axis.
   * @param {any} chart @param {{mark: string, curve: Curve}} ghost @param {number} share of the axis @param {import("./colours.js").Colours} paint
   */
  #name(chart, { mark: name, curve }, share, paint) {
    const until = Math.min(curve.steps.at(-1) ?? 0, this.#range()[1]);
    let place = curve.steps.findLastIndex((step) => step <= share * until);
    while (place > 0 && curve.values[place] === null) place--;
    const value = curve.values[place];
    if (typeof value !== "number") return;
    const { ctx } = chart;
    const scale = devicePixelRatio || 1;
    const [x, y] = [chart.valToPos(curve.steps[place], "x", true), chart.valToPos(value, "y", true)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    ctx.save();
    ctx.beginPath();
    ctx.arc(x, y, 7 * scale, 0, 2 * Math.PI);
    ctx.fillStyle = paint.surface;
    ctx.strokeStyle = paint["line-control"];
    ctx.lineWidth = scale;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = paint["ink-2"];
    ctx.font = MARK_FONT.replace("11px", `${10 * scale}px`);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(name, x, y + scale / 2);
    ctx.restore();
  }
}

/** @param {string} colour @param {number} width px @param {boolean} [dashed] */
const line = (colour, width, dashed = false) => ({ stroke: colour, width, dash: dashed ? [5, 3] : [], points: { show: single, size: 4, fill: colour, width: 0 }, spanGaps: false });

/** A single point makes no line. @param {any} chart @param {number} series */
const single = (chart, series) => chart.data[series].filter((/** @type {unknown} */ value) => typeof value === "number").length === 1;

/** @param {import("./colours.js").Colours} paint @param {"train" | "test"} part @param {boolean} beyond the cursor */
const stroke = (paint, part, beyond) => (beyond ? paint["line-control"] : part === "train" ? paint.ink : paint["ink-3"]);

/** The first step of the run whose cost is not finite. @param {Drawing} drawing */
function firstBroken({ points }) {
  const place = points.cost.train.indexOf(null);
  return place < 0 ? null : points.steps[place];
}

/**
 * Hatched as a neuron is whose numbers are not finite.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {number} scale @param {string} colour
 */
function hatch(ctx, { left, top, width, height }, scale, colour) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.beginPath();
  for (let at = left - height; at < left + width; at += 6 * scale) {
    ctx.moveTo(at, top + height);
    ctx.lineTo(at + height, top);
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * scale;
  ctx.stroke();
  ctx.restore();
}

/**
 * A small triangle at the top, and a thin line down to the axis.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} top @param {number} height @param {number} scale @param {import("./colours.js").Colours} paint
 */
function mark(ctx, x, top, height, scale, paint) {
  ctx.fillStyle = paint.line;
  ctx.fillRect(x - scale / 2, top, scale, height);
  ctx.fillStyle = paint["ink-2"];
  ctx.beginPath();
  ctx.moveTo(x - 4 * scale, top - 6 * scale);
  ctx.lineTo(x + 4 * scale, top - 6 * scale);
  ctx.lineTo(x, top);
  ctx.fill();
}

/** Where the cursor stands. @param {any} chart @param {number} step @param {number} value @param {import("./colours.js").Colours} paint */
function dot(chart, step, value, paint) {
  const [x, y] = [chart.valToPos(step, "x", true), chart.valToPos(value, "y", true)];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  const { ctx } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, 3.5 * (devicePixelRatio || 1), 0, 2 * Math.PI);
  ctx.fillStyle = paint.ink;
  ctx.strokeStyle = paint.surface;
  ctx.lineWidth = 1.5 * (devicePixelRatio || 1);
  ctx.stroke();
  ctx.fill();
  ctx.restore();
}
