// The points of the cost curves: what the server kept of the run, and what the frames add to it.

/** @typedef {{steps: number[], train: (number | null)[], test: (number | null)[]}} Points */

/**
 * The whole decades that hold these costs: uPlot's own range fails beyond some hundred of them.
 * @param {number} min @param {number} max
 * @returns {[number, number]}
 */
export const decades = (min, max) => [Number(`1e${Math.floor(Math.log10(min))}`), Number(`1e${Math.min(308, Math.ceil(Math.log10(max)))}`)];

/** The most labels on a logarithmic axis. */
const LABELS = 5;

/**
 * Where a logarithmic axis is labelled: powers of ten, evenly, however far the costs reach.
 * @param {number} min @param {number} max
 */
export function powersOfTen(min, max) {
  const lowest = Math.ceil(Math.log10(min));
  const decades = Math.floor(Math.log10(max)) - lowest;
  const every = Math.max(1, Math.ceil(decades / (LABELS - 1)));
  return Array.from({ length: Math.floor(decades / every) + 1 }, (_, n) => Number(`1e${lowest + n * every}`));
}

export class Curves {
  /** @type {Points} */
  points = { steps: [], train: [], test: [] };

  /** @param {{steps: number[], cost: {train: (number | null)[], test: (number | null)[] | null}}} history */
  replace({ steps, cost }) {
    this.points = { steps: [...steps], train: [...cost.train], test: cost.test ? [...cost.test] : steps.map(() => null) };
  }

  /**
   * What a frame says, if it is news; points beyond the last step are gone.
   * @param {import("./protocol.js").Frame} frame
   * @returns {boolean} whether anything changed
   */
  add({ cursor, cost, lastStep }) {
    const { steps } = this.points;
    const before = steps.length;
    while (steps.length && steps[steps.length - 1] > lastStep) this.#drop();
    const step = cursor.phase === "update" || cursor.phase === "start" ? cursor.step : cursor.step - 1;
    if (step >= 0 && (steps.length === 0 || step > steps[steps.length - 1])) {
      steps.push(step);
      this.points.train.push(cost.train);
      this.points.test.push(cost.test);
      return true;
    }
    return steps.length !== before;
  }

  #drop() {
    this.points.steps.pop();
    this.points.train.pop();
    this.points.test.pop();
  }

  /** Whether the costs differ so much that only a logarithmic scale shows them. */
  get logarithmic() {
    const positive = this.points.train.filter((c) => c !== null && c > 0);
    return positive.length > 2 && Math.max(.../** @type {number[]} */ (positive.slice(-1000))) > 200 * Math.min(.../** @type {number[]} */ (positive.slice(-1000)));
  }
}
