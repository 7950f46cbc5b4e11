// What is painted under and over the curves of a run: ends of epochs, changes, numbers that are not finite, the cursor's point,
// and the letters of kept runs.

/** @typedef {import("./plot.js").Drawing} Drawing */
/** @typedef {import("../picture/colours.js").Colours} Colours */

const scale = () => devicePixelRatio || 1;

/**
 * Where a point is on the canvas; null: out of the range of numbers.
 * @param {any} chart uPlot @param {number} step @param {number} value
 */
function pointOf(chart, step, value) {
  const [x, y] = [chart.valToPos(step, "x", true), chart.valToPos(value, "y", true)];
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

/**
 * Under the curves.
 * @param {any} chart uPlot @param {Drawing} drawing @param {Colours} paint
 */
export function under(chart, { points, last, epochEnds, actions }, paint) {
  const { ctx } = chart;
  const { top, height } = chart.bbox;
  const px = scale();
  const x = (/** @type {number} */ step) => Math.round(chart.valToPos(step, "x", true));
  ctx.save();
  const broken = points.cost.train.indexOf(null);
  if (broken >= 0) {
    const left = x(points.steps[broken]);
    hatch(ctx, { left, top, width: Math.max(8 * px, x(last) - left), height }, paint["not-finite"]);
  }
  ctx.fillStyle = paint["line-control"];
  for (const step of epochEnds) ctx.fillRect(x(step) - px / 2, top + height - 4 * px, px, 4 * px);
  for (const step of actions) flag(ctx, x(step), top, height, paint);
  ctx.restore();
}

/**
 * Over the curves.
 * @param {any} chart uPlot @param {Drawing} drawing @param {Colours} paint
 */
export function over(chart, { points, measure, at, ghosts }, paint) {
  for (const [i, ghost] of ghosts.entries()) letter(chart, ghost, (i + 1) / (ghosts.length + 1), paint);
  const value = points[measure].train[points.steps.indexOf(at)];
  if (typeof value === "number") dot(chart, at, value, paint);
}

/**
 * Hatched as a neuron is whose numbers are not finite.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {string} colour
 */
function hatch(ctx, { left, top, width, height }, colour) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.beginPath();
  for (let at = left - height; at < left + width; at += 6 * scale()) {
    ctx.moveTo(at, top + height);
    ctx.lineTo(at + height, top);
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * scale();
  ctx.stroke();
  ctx.restore();
}

/**
 * Something was changed: a small triangle at the top, and a thin line down to the axis.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} top @param {number} height @param {Colours} paint
 */
function flag(ctx, x, top, height, paint) {
  const px = scale();
  ctx.fillStyle = paint.line;
  ctx.fillRect(x - px / 2, top, px, height);
  ctx.fillStyle = paint["ink-2"];
  ctx.beginPath();
  ctx.moveTo(x - 4 * px, top - 6 * px);
  ctx.lineTo(x + 4 * px, top - 6 * px);
  ctx.lineTo(x, top);
  ctx.fill();
}

/**
 * Where the cursor stands.
 * @param {any} chart uPlot @param {number} step @param {number} value @param {Colours} paint
 */
function dot(chart, step, value, paint) {
  const point = pointOf(chart, step, value);
  if (!point) return;
  const { ctx } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.arc(point.x, point.y, 3.5 * scale(), 0, 2 * Math.PI);
  ctx.fillStyle = paint.ink;
  ctx.strokeStyle = paint.surface;
  ctx.lineWidth = 1.5 * scale();
  ctx.stroke();
  ctx.fill();
  ctx.restore();
}

/**
 * The letter of a kept run on its own line, each at another place along the axis.
 * @param {any} chart uPlot @param {Drawing["ghosts"][number]} ghost @param {number} share of the axis @param {Colours} paint
 */
function letter(chart, { mark, curve: { steps, values } }, share, paint) {
  const until = Math.min(steps.at(-1) ?? 0, chart.scales.x.max);
  let place = steps.findLastIndex((step) => step <= share * until);
  while (place > 0 && values[place] === null) place--;
  const value = values[place];
  const point = typeof value === "number" ? pointOf(chart, steps[place], value) : null;
  if (!point) return;
  const { ctx } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.arc(point.x, point.y, 7 * scale(), 0, 2 * Math.PI);
  ctx.fillStyle = paint.surface;
  ctx.strokeStyle = paint["line-control"];
  ctx.lineWidth = scale();
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = paint["ink-2"];
  ctx.font = `600 ${10 * scale()}px Inter, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(mark, point.x, point.y + scale() / 2);
  ctx.restore();
}
