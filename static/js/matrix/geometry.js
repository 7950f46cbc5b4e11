// Where the cells of the matrix stand while its rows turn. Row 0 holds a, column 0 delta, the last ones the sums.
// Transposing turns every row rigidly by 90 degrees about its own diagonal cell, one after the other.

import { ease } from "../picture/flights.js";
import { clamp } from "../picture/scales.js";

/** Rows start so much of a swing apart. */
const APART = 0.55;
/** Room of a cell, px: at most, what its number should have, and below which it is not written. */
const WIDEST = 84;
const EASY = 28;
const WRITTEN = 26;
/** From here on every cell has its name above its number, px. */
const NAMED = 40;
/** As many lines, with those of sources and sums, have numbers: a 12 × 12 matrix. */
const NUMBERED = 14;
/** Between the matrix and the lines at its margins, px: at least, and at most. */
const [GAP, WIDE_GAP] = [4, 12];
/** Around all of it, px. */
const MARGIN = 4;

export class Grid {
  /**
   * @param {number} m rows
   * @param {number} n columns
   * @param {number} width px that there are
   * @param {number} height px that there are
   */
  constructor(m, n, width, height) {
    this.m = m;
    this.n = n;
    const lines = Math.max(m, n) + 2;
    this.gap = clamp(width / 80, GAP, WIDE_GAP);
    this.pitch = clamp((Math.min(width, height) - 2 * this.gap - 2 * MARGIN) / lines, 3, WIDEST);
    this.span = this.pitch * lines + 2 * this.gap;
    this.left = (width - this.span) / 2 + MARGIN;
    this.size = this.pitch - (this.pitch > 40 ? 6 : this.pitch > 14 ? 3 : 0.75);
  }

  /** Whether there is room for numbers in the cells. */
  get written() {
    return this.pitch >= WRITTEN;
  }

  /** Whether there is room for a name above each number. */
  get named() {
    return this.pitch >= NAMED;
  }

  /** @param {number} i line, from 0 to last @param {number} last the line of sums @returns {number} its centre, px */
  #line(i, last) {
    return MARGIN + this.pitch * (i + 0.5) + (i >= 1 ? this.gap : 0) + (i >= last ? this.gap : 0);
  }

  /** @param {number} j row, from 0 to m + 1 */
  row(j) {
    return this.#line(j, this.m + 1);
  }

  /** @param {number} k column, from 0 to n + 1 */
  column(k) {
    return this.#line(k, this.n + 1);
  }

  /** How long all swings take, in swings. */
  get swings() {
    return 1 + this.#apart * this.m;
  }

  get #apart() {
    return Math.min(APART, 2 / this.m);
  }

  /**
   * How far a row has turned, radians.
   * @param {number} flip of the whole, from 0 to 1
   * @param {number} j row, from 0 to m + 1
   */
  angle(flip, j) {
    return (ease(clamp(flip * this.swings - this.#apart * Math.max(0, j - 1), 0, 1)) * Math.PI) / 2;
  }

  /**
   * The centre of a cell; both indices may lie between two lines, while something slides.
   * @param {number} flip @param {number} j @param {number} k
   * @returns {[number, number]} px
   */
  place(flip, j, k) {
    const between = (/** @type {(i: number) => number} */ line, /** @type {number} */ i) =>
      line(Math.floor(i)) + (line(Math.ceil(i)) - line(Math.floor(i))) * (i - Math.floor(i));
    const [u, v] = [between((i) => this.row(i), j), between((i) => this.column(i), k)];
    const [low, high] = [this.angle(flip, Math.floor(j)), this.angle(flip, Math.ceil(j))];
    const turned = low + (high - low) * (j - Math.floor(j));
    return [this.left + u + (v - u) * Math.cos(turned), u + (v - u) * Math.sin(turned)];
  }
}

/**
 * How much room the matrix needs for its numbers; 0 where it is too large for any.
 * @param {number} m @param {number} n
 * @returns {{width: number, height: number}} px: no less wide, and better so high
 */
export function needed(m, n) {
  const lines = Math.max(m, n) + 2;
  if (lines > NUMBERED) return { width: 0, height: 0 };
  return { width: lines * WRITTEN + 2 * (GAP + 1 + MARGIN), height: lines * EASY + 2 * (WIDE_GAP + MARGIN) };
}

/** The side of a cell at this angle, as a share: on a slanting row they would overlap. @param {number} angle */
export const shrunk = (angle) => 1 - 0.23 * Math.sin(2 * angle);
