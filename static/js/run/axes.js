// Ranges and labels of the chart's axes.

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

/** At least so many steps are shown, so that the first ones do not fill the chart. */
const FEWEST = 10;
/** A kept run is shown this many times as far as the run on view, at least so far. */
const AHEAD = 2;
const AHEAD_STEPS = 40;

/**
 * The last step on the axis: all of the run, and of longer ones kept as much as lets the run on view be seen.
 * @param {number} last of the run on view
 * @param {number[]} kept last steps of the runs beside it
 */
export const farthest = (last, kept) => Math.max(FEWEST, last, Math.min(Math.max(0, ...kept), Math.max(AHEAD_STEPS, AHEAD * last)));

/** Where an axis of shares begins. @param {number} lowest from 0 to 1 */
export const quarterBelow = (lowest) => Math.min(0.75, Math.floor(4 * lowest) / 4);

/** Where an axis of shares is labelled, from its beginning to 1. @param {number} from */
export function shares(from) {
  const every = from >= 0.75 ? 0.05 : from >= 0.5 ? 0.1 : 0.25;
  return Array.from({ length: Math.round((1 - from) / every) + 1 }, (_, n) => Number((from + n * every).toFixed(2)));
}
