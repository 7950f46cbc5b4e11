// Sums and products of a card's equations, with the numbers in place of the symbols.

import { BREAK, blame, plain, term, value, written } from "./words.js";

/** @typedef {import("./words.js").Part} Part */
/** @typedef {import("./words.js").Value} Value */
/**
 * A row of a sum: what it is named, its factors, and their product.
 * @typedef {{name: string, cells: Value[]}} Row the last cell is what is added up
 * @typedef {{rows: Row[], others: number, rest: Value | null}} Rows
 */

/** Cards write so many significant digits. */
export const DIGITS = 6;
/** Up to so many terms are written in one equation; more become a table. */
export const IN_LINE = 3;
/** So many rows are written out; of more, the largest and what the others add up to. */
export const ROWS = 8;
/** … then so many. */
export const LARGEST = 6;

/** @param {number | null} x @returns {Value} */
export const v = (x) => value(x, DIGITS);
/** @param {number | null} x @returns {Value} */
export const d = (x) => blame(x, DIGITS);
/** @param {number | null} x @returns {Value} */
export const p = (x) => plain(x, DIGITS);

/**
 * A number inside an equation: in brackets if a sign of its own would meet an operator.
 * @param {Value} part
 * @returns {Part[]}
 */
export const inside = (part) => (/^[−+]/.test(written(part)) ? ["(", part, ")"] : [part]);

/**
 * "0.41 × (−0.82)", which a line breaks only if it is wider than that.
 * @param {Value[]} factors
 * @param {boolean} [first] whether nothing stands before it
 * @returns {Part}
 */
export const product = (factors, first = false) =>
  term(...factors.flatMap((factor, i) => [i ? `${BREAK} × ` : "", ...(i === 0 && first ? [factor] : inside(factor))]));

/**
 * "0.41 × (−0.82) + 1.30 × 0.07"
 * @param {Value[][]} products
 * @returns {Part[]}
 */
export const sum = (products) => products.flatMap((factors, i) => [i ? " + " : "", product(factors, i === 0)]);

/** Whether every number of the products is known. @param {Value[][]} products */
export const known = (products) => products.every((factors) => factors.every((factor) => factor.value !== null));

/**
 * The rows that are written out: all in their order, or of many the largest first and the others' sum.
 * @param {Row[]} all
 * @returns {Rows}
 */
export function rowsOf(all) {
  if (all.length <= ROWS) return { rows: all, others: 0, rest: null };
  const size = (/** @type {Row} */ { cells }) => Math.abs(cells[cells.length - 1].value ?? 0);
  const sorted = [...all].sort((one, other) => size(other) - size(one));
  const others = sorted.slice(LARGEST).map(({ cells }) => cells[cells.length - 1]);
  const total = others.some(({ value: x }) => x === null) ? null : others.reduce((so, { value: x }) => so + Number(x), 0);
  return { rows: sorted.slice(0, LARGEST), others: others.length, rest: { ...others[0], value: total } };
}

/**
 * "(0.12 + (−0.05) + … ) / 10": the mean, with its largest terms.
 * @param {Value[]} terms the largest first
 * @param {number} of how many there are in all
 * @returns {Part[]}
 */
export function mean(terms, of) {
  const written_ = terms.slice(0, IN_LINE);
  return ["(", ...written_.flatMap((one, i) => [i ? `${BREAK} + ` : "", ...(i ? inside(one) : [one])]), of > written_.length ? `${BREAK} + …` : "", ") / ", String(of)];
}
