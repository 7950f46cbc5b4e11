// An equation as one would read it to somebody: the same parts, in words.

import { t } from "./texts.js";
import { BREAK, written } from "./words.js";

/** @typedef {import("./words.js").Part} Part */
/**
 * What is heard, or decides what is heard: a bracket is said only where it holds a sum.
 * @typedef {{kind: "word" | "factor" | "function" | "operator" | "open" | "close", said: string}} Token
 */

/** @type {Record<string, string>} signs by their name in the file of texts */
const OPERATORS = { "=": "equals", "→": "becomes", "+": "plus", "−": "minus", "·": "times", "×": "times", "⊙": "elementwise", "/": "over" };
/** @type {Record<string, string>} */
const WORDS = { "½": "half", "…": "and-so-on", Δ: "change", T: "transposed", "\u2003": "then" };
/** @type {Record<string, string>} */
const LETTERS = { δ: "delta", η: "eta", λ: "lambda" };
const STRINGS = /([=→+−·×⊙/])|([([])|([)\]])|(′)|([A-Za-z_\u00a0]+(?=\()|ln)|([½…Δ\u2003])|([^\s=→+−·×⊙/()[\]′½…Δ\u2003]+)/gu;

/** @param {Token["kind"]} kind @param {string} said @returns {Token} */
const token = (kind, said) => ({ kind, said });

/** @param {string} index as it stands beside a symbol: single digits and letters, or numbers with a comma between them */
const spelled = (index) =>
  (index.includes(",") ? index.split(",") : (index.match(/[A-Za-z]|\d+|./g) ?? []))
    .map((piece) => (piece === "−" ? t("speech-minus") : piece))
    .join(" ");

/**
 * Two digits side by side are two indices, except where they stand for a single neuron.
 * @param {string} base
 * @param {string} sub
 */
const neurons = (base, sub) => (/^(w|B|∂C\/∂w)$/.test(base) && /^\d\d$/.test(sub) ? `${sub[0]} ${sub[1]}` : spelled(sub));

/** @param {import("./words.js").Symbol_} part @returns {Token} */
function symbolToken({ base, sup, sub }) {
  if (!base) return token("word", sup === "2" ? t("speech-squared") : t("speech-power", { exponent: spelled(sup) }));
  if (base === "∑" || base === "Σ") return token("word", sub ? t("speech-sum-over", { index: spelled(sub) }) : t("speech-sum"));
  if (base === "σ") return token("function", t("speech-sigma"));
  const slope = /^∂C\/∂(.)$/.exec(base);
  const letter = slope ? t("speech-slope", { of: slope[1] }) : LETTERS[base] ? t(`speech-${LETTERS[base]}`) : base;
  return token("factor", [letter, sub && neurons(base, sub), sup && t("speech-layer", { layer: spelled(sup) })].filter(Boolean).join(" "));
}

/** @param {string} shown a number as it is written */
export const numberAloud = (shown) =>
  shown === "–"
    ? t("speech-unknown")
    : shown
        .replace(/·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, exponent) => ` ${t("speech-times-ten", { exponent: plainDigits(exponent) })}`)
        .replaceAll("−", `${t("speech-minus")} `)
        .replace(/^\+/, "");

/** @param {string} raised */
const plainDigits = (raised) =>
  raised.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit))).replace("⁻", `${t("speech-minus")} `);

/** @param {string} text @returns {Token[]} */
function stringTokens(text) {
  return [...text.replaceAll(BREAK, "").matchAll(STRINGS)].map(([, operator, open, close, prime, name, sign, word]) => {
    if (operator) return token("operator", t(`speech-${OPERATORS[operator]}`));
    if (open) return token("open", t("speech-open"));
    if (close) return token("close", t("speech-close"));
    if (prime) return token("function", t("speech-prime"));
    if (name) return token("function", name === "ln" ? t("speech-log") : name);
    return sign ? token("word", t(`speech-${WORDS[sign]}`)) : token("word", word);
  });
}

/** @param {Part} part @returns {Token[]} */
function tokens(part) {
  if (typeof part === "string") return stringTokens(part);
  switch (part.type) {
    case "value":
      return [token("word", numberAloud(written(part)))];
    case "symbol":
      return [symbolToken(part)];
    case "accent":
      return [token("factor", WORDS[part.text] ? t(`speech-${WORDS[part.text]}`) : part.text)];
    case "strong":
    case "word":
      return [token("word", part.text)];
    default:
      return part.parts.flatMap(tokens);
  }
}

/**
 * Two symbols side by side are a product.
 * @param {Token} one @param {number} i @param {Token[]} all
 * @returns {Token[]}
 */
function withTimes(one, i, all) {
  const product = one.kind === "factor" && all[i - 1]?.kind === "factor" && one.said !== t("speech-transposed");
  return product ? [token("operator", t("speech-times")), one] : [one];
}

/**
 * Brackets are heard where a sum stands in them; after a function it is "of".
 * @param {Token[]} all
 * @returns {string[]}
 */
function heard(all) {
  /** @type {number[]} */
  const opened = [];
  const said = all.map((one) => one.said);
  all.forEach((one, i) => {
    if (one.kind === "open") opened.push(i);
    if (one.kind !== "close") return;
    const from = opened.pop();
    if (from === undefined) return;
    const of = all[from - 1]?.kind === "function" ? t("speech-of") : "";
    const sum = all.slice(from + 1, i).some(({ kind }) => kind === "operator");
    said[from] = [of, sum ? t("speech-open") : ""].filter(Boolean).join(" ");
    if (!sum) said[i] = "";
  });
  return said;
}

/**
 * @param {Part[]} parts
 * @returns {string}
 */
export const aloud = (parts) => heard(parts.flatMap(tokens).flatMap(withTimes)).filter(Boolean).join(" ").replace(/ ([;,.])/g, "$1");
