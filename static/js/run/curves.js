// The points of the curves: what the server kept of the run, and what the frames add to it.

/** @typedef {number | null} Value null: not finite, or there is none */
/** @typedef {{train: Value[], test: Value[]}} Pair */
/** @typedef {{steps: number[], cost: Pair, accuracy: Pair}} Points lists of the same length, by rising steps */
/** @typedef {"cost" | "accuracy"} Measure */

export const MEASURES = /** @type {const} */ (["cost", "accuracy"]);
const PARTS = /** @type {const} */ (["train", "test"]);

/** @returns {Points} */
const nothing = () => ({ steps: [], cost: { train: [], test: [] }, accuracy: { train: [], test: [] } });

/**
 * The step whose result the parameters are at a point: they change only at its end.
 * @param {import("../phases.js").Cursor} cursor
 */
export const doneStep = ({ step, phase }) => (phase === "update" || phase === "start" ? step : step - 1);

/** The place of the first step that is not below this one. @param {number[]} steps rising @param {number} step */
export function placeOf(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Curves {
  points = nothing();

  /** @param {Points} history */
  replace({ steps, cost, accuracy }) {
    this.points = { steps: [...steps], cost: copied(cost), accuracy: copied(accuracy) };
  }

  /**
   * What a frame says, if it is news; points beyond the last step are gone.
   * @param {{cursor: import("../phases.js").Cursor, lastStep: number, cost: {train: Value, test: Value}, accuracy: {train: Value, test: Value}}} frame
   * @returns {boolean} whether anything changed
   */
  add({ cursor, lastStep, cost, accuracy }) {
    const { steps } = this.points;
    const cut = placeOf(steps, lastStep + 1);
    const gone = steps.length > cut;
    if (gone) this.#each((list) => list.splice(cut));
    const step = doneStep(cursor);
    if (step < 0) return gone;
    const place = placeOf(steps, step);
    const there = steps[place] === step;
    if (there && this.points.cost.train[place] === cost.train && this.points.cost.test[place] === cost.test) return gone;
    this.#each((list, value) => list.splice(place, there ? 1 : 0, value), { step, cost, accuracy });
    return true;
  }

  /**
   * @param {(list: any[], value: Value) => void} act on each list, with its own part of what is given
   * @param {{step: number, cost: {train: Value, test: Value}, accuracy: {train: Value, test: Value}}} [given]
   */
  #each(act, given) {
    act(this.points.steps, given?.step ?? null);
    for (const measure of MEASURES) for (const part of PARTS) act(this.points[measure][part], given?.[measure][part] ?? null);
  }
}

/** @param {Pair} pair @returns {Pair} */
const copied = ({ train, test }) => ({ train: [...train], test: [...test] });

/** @param {Points} points @param {Measure} measure whether there is anything to draw of it */
export const has = (points, measure) => points[measure].train.some((value) => value !== null);

/**
 * What is known nearest to a step: at it, else before it.
 * @param {Points} points
 * @param {number} step
 * @returns {{step: number, cost: {train: Value, test: Value}, accuracy: {train: Value, test: Value}} | null}
 */
export function pointAt(points, step) {
  const after = placeOf(points.steps, step);
  const place = points.steps[after] === step ? after : after - 1;
  if (place < 0) return null;
  const of = (/** @type {Measure} */ measure) => ({ train: points[measure].train[place], test: points[measure].test[place] });
  return { step: points.steps[place], cost: of("cost"), accuracy: of("accuracy") };
}

/**
 * Whether values differ so much that only a logarithmic scale shows them.
 * @param {Value[]} values
 */
export function logarithmic(values) {
  const positive = /** @type {number[]} */ (values.filter((c) => c !== null && c > 0));
  if (positive.length < 3) return false;
  let [low, high] = [Infinity, 0];
  for (const c of positive) [low, high] = [Math.min(low, c), Math.max(high, c)];
  return high > 200 * low;
}

/**
 * Curves of different steps over one axis of steps. `undefined`: no point there, the line goes on; null: a gap.
 * @param {{steps: number[], values: Value[]}[]} curves
 * @returns {{steps: number[], columns: (Value | undefined)[][]}}
 */
export function aligned(curves) {
  const steps = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
  const columns = curves.map(({ steps: own, values }) => {
    let next = 0;
    return steps.map((step) => (own[next] === step ? values[next++] : undefined));
  });
  return { steps, columns };
}

/**
 * A curve up to a step, and from it on.
 * @param {{steps: number[], values: Value[]}} curve
 * @param {number} at
 */
export function split({ steps, values }, at) {
  const [before, from] = [placeOf(steps, at + 1), placeOf(steps, at)];
  return { past: { steps: steps.slice(0, before), values: values.slice(0, before) }, beyond: { steps: steps.slice(from), values: values.slice(from) } };
}
