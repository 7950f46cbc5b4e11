// One figure over the epochs: for each operator its mean over the seeds as a line, and the range as a band behind it.

import { colours } from "../picture/colours.js";

/** @typedef {{mean: (number | null)[], low: (number | null)[], high: (number | null)[]}} Band */

/** Lines differ in dash as well as in colour. */
const DASHES = [[], [8, 4], [2, 3], [8, 3, 2, 3], [5, 5], [1, 4], [12, 3], [3, 6], [6, 2]];
const COLOURS = /** @type {const} */ (["ink", "blame-plus", "value-minus", "value-plus", "blame-minus", "forward", "backward", "ink-3", "not-finite"]);

/** A line as in the chart, for the legend. @param {number} i which line */
export function key(i) {
  const [made, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  made.setAttribute("viewBox", "0 0 36 8");
  made.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M0 4H36");
  path.setAttribute("stroke-dasharray", DASHES[i % DASHES.length].join(" ") || "none");
  path.setAttribute("class", `stroke-${COLOURS[i % COLOURS.length]}`);
  made.append(path);
  return made;
}

/**
 * Mean and range over several runs, epoch by epoch; what is not known is left out.
 * @param {(number | null)[][]} runs
 * @returns {Band}
 */
export function band(runs) {
  const length = Math.max(0, ...runs.map((run) => run.length));
  /** @type {Band} */
  const found = { mean: [], low: [], high: [] };
  for (let epoch = 0; epoch < length; epoch++) {
    const known = /** @type {number[]} */ (runs.map((run) => run[epoch]).filter((x) => x !== null && x !== undefined));
    found.mean.push(known.length ? known.reduce((sum, x) => sum + x, 0) / known.length : null);
    found.low.push(known.length ? Math.min(...known) : null);
    found.high.push(known.length ? Math.max(...known) : null);
  }
  return found;
}

/** Between two marks at the axis there are whole epochs. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** And at the other axis steps of 1, 2 and 5 of whatever size: a cost may explode. */
const STEPS = Array.from({ length: 3 * 318 }, (_, i) => Number(`${[1, 2, 5][i % 3]}e${Math.floor(i / 3) - 12}`));

/** @type {Promise<any> | null} */
let library = null;
const load = () => (library ??= import(new URL("../../vendor/uplot/dist/uPlot.esm.js", import.meta.url).href).then((module) => module.default));

export class Chart {
  /** @type {any} */
  #plot = null;
  /** @type {Band[]} */
  #bands = [];

  /**
   * @param {HTMLElement} box
   * @param {string[]} names
   * @param {{high: number | null, height: number, write: (x: number) => string}} options high: the end of the axis
   */
  constructor(box, names, options) {
    this.box = box;
    this.names = names;
    this.options = options;
    new ResizeObserver(() => this.#plot?.setSize({ width: box.clientWidth, height: options.height })).observe(box);
  }

  /** @param {Band[]} bands one for each operator */
  async draw(bands) {
    this.#bands = bands;
    const Plot = await load();
    this.#plot ??= new Plot(this.#settings(), this.#data(), this.box);
    this.#plot.setData(this.#data());
  }

  #data() {
    const epochs = Math.max(1, ...this.#bands.map(({ mean }) => mean.length));
    const fill = (/** @type {(number | null)[]} */ of) => Array.from({ length: epochs }, (_, i) => of[i] ?? null);
    return [Array.from({ length: epochs }, (_, i) => i), ...this.#bands.flatMap(({ mean, low, high }) => [fill(high), fill(low), fill(mean)])];
  }

  /** What stands at the axis. @param {unknown} _ @param {number[]} values */
  #written = (_, values) => values.map(this.options.write);

  /** Where the marks are; the library gives itself, the axis, both ends and the step. @param {any[]} given */
  #marks = (...given) => {
    const [most, step] = given.slice(3);
    if (this.options.high === 180) return [0, 45, 90, 135, 180];
    return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  };

  #settings() {
    const known = colours();
    const axis = { stroke: known["ink-3"], font: "11px Inter, sans-serif", ticks: { show: false }, grid: { stroke: known.line, width: 1 } };
    const series = this.names.flatMap((name, i) => {
      const stroke = known[COLOURS[i % COLOURS.length]];
      const edge = { stroke: "transparent", width: 0, points: { show: false } };
      return [edge, edge, { label: name, stroke, width: 2, dash: DASHES[i % DASHES.length], points: { show: false } }];
    });
    const { high } = this.options;
    return {
      width: Math.max(this.box.clientWidth, 100),
      height: this.options.height,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 16, 0, 0],
      scales: { x: { time: false }, y: { range: (/** @type {unknown} */ _, /** @type {number} */ least, /** @type {number} */ most) => [Math.min(0, least ?? 0), high ?? (most > 0 ? most * 1.05 : 1)] } },
      axes: [{ ...axis, size: 24, grid: { show: false }, incrs: WHOLE }, { ...axis, size: 60, incrs: STEPS, splits: this.#marks, values: this.#written }],
      series: [{}, ...series],
      bands: this.names.map((_, i) => ({ series: [3 * i + 1, 3 * i + 2], fill: `color-mix(in srgb, ${known[COLOURS[i % COLOURS.length]]} 14%, transparent)` })),
    };
  }
}
