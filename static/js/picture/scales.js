// The scales of the picture: constants of the product, so that pictures can be compared across steps and sessions.

export const WEIGHT_FULL = 3;
export const SENT_LOW = 0.001;
export const SENT_HIGH = 1;
export const SUM_FULL = 0.4;
/** Above so many connections only those with the most blame are drawn, over a bundle of all. */
export const DRAWN_CONNECTIONS = 300;
/** Time of one layer's sweep at speed 1, ms. */
export const SWEEP_MS = 750;

/** @param {number} x @param {number} low @param {number} high */
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/** A weight image's full strength, over the root of the number of inputs: 1 for 8 × 8 pixels. */
const IMAGE_FULL = 8;

/** In a large network lines are so much thinner, or 300 of them would hide each other. */
const LARGE_WEIGHT = 0.36;
/** Widths of the rim of blame about a small neuron, px. */
const [THINNEST_RIM, WIDEST_RIM] = [0.75, 4];
/** A rim is at most this part of its neuron's side. */
const RIM_PART = 0.18;
/** Widths change in steps of so many px. */
const WIDTH_STEP = 0.05;

/**
 * Width of a connection that shows its weight, px.
 * @param {number} w
 * @param {boolean} large in a large network
 */
export const weightWidth = (w, large = false) =>
  (0.75 + 6.25 * Math.min(Math.abs(w) / WEIGHT_FULL, 1)) * (large ? LARGE_WEIGHT : 1);

/**
 * Radius of a pulse, px: logarithmic from 0.001 to 1; nothing for exactly nothing.
 * @param {number} s
 */
export function pulseRadius(s) {
  if (s === 0 || Number.isNaN(s)) return 0;
  return 4 + 9 * clamp((Math.log10(Math.abs(s)) - Math.log10(SENT_LOW)) / Math.log10(SENT_HIGH / SENT_LOW), 0, 1);
}

/**
 * Width of the line of a pulse, px.
 * @param {number} s
 * @param {boolean} large in a large network
 */
export function blameWidth(s, large = false) {
  const radius = pulseRadius(s);
  return large ? Math.max(0.7, 0.34 * radius - 1) : Math.max(1.5, 0.42 * radius);
}

/**
 * The weight that is at full strength in the image of a neuron's weights: those of many inputs are smaller.
 * @param {number} inputs
 */
export const imageFull = (inputs) => IMAGE_FULL / Math.sqrt(inputs);

/**
 * Width of the rim of blame about a small neuron, px; for what is not 0.
 * @param {number} s
 * @param {number} side of the neuron, px
 */
export const rimWidth = (s, side) => THINNEST_RIM + ((Math.min(WIDEST_RIM, RIM_PART * side) - THINNEST_RIM) * (pulseRadius(s) - 4)) / 9;

/**
 * Where a running sum stands on the waterfall, −1 to 1 (linear, clipped).
 * @param {number} sum
 */
export const sumPosition = (sum) => clamp(sum / SUM_FULL, -1, 1);

/**
 * A value rounded to the step in which the picture changes: attributes are written only when it changes.
 * @param {number} x
 * @param {number} step
 */
export const quantised = (x, step) => Math.round(x / step) * step;

/**
 * A width as it is written, px.
 * @param {number} width px
 */
export const strokeWidth = (width) => `${Number(quantised(width, WIDTH_STEP).toFixed(2))}px`;
