// Painting over the plane of two inputs: fields of numbers as images, the line where a field changes sign, marks of classes.

import { channels } from "../picture/colours.js";
import { clamp } from "../picture/scales.js";

/** @typedef {number[][]} Field rows go up along input 2, columns right along input 1 */

/**
 * The size of a canvas that fills its box, in its own pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} [size] px of the page, where it is known
 * @returns {{pen: CanvasRenderingContext2D, width: number, height: number} | null} px of the page; null: it is not seen
 */
export function prepare(canvas, { width, height } = { width: canvas.clientWidth, height: canvas.clientHeight }) {
  const pen = canvas.getContext("2d");
  if (!pen || width === 0 || height === 0) return null;
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/**
 * A field as an image, one pixel for each number: its sign as colour, its size as opacity.
 * @param {Field} field
 * @param {string} plus @param {string} minus colours
 * @param {number} full the size that is painted at full strength
 * @param {number} [strongest] opacity at full strength
 * @returns {HTMLCanvasElement}
 */
export function signedImage(field, plus, minus, full, strongest = 0.92) {
  const [up, down] = [channels(plus), channels(minus)];
  return image(field, (x) => [...(x >= 0 ? up : down), 255 * strongest * clamp(Math.abs(x) / full, 0, 1)]);
}

/**
 * @param {Field} field
 * @param {(x: number) => number[]} colour red, green, blue, opacity: 0 to 255
 * @returns {HTMLCanvasElement}
 */
export function image(field, colour) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [field[0].length, field.length];
  const pen = canvas.getContext("2d");
  const data = new ImageData(canvas.width, canvas.height);
  let at = 0;
  for (let row = field.length - 1; row >= 0; row--)
    for (const x of field[row]) {
      data.data.set(x === null ? [127, 127, 127, 90] : colour(x), at);
      at += 4;
    }
  pen?.putImageData(data, 0, 0);
  return canvas;
}

/**
 * Where a field is 0: straight pieces through the squares of its grid (marching squares). Grid units, y up.
 * @param {Field} field
 * @returns {[number, number, number, number][]}
 */
export function contour(field) {
  /** @type {[number, number, number, number][]} */
  const pieces = [];
  for (let row = 0; row + 1 < field.length; row++)
    for (let column = 0; column + 1 < field[row].length; column++) {
      const [a, b, c, d] = [field[row][column], field[row][column + 1], field[row + 1][column + 1], field[row + 1][column]];
      const cuts = crossings(a, b, c, d).map(([x, y]) => [column + x, row + y]);
      for (let i = 0; i + 1 < cuts.length; i += 2) pieces.push([cuts[i][0], cuts[i][1], cuts[i + 1][0], cuts[i + 1][1]]);
    }
  return pieces;
}

/**
 * Where 0 lies on the sides of a unit square with these corners, counterclockwise from the lower left.
 * @param {number} a @param {number} b @param {number} c @param {number} d
 * @returns {[number, number][]}
 */
function crossings(a, b, c, d) {
  /** @type {[number, number][]} */
  const found = [];
  const share = (/** @type {number} */ p, /** @type {number} */ q) => p / (p - q);
  if (a > 0 !== b > 0) found.push([share(a, b), 0]);
  if (b > 0 !== c > 0) found.push([1, share(b, c)]);
  if (d > 0 !== c > 0) found.push([share(d, c), 1]);
  if (a > 0 !== d > 0) found.push([0, share(a, d)]);
  return found;
}

/**
 * The mark of a class: by shape, so that colours keep one meaning. Filled and hollow circles first, then squares, triangles, crosses.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} label from 0; −1: none
 * @param {number} x @param {number} y px
 * @param {number} r px
 * @param {string} ink @param {string} ground
 */
export function mark(pen, label, x, y, r, ink, ground) {
  pen.strokeStyle = ink;
  pen.lineWidth = 1;
  pen.fillStyle = label % 2 === 1 ? ground : ink;
  pen.beginPath();
  const shape = Math.floor(Math.max(label, 0) / 2) % 3;
  if (shape === 0) pen.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === 1) pen.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
  else {
    pen.moveTo(x, y - r * 1.2);
    pen.lineTo(x + r * 1.1, y + r * 0.8);
    pen.lineTo(x - r * 1.1, y + r * 0.8);
    pen.closePath();
  }
  pen.fill();
  pen.stroke();
}
