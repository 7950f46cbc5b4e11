// The address of the page says what is on view: how it is shown, and at which point of the run. Reading and writing it.

/** @typedef {import("../phases.js").Cursor} Cursor */
/**
 * @typedef {object} Address
 * @property {boolean} present
 * @property {boolean} embed
 * @property {string} theme "" as the system has it
 * @property {string[]} hide parts of the page that are not there
 * @property {string} connections "" what is customary in the phase
 * @property {string} neurons "" their activations
 * @property {string} notation "" the book's
 * @property {string} focus the neuron or connection in focus; "" none
 * @property {string} pinned neurons and connections with cards, with commas
 * @property {string} view "table", or "" the picture
 * @property {string} matrix the panel: the upper layer of its pair, or "phase"; "" closed
 * @property {string} question that the panel answers; "" none
 * @property {string} unit "" the usual one
 * @property {string} speed "" the usual one
 * @property {Cursor | null} point null at the start
 */

/** Parts of the page that can be hidden, in the order of the list. */
export const PARTS = ["data", "network", "training", "batch", "map", "cost", "inspector", "choices", "legend", "timeline", "sentence", "transport"];
/** What is one word each, in the order in which it is written. */
const WORDS = /** @type {const} */ (["connections", "neurons", "notation", "focus", "pinned", "view", "matrix", "question", "unit", "speed"]);
/** Names for several of them, longest list first. @type {[string, string[]][]} */
const COLUMNS = [["left", PARTS.slice(0, 4)], ["right", PARTS.slice(4, 7)]];

/**
 * @param {string} list parts with commas between them
 * @returns {string[]} those that there are, in their order
 */
export function readParts(list) {
  const named = new Set(list.split(",").flatMap((word) => COLUMNS.find(([name]) => name === word.trim())?.[1] ?? [word.trim()]));
  return PARTS.filter((part) => named.has(part));
}

/** @param {string[]} parts @returns {string} as short as can be: a column by its name */
export function writeParts(parts) {
  const words = COLUMNS.filter(([, own]) => own.every((part) => parts.includes(part)));
  const taken = new Set(words.flatMap(([, own]) => own));
  return [...words.map(([name]) => name), ...PARTS.filter((part) => parts.includes(part) && !taken.has(part))].join(",");
}

/**
 * @param {string} search as in `location.search`
 * @returns {Address}
 */
export function read(search) {
  const query = new URLSearchParams(search);
  const theme = query.get("theme") ?? "";
  return {
    present: query.get("present") === "1",
    embed: query.get("embed") === "1",
    theme: theme === "light" || theme === "dark" ? theme : "",
    hide: readParts(query.get("hide") ?? ""),
    connections: query.get("connections") ?? "",
    neurons: query.get("neurons") ?? "",
    notation: query.get("notation") ?? "",
    focus: query.get("focus") ?? "",
    pinned: query.get("pinned") ?? "",
    view: query.get("view") ?? "",
    matrix: query.get("matrix") ?? "",
    question: query.get("question") ?? "",
    unit: query.get("unit") ?? "",
    speed: query.get("speed") ?? "",
    point: readPoint(query),
  };
}

/** @param {URLSearchParams} query @returns {Cursor | null} */
function readPoint(query) {
  const whole = (/** @type {string} */ name) => (/^\d{1,9}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
  const step = whole("step");
  if (!step) return null;
  const phase = /** @type {import("../phases.js").PhaseName} */ (query.get("phase") ?? "update");
  return { step, phase, layer: whole("layer") };
}

/**
 * @param {Partial<Address>} address
 * @returns {string} with its question mark; "" where there is nothing to say
 */
export function write({ point, hide = [], ...shown }) {
  const pairs = [
    ["present", shown.present ? "1" : ""],
    ["embed", shown.embed ? "1" : ""],
    ["theme", shown.theme],
    ["hide", writeParts(hide)],
    ...WORDS.map((name) => [name, shown[name]]),
    ...pointPairs(point ?? null),
  ].filter(([, value]) => value);
  return pairs.length ? `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}` : "";
}

/** @param {Cursor | null} point @returns {[string, string][]} */
function pointPairs(point) {
  if (!point || point.step === 0) return [];
  const { step, phase, layer } = settled(point);
  return [["step", String(step)], ["phase", phase === "update" ? "" : phase], ["layer", layer === null ? "" : String(layer)]];
}

/**
 * A place before the first phase of a step is the end of the step before.
 * @param {Cursor} point
 * @returns {Cursor}
 */
export const settled = (point) => (point.phase === "start" && point.step > 0 ? { step: point.step, phase: "update", layer: null } : point);

/** @param {Cursor} one @param {Cursor} other */
export const samePoint = (one, other) => one.step === other.step && one.phase === other.phase && one.layer === other.layer;
