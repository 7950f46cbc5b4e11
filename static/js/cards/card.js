// What a card says, as data: sections of lines, each a number with its equation in symbols and in numbers.

import { knownAfter, title } from "../phases.js";
import { t } from "../words/texts.js";

/** @typedef {import("../words/words.js").Part} Part */
/** @typedef {import("../words/words.js").Value} Value */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {"weight" | "bias" | "activation"} Nudged what is nudged to check a number */
/**
 * @typedef {object} Table
 * @property {Part[][]} head
 * @property {import("../words/terms.js").Rows} rows
 * @property {{name: Part[], value: Value}[]} [more] what is added after the rows
 */
/**
 * @typedef {object} Line
 * @property {string} id
 * @property {Part[]} name
 * @property {Part[]} [symbols] the equation's right side
 * @property {Part[]} [terms] the same with numbers
 * @property {Table} [table] the same with numbers, a row for each
 * @property {Value} value
 * @property {string} [why] why there is no number
 * @property {boolean} [told] whether the note holds before there is one
 * @property {string} [note]
 * @property {"weight" | "bias"} [edit]
 * @property {Nudged} [check]
 * @property {number | null} [open] how far a gate is open, from 0 to 1
 * @property {boolean} [main] what the section is about
 */
/** @typedef {{id: string, title: string, lines: Line[]}} Section */
/** @typedef {{rows: number, columns: number, numbers: ArrayLike<number>, label: string}} Picture */
/**
 * @typedef {object} Card
 * @property {Part[]} title
 * @property {string} label the title in words
 * @property {string} who
 * @property {string} kind
 * @property {Picture | null} picture
 * @property {Section[]} sections
 * @property {string} note
 */

/**
 * Why a number is not there: the phase that makes it known has not been.
 * @param {Reading} reading
 * @param {import("../phases.js").Quantity} quantity
 * @param {number} l
 * @returns {string} empty if it has been
 */
export function why(reading, quantity, l) {
  if (reading.reached(quantity, l)) return "";
  const after = knownAfter(quantity, l, reading.top);
  return after ? t("card-not-reached", { phase: title(after) }) : "";
}
