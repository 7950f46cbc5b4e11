// An equation as one would read it to somebody: the same parts, in words.

import { BREAK, written } from "./words.js";

/** @typedef {import("./words.js").Part} Part */

/** @type {Record<string, string>} */
const SIGNS = {
  "=": "equals", "→": "becomes", "+": "plus", "−": "minus", "·": "times", "×": "times", "⊙": "times, neuron by neuron,", "/": "over",
  "′": "prime", "½": "one half", "∑": "sum", Σ: "sum", Δ: "delta of", "…": "and so on", ln: "log of", T: "transposed",
};
/** @type {Record<string, string>} */
const LETTERS = { δ: "delta", σ: "sigma", η: "eta", "∂C/∂a": "slope of C in a", "∂C/∂w": "slope of C in w", "∂C/∂b": "slope of C in b", "∂C/∂z": "slope of C in z" };

/** @param {string} index as it stands beside a symbol: single digits and letters, or numbers with a comma between them */
const spelled = (index) =>
  (index.includes(",") ? index.split(",") : index.match(/[A-Za-z]|\d+|./g) ?? [])
    .map((piece) => (piece === "−" ? "minus" : piece))
    .join(" ");

/**
 * Two digits side by side are two indices, except in one number that stands for a single neuron.
 * @param {string} base
 * @param {string} sub
 */
const neurons = (base, sub) => (/^(w|B|∂C\/∂w)$/.test(base) && /^\d\d$/.test(sub) ? `${sub[0]} ${sub[1]}` : spelled(sub));

/** @param {import("./words.js").Symbol_} part */
function symbolAloud({ base, sup, sub }) {
  if (!base) return sup === "2" ? "squared" : `to the ${spelled(sup)}`;
  if (base === "∑" || base === "Σ") return sub ? `sum over ${spelled(sub)} of` : "sum of";
  return [LETTERS[base] ?? base, sub && neurons(base, sub), sup && `of layer ${spelled(sup)}`].filter(Boolean).join(" ");
}

/** @param {string} shown a number as it is written */
export const numberAloud = (shown) =>
  shown === "–"
    ? "not known yet"
    : shown
        .replace(/·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, exponent) => ` times 10 to the ${plainDigits(exponent)}`)
        .replaceAll("−", "minus ")
        .replace(/^\+/, "");

/** @param {string} raised */
const plainDigits = (raised) => raised.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit))).replace("⁻", "minus ");

/** @param {string} text */
const stringAloud = (text) =>
  text
    .replace(/(ln|[=→+−·×⊙/′½∑ΣΔ…])/g, (sign) => ` ${SIGNS[sign]} `)
    .replace(/[()[\]]/g, (bracket) => ` ${bracket} `)
    .replaceAll("\u2003", "; ")
    .replaceAll(BREAK, "");

/** @param {Part} part @returns {string} */
function partAloud(part) {
  if (typeof part === "string") return stringAloud(part);
  switch (part.type) {
    case "value":
      return numberAloud(written(part));
    case "symbol":
      return symbolAloud(part);
    case "accent":
      return SIGNS[part.text] ?? part.text;
    case "strong":
    case "word":
      return part.text;
    default:
      return part.parts.map(partAloud).join(" ");
  }
}

/**
 * Brackets around one thing are not heard, and after a function they are "of"; the others are said.
 * @param {string} words
 */
const brackets = (words) =>
  words
    .replace(/\b(sigma|prime|log of|[a-z]+) [([] ([^()[\]]*) [)\]]/g, (all, name, inner) => (several(inner) || !FUNCTIONS.test(name) ? all : `${name.replace(/ of$/, "")} of ${inner}`))
    .replace(/[([] ([^()[\]]*) [)\]]/g, (all, inner) => (several(inner) ? all : inner))
    .replaceAll("( ", "open bracket ")
    .replaceAll("[ ", "open bracket ")
    .replace(/ [)\]]/g, " close bracket");

const FUNCTIONS = /^(sigma|prime|log of|sigmoid|tanh|relu|linear|softmax|softplus|leaky_relu|exp)$/;

/** @param {string} words whether there is a sum in them */
const several = (words) => / (plus|minus|times|over) /.test(words.replace(/10 to the minus/g, "").replace(/^minus /, ""));

/** @param {Part | undefined} part whether a symbol right behind it is a factor */
const isFactor = (part) => typeof part === "object" && (part.type === "accent" || (part.type === "symbol" && !/^[∑Σ]?$/.test(part.base)));

/** Two symbols side by side are a product. @param {Part} part @param {number} i @param {Part[]} all */
const withTimes = (part, i, all) => (isFactor(all[i - 1]) && isFactor(part) && !isAccent(part) ? ["times", partAloud(part)] : [partAloud(part)]);

/** @param {Part} part */
const isAccent = (part) => typeof part === "object" && part.type === "accent";

/**
 * @param {Part[]} parts
 * @returns {string}
 */
export const aloud = (parts) =>
  brackets(parts.flatMap(withTimes).join(" ").replace(/\s+/g, " ")).replace(/\s+([;,.])/g, "$1").replace(/\s+/g, " ").trim();
