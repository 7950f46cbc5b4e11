// Sentences and equations as data: parts that are typeset on the page, read aloud, or written as plain text.

import { number } from "./format.js";

/**
 * @typedef {{type: "strong", text: string}} Strong
 * @typedef {"value" | "blame" | "plain"} Tone
 * @typedef {{type: "value", value: number | null, kind: Tone, digits: number}} Value `null`: not known (yet)
 * @typedef {{type: "symbol", base: string, sup: string, sub: string}} Symbol_
 * @typedef {{type: "captioned", parts: Part[], caption: string, term: number}} Captioned
 * @typedef {{type: "accent", text: string}} Accent
 * @typedef {{type: "term", parts: Part[]}} Term
 * @typedef {{type: "word", name: string, text: string}} Word
 * @typedef {string | Strong | Value | Symbol_ | Captioned | Accent | Term | Word} Part
 */

/** @param {string | number} text @returns {Strong} */
export const strong = (text) => ({ type: "strong", text: String(text) });
/** @param {number | null} x a weight, an activation: coloured by its sign @param {number} [digits] significant ones @returns {Value} */
export const value = (x, digits = 3) => ({ type: "value", value: x, kind: "value", digits });
/** @param {number | null} x blame: coloured by its sign, which is always written @param {number} [digits] @returns {Value} */
export const blame = (x, digits = 3) => ({ type: "value", value: x, kind: "blame", digits });
/** @param {number | null} x @param {number} [digits] @returns {Value} */
export const plain = (x, digits = 3) => ({ type: "value", value: x, kind: "plain", digits });
/**
 * A symbol of the book with its indices.
 * @param {string} base
 * @param {string | number} [sup]
 * @param {string | number} [sub]
 * @returns {Symbol_}
 */
export const symbol = (base, sup = "", sub = "") => ({ type: "symbol", base, sup: String(sup), sub: String(sub) });
/** @param {string} text what marks the direction of travel: the transpose sign, raised behind what came before @returns {Accent} */
export const accent = (text) => ({ type: "accent", text });
/** @param {number} term which term of the sum @param {Part[]} parts @returns {Captioned} */
export const captioned = (term, ...parts) => ({ type: "captioned", parts, caption: "", term });

/** @param {Part[]} parts that no line may break @returns {Term} */
export const term = (...parts) => ({ type: "term", parts });

/** @param {string} name in the glossary @param {string} text @returns {Word} a word that is explained where it stands */
export const word = (name, text) => ({ type: "word", name, text });
/** In a string of an equation: a line may break here, in brackets too. */
export const BREAK = "\u200b";

/** @param {number | string} j @param {number | string} k indices side by side; a comma where they would run together */
export const pair = (j, k) => (Number(j) > 9 || Number(k) > 9 ? `${j},${k}` : `${j}${k}`);

/**
 * A number as it is written; a dash stands for what is not known.
 * @param {Value} part
 */
export const written = ({ value: x, kind, digits }) => (x === null ? "–" : number(x, { digits, plus: kind === "blame" }));

/** @param {Value} part the class that colours it by its sign */
export const tone = ({ value: x, kind }) => (kind === "plain" || !x ? "" : `${kind}-${x > 0 ? "plus" : "minus"}`);

/**
 * @param {Part[]} parts
 * @returns {string}
 */
export function text(parts) {
  return parts
    .map((part) => {
      if (typeof part === "string") return part.replaceAll(BREAK, "");
      if (part.type === "value") return written(part);
      if (part.type === "captioned" || part.type === "term") return text(part.parts);
      if (part.type === "symbol") return part.base + part.sup + part.sub;
      return part.text;
    })
    .join("");
}

/**
 * What an equation looks like apart from its numbers: two with the same shape differ in nothing but digits and colours.
 * @param {Part[]} parts
 */
export const shape = (parts) => JSON.stringify(parts, (key, x) => (key === "value" ? null : x));

/**
 * The numbers of an equation, in their order.
 * @param {Part[]} parts
 * @returns {Value[]}
 */
export const numbers = (parts) =>
  parts.flatMap((part) => {
    if (typeof part === "string") return [];
    if (part.type === "value") return [part];
    return "parts" in part ? numbers(part.parts) : [];
  });
