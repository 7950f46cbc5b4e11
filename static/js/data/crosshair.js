// What the hand points at on the decision map: the crosshair of the keys, the example in reach, the one that a click would add.

import { colours } from "../picture/colours.js";
import { prepare } from "./plane.js";
import { draw } from "./points.js";

/** @typedef {[number, number]} Px from the left and from the top */
/**
 * @typedef {object} Aimed
 * @property {Px | null} crosshair where the keys have it
 * @property {Px | null} near the example that a click would choose
 * @property {{at: Px, label: number | null, shade: number}[]} added what a click would add, and what is on its way to the server
 */

/** The lines of the crosshair leave its middle free, px. */
const FREE = 9;
/** Around the example in reach, px. */
const NEAR = 5.5;
/** What is added is drawn larger until it is there. */
const LARGER = 1.6;

/** @param {HTMLCanvasElement} canvas @param {Aimed} aimed */
export function paint(canvas, { crosshair, near, added }) {
  const prepared = prepare(canvas);
  if (!prepared) return;
  const { pen, width, height } = prepared;
  if (near) outline(pen, near);
  for (const one of added) {
    pen.save();
    pen.translate(...one.at);
    pen.scale(LARGER, LARGER);
    draw(pen, { label: one.label, added: true }, 0, 0, one.shade);
    pen.restore();
  }
  if (crosshair) lines(pen, crosshair, width, height);
}

/** @param {CanvasRenderingContext2D} pen @param {Px} at */
function outline(pen, [x, y]) {
  const { ink } = colours();
  pen.beginPath();
  pen.arc(x, y, NEAR, 0, 2 * Math.PI);
  pen.strokeStyle = ink;
  pen.lineWidth = 1.5;
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Px} at @param {number} width @param {number} height */
function lines(pen, [x, y], width, height) {
  const { ink, surface } = colours();
  pen.beginPath();
  for (const [x0, y0, x1, y1] of [[0, y, x - FREE, y], [x + FREE, y, width, y], [x, 0, x, y - FREE], [x, y + FREE, x, height]]) {
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
  }
  for (const [colour, thick] of /** @type {[string, number][]} */ ([[surface, 3], [ink, 1]])) {
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.stroke();
  }
}
