// Numbers of the matrix, with as many digits as their cells have room for.

import { brush } from "../picture/brush.js";
import { number } from "../words/format.js";

/** No letters are smaller, px; where a text has a little less room, they are set narrower, and with less room still it is left out. */
const LEGIBLE = 10;
const LEAST_SHARE = 0.82;
/** What is smaller is called nearly 0 where there is no room for its digits. */
const SMALL = 0.01;
/** A cell that this does not fit into has no number with a zero before its point, and no larger letters: all look alike. */
const ROOMY = "−0.24";

/** A number as the matrix has it: whole ones without decimals. @param {number | null} x @param {boolean} [plus] blame has its sign written */
export const digits = (x, plus = false) =>
  x === null || Number.isNaN(x) ? "" : Number.isInteger(x) && Math.abs(x) < 1e4 ? `${plus && x > 0 ? "+" : ""}${x}`.replace("-", "−") : number(x, { plus });

/** How large letters may be. @param {string} words @param {number} room px */
const largest = (words, room) => room / (0.6 * Math.max(words.length, 1));
/** @param {string} words @param {number} room px */
const fits = (words, room) => largest(words, room) >= LEAST_SHARE * LEGIBLE;

/**
 * A number as a cell has it.
 * @param {number | null} x @param {boolean} plus blame has its sign written @param {number} room px
 * @returns {string} empty where it is not known or there is no room
 */
export function fitted(x, plus, room) {
  const written = digits(x, plus);
  if (x === null || Number.isNaN(x)) return "";
  const roomy = fits(ROOMY, room);
  if ((roomy || Number.isInteger(x)) && fits(written, room)) return written;
  const shorter = shortened(x, plus);
  const bare = shorter.map((form) => form.replace(/(?<!\d)0\./, "."));
  return [...(roomy ? shorter : []), ...bare].find((form) => fits(form, room)) ?? (Math.abs(x) < SMALL ? "≈ 0" : "");
}

/** With two decimals, with two digits, with one; as far as any of them is not 0. @param {number} x @param {boolean} plus */
function shortened(x, plus) {
  const decimals = `${x < 0 ? "−" : plus ? "+" : ""}${Math.abs(x).toFixed(2)}`;
  const [two, one] = [2, 1].map((count) => number(x, { plus, digits: count }));
  if (Math.abs(x) >= 0.1) return [decimals, two, one];
  return Math.abs(x) >= SMALL ? [two, decimals, one] : [two, one];
}

/** @param {Element} text @param {number | null} x @param {boolean} plus @param {number} room px @param {number} most px */
export const writeNumber = (text, x, plus, room, most) => write(text, fitted(x, plus, room), room, fits(ROOMY, room) ? most : LEGIBLE);

/**
 * A text as large as its box allows.
 * @param {Element} text @param {string} words @param {number} room px @param {number} most px
 */
export function write(text, words, room, most) {
  const pen = brush(text);
  const size = Math.min(most, largest(words, room));
  const shown = fits(words, room) ? words : "";
  pen.text(shown);
  pen.style("font-size", `${Math.max(size, LEGIBLE).toFixed(1)}px`);
  pen.set("textLength", shown && size < LEGIBLE ? room.toFixed(1) : null);
  pen.set("lengthAdjust", shown && size < LEGIBLE ? "spacingAndGlyphs" : null);
}
