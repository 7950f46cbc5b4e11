// How what travels is painted: blame as drops with a nose and a tail, signals as dots, charges as drops that fall.

import { at, cut, heading } from "./bezier.js";
import { blameWidth, pulseRadius } from "./scales.js";

/** @typedef {import("./bezier.js").Curve} Curve */
/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {import("./colours.js").Colours} Colours */

const FALL = 30;
/** Where a charge lands, from neuron k (0) to neuron j (1): not in the middle, where connections cross. */
export const LANDS = 0.68;
/** Where on its connection an arrowhead stands, as a share of the curve: in the middle many of them cross. */
const POINTS = 0.28;

/** @param {Pen} pen @param {Curve} curve */
function trace(pen, [a, b, c, d]) {
  pen.beginPath();
  pen.moveTo(...a);
  pen.bezierCurveTo(...b, ...c, ...d);
}

/**
 * Blame on its way: at t of its curve, 1 where it left and 0 where it arrives.
 * @param {Pen} pen
 * @param {Curve} curve
 * @param {number} t
 * @param {number} value
 * @param {Colours} colours
 * @param {boolean} large
 */
export function drop(pen, curve, t, value, colours, large) {
  const colour = value > 0 ? colours["blame-plus"] : colours["blame-minus"];
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = blameWidth(value, large);
  pen.setLineDash(value < 0 ? [7, 5] : []);
  pen.lineCap = value < 0 ? "butt" : "round";
  trace(pen, cut(curve, t)[1]);
  pen.stroke();
  pen.setLineDash([]);
  const radius = pulseRadius(value) * (large ? 0.55 : 1);
  const [x, y] = at(curve, t);
  pen.save();
  pen.translate(x, y);
  pen.rotate(heading(curve, t));
  nose(pen, radius);
  pen.restore();
  ball(pen, x, y, radius, value, colour, colours.surface);
}

/** @param {Pen} pen @param {number} radius */
function nose(pen, radius) {
  pen.beginPath();
  pen.moveTo(radius * 0.72, -radius * 0.62);
  pen.lineTo(radius * 1.62, 0);
  pen.lineTo(radius * 0.72, radius * 0.62);
  pen.closePath();
  pen.lineWidth = 1.5;
  pen.lineJoin = "round";
  pen.fill();
  pen.stroke();
}

/**
 * A filled ball with a plus, or a hollow one with a minus.
 * @param {Pen} pen @param {number} x @param {number} y @param {number} radius @param {number} value
 * @param {string} colour @param {string} ground
 */
function ball(pen, x, y, radius, value, colour, ground) {
  const ring = value > 0 ? 0 : Math.max(radius > 5.5 ? 2 : 1.4, radius * 0.2);
  pen.beginPath();
  pen.arc(x, y, Math.max(radius - ring / 2, 0.5), 0, 2 * Math.PI);
  pen.fillStyle = value > 0 ? colour : ground;
  pen.fill();
  if (ring) {
    pen.lineWidth = ring;
    pen.strokeStyle = colour;
    pen.stroke();
  }
  if (radius <= 5.5) return;
  const arm = radius * 0.48;
  pen.beginPath();
  pen.moveTo(x - arm, y);
  pen.lineTo(x + arm, y);
  if (value > 0) {
    pen.moveTo(x, y - arm);
    pen.lineTo(x, y + arm);
  }
  pen.lineCap = "round";
  pen.lineWidth = Math.max(1.6, radius * 0.18);
  pen.strokeStyle = value > 0 ? ground : colour;
  pen.stroke();
}

/**
 * A charge that falls on its connection and melts into it; t from 0 to 1.
 * @param {Pen} pen @param {Curve} curve @param {number} t @param {number} value @param {Colours} colours
 * @param {boolean} large
 */
export function charge(pen, curve, t, value, colours, large) {
  const [x, y] = at(curve, LANDS);
  pen.globalAlpha = Math.min(1, 3 * t) * (t > 0.8 ? (1 - t) / 0.2 : 1);
  landed(pen, [x, y - FALL * (1 - Math.min(t / 0.8, 1)) ** 2], 1, value, colours, large);
  pen.globalAlpha = 1;
}

/**
 * A charge that lies on its connection.
 * @param {Pen} pen @param {import("./bezier.js").Point} place @param {number} share of it that is still there
 * @param {number} value @param {Colours} colours @param {boolean} large
 */
export function landed(pen, [x, y], share, value, colours, large) {
  const radius = pulseRadius(value) * (large ? 0.45 : 0.8) * share;
  ball(pen, x, y, radius, value, value > 0 ? colours["blame-plus"] : colours["blame-minus"], colours.surface);
}

/**
 * A signal on its way forward: it says that something travels, not how much.
 * @param {Pen} pen @param {Curve} curve @param {number} t @param {Colours} colours @param {boolean} large
 */
export function signal(pen, curve, t, colours, large) {
  pen.strokeStyle = pen.fillStyle = colours.forward;
  pen.globalAlpha = large ? 0.35 : 0.85;
  pen.lineWidth = large ? 0.8 : 1.5;
  const tail = Math.max(t - 0.16, 0);
  if (t - tail > 0.01) {
    trace(pen, cut(cut(curve, t)[0], tail / t)[1]);
    pen.stroke();
  }
  const [x, y] = at(curve, t);
  pen.beginPath();
  pen.arc(x, y, large ? 1.6 : 3, 0, 2 * Math.PI);
  pen.fill();
  pen.globalAlpha = 1;
}

/**
 * The direction of travel without any motion: an arrowhead where the curves have come apart again.
 * @param {Pen} pen @param {Curve} curve @param {number} value @param {Colours} colours
 */
export function arrowhead(pen, curve, value, colours) {
  const radius = Math.max(4, pulseRadius(value) * 0.7);
  const [x, y] = at(curve, POINTS);
  pen.save();
  pen.translate(x, y);
  pen.rotate(heading(curve, POINTS));
  pen.strokeStyle = pen.fillStyle = value > 0 ? colours["blame-plus"] : colours["blame-minus"];
  pen.beginPath();
  pen.moveTo(-radius * 0.7, -radius * 0.8);
  pen.lineTo(radius, 0);
  pen.lineTo(-radius * 0.7, radius * 0.8);
  pen.closePath();
  pen.lineWidth = 1.5;
  pen.fill();
  pen.stroke();
  pen.restore();
}
