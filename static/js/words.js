// Sentences and equations as data: parts that become DOM nodes on the page and plain text for a screen reader.

import { number, signed } from "./format.js";

/**
 * @typedef {{type: "strong", text: string}} Strong
 * @typedef {{type: "value", value: number, kind: "value" | "blame" | "plain"}} Value
 * @typedef {{type: "symbol", base: string, sup: string, sub: string, upright: boolean}} Symbol_
 * @typedef {{type: "captioned", parts: Part[], caption: string, term: number}} Captioned
 * @typedef {{type: "accent", text: string}} Accent
 * @typedef {{type: "term", parts: Part[]}} Term
 * @typedef {string | Strong | Value | Symbol_ | Captioned | Accent | Term} Part
 */

/** @param {string | number} text @returns {Strong} */
export const strong = (text) => ({ type: "strong", text: String(text) });
/** @param {number} x a weight, an activation: coloured by its sign @returns {Value} */
export const value = (x) => ({ type: "value", value: x, kind: "value" });
/** @param {number} x blame: coloured by its sign, which is always written @returns {Value} */
export const blame = (x) => ({ type: "value", value: x, kind: "blame" });
/** @param {number} x @returns {Value} */
export const plain = (x) => ({ type: "value", value: x, kind: "plain" });
/**
 * A symbol of the book with its indices.
 * @param {string} base
 * @param {string | number} [sup]
 * @param {string | number} [sub]
 * @returns {Symbol_}
 */
export const symbol = (base, sup = "", sub = "") => ({
  type: "symbol", base, sup: String(sup), sub: String(sub), upright: base === "∑" || base === "Σ",
});
/** @param {string} text what marks the direction of travel: the transpose sign @returns {Accent} */
export const accent = (text) => ({ type: "accent", text });
/** @param {number} term which term of the sum @param {Part[]} parts @returns {Captioned} */
export const captioned = (term, ...parts) => ({ type: "captioned", parts, caption: "", term });

/** @param {Part[]} parts that no line may break @returns {Term} */
export const term = (...parts) => ({ type: "term", parts });

/** @param {number} j @param {number} k indices side by side; a comma where they would run together */
export const pair = (j, k) => (j > 9 || k > 9 ? `${j},${k}` : `${j}${k}`);

/** @param {Value} part */
const written = ({ value: x, kind }) => (kind === "blame" ? signed(x) : number(x));

/**
 * @param {Part[]} parts
 * @returns {string}
 */
export function text(parts) {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.type === "value") return written(part);
      if (part.type === "captioned" || part.type === "term") return text(part.parts);
      if (part.type === "symbol") return part.base + part.sup + part.sub;
      return part.text;
    })
    .join("");
}

/**
 * @param {string} name
 * @param {string} className
 * @param {(string | Node)[]} content
 */
function element(name, className, ...content) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...content);
  return node;
}

/** @param {Value} part */
const tone = ({ value: x, kind }) => (kind === "plain" || x === 0 ? "" : `${kind}-${x > 0 ? "plus" : "minus"}`);

/** Letters of an index slant, its numbers do not. @param {string} written */
const index = (written) => written.split(/([a-z]+)/).filter(Boolean).map((piece) => (/[a-z]/.test(piece) ? element("i", "", piece) : piece));

/**
 * @param {Symbol_} part
 * @returns {HTMLElement}
 */
function symbolNode({ base, sup, sub, upright }) {
  const node = element("span", "m", upright ? base : element("i", "", base));
  if (sup && sub) node.append(element("span", "ss", element("span", "", ...index(sup)), element("span", "", ...index(sub))));
  else if (sup) node.append(element("span", "sup", ...index(sup)));
  else if (sub) node.append(element("span", "sub", ...index(sub)));
  return node;
}

/**
 * @param {Part} part
 * @param {string} tag of numbers
 * @returns {Node}
 */
function node(part, tag) {
  if (typeof part === "string") return document.createTextNode(part);
  switch (part.type) {
    case "strong":
      return element("b", "", part.text);
    case "accent":
      return element("span", "sup", element("span", "turn", part.text));
    case "value":
      return element(tag, tone(part), written(part));
    case "symbol":
      return symbolNode(part);
    case "term":
      return element("span", "term", ...part.parts.map((inner) => node(inner, tag)));
    default: {
      const caption = element("small", "", part.caption);
      const whole = element("span", "", element("span", "", ...part.parts.map((inner) => node(inner, tag))), caption);
      whole.dataset.term = String(part.term);
      return whole;
    }
  }
}

/**
 * @param {Part[]} parts
 * @param {"b" | "span"} [tag] of numbers: they stand out in a sentence, and are level with the rest in an equation
 * @returns {Node[]}
 */
export const nodes = (parts, tag = "b") => parts.map((part) => node(part, tag));
