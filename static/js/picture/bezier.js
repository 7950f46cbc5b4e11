// One cubic curve per connection, from neuron k below (t = 0) to neuron j above (t = 1). Blame travels from 1 to 0.
// In grids of several columns a straight piece leads up to the curve, and another away from it.

/** @typedef {[number, number]} Point */
/** @typedef {[Point, Point, Point, Point]} Curve */

/**
 * Where a connection leaves neuron k, and where it arrives at neuron j; px of the picture.
 * @typedef {object} Ends
 * @property {number} edgeOut right edge of neuron k
 * @property {number} x0 where the curve begins
 * @property {number} y0
 * @property {number} x1 where it ends
 * @property {number} y1
 * @property {number} edgeIn left edge of neuron j
 */

/** @typedef {Record<"edgeOut" | "outX" | "outY" | "outSpread" | "inX" | "inY" | "inSpread" | "edgeIn", number>} Sides of a neuron, px */

/** @param {DOMStringMap} data the `data-*` attributes of a neuron @returns {Sides} */
export const sidesOf = (data) => ({
  edgeOut: Number(data.edgeOut), outX: Number(data.outX), outY: Number(data.outY), outSpread: Number(data.outSpread),
  inX: Number(data.inX), inY: Number(data.inY), inSpread: Number(data.inSpread), edgeIn: Number(data.edgeIn),
});

/**
 * The ends of a connection between two neurons.
 * @param {Sides} below neuron k
 * @param {Sides} above neuron j
 * @param {{j: number, k: number, nBelow: number, nAbove: number}} which j, k from 1
 * @returns {Ends}
 */
export function endsOf(below, above, { j, k, nBelow, nAbove }) {
  const fan = (/** @type {number} */ spread, /** @type {number} */ i, /** @type {number} */ n) => ((i - 1 - (n - 1) / 2) * spread) / Math.max(n - 1, 1);
  return {
    edgeOut: below.edgeOut,
    x0: below.outX,
    y0: below.outY + fan(below.outSpread, j, nAbove),
    x1: above.inX,
    y1: above.inY + fan(above.inSpread, k, nBelow),
    edgeIn: above.edgeIn,
  };
}

/** @param {Ends} ends @returns {Curve} */
export function curveOf({ x0, y0, x1, y1 }) {
  const dx = 0.42 * (x1 - x0);
  return [[x0, y0], [x0 + dx, y0], [x1 - dx, y1], [x1, y1]];
}

/** @param {Ends} ends @returns {string} the whole path, for the attribute d */
export function pathOf(ends) {
  const [a, b, c, d] = curveOf(ends).map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  const lead = Math.abs(ends.edgeOut - ends.x0) > 0.05 ? `M${ends.edgeOut.toFixed(1)} ${a.split(" ")[1]}H${ends.x0.toFixed(1)}` : `M${a}`;
  const tail = Math.abs(ends.edgeIn - ends.x1) > 0.05 ? `H${ends.edgeIn.toFixed(1)}` : "";
  return `${lead}C${b} ${c} ${d}${tail}`;
}

/** @param {Point} p @param {Point} q @param {number} t @returns {Point} */
const between = (p, q, t) => [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];

/**
 * @param {Curve} curve
 * @param {number} t from 0 to 1
 * @returns {Point}
 */
export function at([a, b, c, d], t) {
  const u = 1 - t;
  const [wa, wb, wc, wd] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return [wa * a[0] + wb * b[0] + wc * c[0] + wd * d[0], wa * a[1] + wb * b[1] + wc * c[1] + wd * d[1]];
}

/**
 * The part of a curve up to t, and the part from t on (de Casteljau).
 * @param {Curve} curve
 * @param {number} t
 * @returns {[Curve, Curve]}
 */
export function cut([a, b, c, d], t) {
  const [ab, bc, cd] = [between(a, b, t), between(b, c, t), between(c, d, t)];
  const [abc, bcd] = [between(ab, bc, t), between(bc, cd, t)];
  const middle = between(abc, bcd, t);
  return [[a, ab, abc, middle], [middle, bcd, cd, d]];
}

/**
 * The direction in which something travels at t, in radians, when it travels from 1 to 0.
 * @param {Curve} curve
 * @param {number} t
 */
export function heading(curve, t) {
  const [x0, y0] = at(curve, Math.min(t + 0.01, 1));
  const [x1, y1] = at(curve, Math.max(t - 0.01, 0));
  return Math.atan2(y1 - y0, x1 - x0);
}
