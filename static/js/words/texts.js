// Every text of the page, from the file of the visitor's language, which the server reads too. The page carries the file,
// so that it is there before anything is said, with English behind it. Under node, for tests, English is read from disk.
//
// A number that is given is counted with ("1 example", "2 examples"); what only names something, such as a neuron's
// index, and what is written in a certain way, such as a weight, is given as a string.

import { FluentBundle, FluentResource } from "../../vendor/@fluent/bundle/esm/index.js";
import { strong, word } from "./words.js";

/** @typedef {import("./words.js").Part} Part */

/** @type {any[]} */
const bundles = [];

/** Texts of one more language, behind those there are. @param {string} language @param {string} source */
export function add(language, source) {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  bundles.push(bundle);
}

if ("document" in globalThis)
  for (const block of document.querySelectorAll("script.texts")) add(/** @type {HTMLElement} */ (block).lang, block.textContent);
else {
  const { process } = /** @type {any} */ (globalThis);
  add("en", process.getBuiltinModule("fs").readFileSync(new URL("../../texts/en.ftl", import.meta.url), "utf8"));
}

/** Names in the API have underscores, ids have dashes. @param {string} name */
const dashed = (name) => name.replaceAll("_", "-");

/** @param {string} name @param {Record<string, string | number>} given */
function format(name, given) {
  const id = dashed(name);
  const bundle = bundles.find((one) => one.hasMessage(id));
  if (!bundle) throw new Error(`There is no text ${id}.`);
  for (const [key, value] of Object.entries(given))
    if (typeof value === "number" && !(Number.isInteger(value) && value >= 0)) throw new Error(`${key} of the text ${id} is not a count: ${value}`);
  return String(bundle.formatPattern(bundle.getMessage(id).value, given));
}

/** @param {string} id whether there is such a text */
export const has = (id) => bundles.some((one) => one.hasMessage(dashed(id)));

/**
 * A text. An argument that it needs and is not given is an error.
 * @param {string} id
 * @param {Record<string, string | number>} [given]
 * @returns {string}
 */
export const t = (id, given = {}) => format(id, given);

/** A whole number as it is written in the language of the page. @param {number} n */
export const count = (n) => n.toLocaleString(bundles[0].locales);

const FIRST_HELD = 0xe000; // private use: such a character stands for an argument's parts until the text is taken apart
const LESS_THAN = "\uf8ff"; // stands for a < that an argument brings: it never begins a tag
const SEAMS = /(<\/?b>|<term [a-z-]+>[^<]*<\/term>|[\ue000-\uf7ff])/;
const TERM = /^<term ([a-z-]+)>([^<]*)<\/term>$/;

/**
 * A text as parts of a sentence: what is between <b> and </b> stands out, <term sent>sends</term> is a word of the
 * glossary, arguments that are parts stay what they are.
 * @param {string} id
 * @param {Record<string, Part | Part[] | number>} [given]
 * @returns {Part[]}
 */
export function say(id, given = {}) {
  /** @type {Part[][]} */
  const held = [];
  /** @type {Record<string, string | number>} */
  const plain = {};
  for (const [name, value] of Object.entries(given))
    if (typeof value === "string") plain[name] = value.replaceAll("<", LESS_THAN);
    else if (typeof value === "number") plain[name] = value;
    else {
      plain[name] = String.fromCharCode(FIRST_HELD + held.length);
      held.push(Array.isArray(value) ? value : [value]);
    }
  return assemble(format(id, plain), held);
}

/** @param {string} text @param {Part[][]} held @returns {Part[]} */
function assemble(text, held) {
  /** @type {Part[]} */
  const parts = [];
  let loud = false;
  for (const piece of text.split(SEAMS)) {
    const term = TERM.exec(piece);
    if (piece === "<b>" || piece === "</b>") loud = piece === "<b>";
    else if (term) parts.push(word(term[1], term[2]));
    else if (SEAMS.test(piece)) parts.push(...held[piece.charCodeAt(0) - FIRST_HELD]);
    else if (piece) parts.push(loud ? strong(piece.replaceAll(LESS_THAN, "<")) : piece.replaceAll(LESS_THAN, "<"));
  }
  return parts;
}
