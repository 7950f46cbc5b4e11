// The neurons of the picture: their numbers as data-* attributes, and as text and tint.

import { attribute, number, signed } from "../words/format.js";
import { brush } from "./brush.js";
import { awaits, gate, stage } from "./flights.js";
import { drawOutput } from "./outputs.js";
import { goesBack } from "../phases.js";
import { clamp, pulseRadius, rimWidth } from "./scales.js";
import { drawDoors, drawSum } from "./sums.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {"a" | "z" | "sigma_prime" | "delta" | "b"} Kind */
/** @typedef {{a: number | null, z: number | null, sigmaPrime: number | null, received: number | null, delta: number | null, b: number | null, bAfter: number | null}} NeuronNumbers null: not known yet */
/** @typedef {"input" | "hidden" | "output"} Role */
/**
 * The elements of a neuron that are drawn on; null where the picture has no room for one.
 * @typedef {object} Drawn
 * @property {SVGGElement} group
 * @property {number} layer
 * @property {number} j from 1
 * @property {Role} role
 * @property {boolean} cell whether it is one of many, with nothing written on it
 * @property {Element | null} face
 * @property {Element | null} tint
 * @property {Element | null} map
 * @property {Element | null} value
 * @property {Element | null} input its number, in a neuron of the first layer
 * @property {SVGGElement | null} sum
 * @property {SVGGElement | null} doors
 * @property {Element | null} halo blame as a rim, where there is no room for a sum
 */

/** Beyond it a number is called huge instead of coloured. */
const HUGE = 1e6;
/** @type {Record<Kind, string>} */
const SYMBOLS = { a: "a", z: "z", sigma_prime: "σ′", delta: "δ", b: "b" };
/** The value at which a tint is full; blame has a scale of its own. */
const FULL = { a: 1, z: 3, sigma_prime: 1, b: 3 };

export class Neurons {
  /** @type {Drawn[]} */
  #drawn = [];

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    for (const group of /** @type {NodeListOf<SVGGElement>} */ (svg.querySelectorAll("g.neuron"))) this.#drawn.push(partsOf(group));
  }

  /**
   * @param {Seen} seen
   * @param {Kind} kind
   * @param {number | null} [only] the neurons of this layer; null: all
   */
  draw(seen, kind, only = null) {
    for (const drawn of this.#drawn) if (only === null || drawn.layer === only) this.#drawOne(drawn, seen, kind);
  }

  /**
   * @param {Drawn} drawn
   * @param {Seen} seen
   * @param {Kind} kind
   */
  #drawOne(drawn, seen, kind) {
    const { group, layer, j, role } = drawn;
    if (drawn.cell && brush(group).holds(...(role === "input" ? [seen.frame.layers[0].a?.[j - 1], drawn.face] : dependsOn(drawn, seen, kind)))) return;
    const numbers = neuron(seen, layer, j - 1);
    write(group, numbers, drawn.cell && seen.frame.playing);
    const broken = Object.values(numbers).some((x) => x !== null && !Number.isFinite(x));
    const pen = brush(group);
    pen.toggle("not-finite", broken);
    pen.toggle("huge", !broken && Math.abs(numbers.a ?? 0) > HUGE);
    pen.toggle("reached", numbers.a !== null);
    pen.toggle("arriving", awaits(seen, layer));
    drawTint(drawn, numbers, kind);
    if (role === "input") drawn.input && brush(drawn.input).text(numbers.a === null ? "" : number(numbers.a));
    else if (role === "hidden") drawHidden(drawn, seen, numbers, kind);
    else drawOutput(group, seen, j - 1, numbers, kind);
    if (this.svg.dataset.numbers === "all") writeAll(group, numbers);
  }
}

/** @param {SVGGElement} group @returns {Drawn} */
function partsOf(group) {
  const find = (/** @type {string} */ selector) => group.querySelector(selector);
  const role = group.classList.contains("input") ? "input" : group.classList.contains("output") ? "output" : "hidden";
  return {
    group, layer: Number(group.dataset.layer), j: Number(group.dataset.j), role, cell: group.matches(".pixels, .hidden.cells"),
    // The pixels of a large image are painted as one.
    face: group.matches(".ink ~ .pixels") ? null : find(".face"), tint: find(".tint"), map: find("image.map"), value: find("text.value"), input: find(".value .number"),
    sum: /** @type {SVGGElement | null} */ (find("g.sum")), doors: /** @type {SVGGElement | null} */ (find("g.doors")), halo: find(".halo"),
  };
}

/**
 * What the drawing of a hidden neuron that is one of many depends on.
 * @param {Drawn} drawn
 * @param {Seen} seen
 * @param {Kind} kind
 */
function dependsOn({ layer, map }, seen, kind) {
  const { frame, cursor } = seen;
  return [frame, cursor.phase, cursor.layer, kind, awaits(seen, layer), landed(seen, layer, 0), gate(seen, layer)?.passed, map?.classList.contains("unused")];
}

/**
 * @param {Drawn} drawn
 * @param {Seen} seen
 * @param {NeuronNumbers} numbers
 * @param {Kind} kind
 */
function drawHidden({ group, layer, j, sum, doors, halo, value }, seen, numbers, kind) {
  const back = goesBack(seen.cursor);
  const opening = gate(seen, layer);
  const here = seen.cursor.layer === layer && (seen.cursor.phase === "send_back" || opening !== null);
  const waiting = back && numbers.received !== null && numbers.delta === null;
  if (doors) drawDoors(doors, opening, numbers.sigmaPrime);
  if (halo) drawHalo(halo, Number(group.dataset.size), back ? passing(seen, layer, j, numbers) : null);
  if (sum) {
    brush(sum).toggle("shown", here && numbers.received !== null);
    if (here && numbers.received !== null) drawSum(sum, seen, layer, j - 1, numbers, opening);
  }
  if (!value) return;
  // On the way back a neuron shows what it has got: first what it is sent, then its delta.
  if (waiting && !sum) writeValue(value, "delta", landed(seen, layer, j) ? numbers.received : null, true);
  else writeValue(value, back && numbers.delta !== null ? "delta" : kind, back && numbers.delta !== null ? numbers.delta : valueOf(numbers, kind));
}

/**
 * The blame that a neuron holds: what it was sent, and once the gate has let it pass, its delta.
 * @param {Seen} seen @param {number} layer @param {number} j @param {NeuronNumbers} numbers
 */
function passing(seen, layer, j, { received, delta }) {
  const opening = gate(seen, layer);
  if (delta !== null && received !== null && opening) return received + (delta - received) * opening.passed;
  return delta ?? (landed(seen, layer, j) ? received : null);
}

/**
 * Whether all that a neuron is sent has arrived.
 * @param {Seen} seen @param {number} layer @param {number} _k
 */
const landed = (seen, layer, _k) => stage(seen, "sent", layer + 1, seen.topology.layers[layer]) !== "coming";

/** @param {Element} halo @param {number} side of its neuron, px @param {number | null} x */
function drawHalo(halo, side, x) {
  const pen = brush(halo);
  const shown = x !== null && Number.isFinite(x) && x !== 0;
  pen.toggle("unused", !shown);
  if (!shown) return;
  pen.sign(x);
  pen.style("stroke-width", `${rimWidth(x, side).toFixed(2)}px`);
}

/**
 * The numbers of a neuron, as far as they are known where one looks.
 * @param {Seen} seen
 * @param {number} layer from 1
 * @param {number} j from 0
 * @returns {NeuronNumbers}
 */
export function neuron({ frame, reached }, layer, j) {
  const numbers = frame.layers[layer - 1];
  const known = (/** @type {import("../phases.js").Quantity} */ quantity, /** @type {Float32Array | null | undefined} */ of) =>
    of && reached(quantity, layer) ? of[j] : null;
  return {
    a: known("a", numbers.a),
    z: known("z", numbers.z),
    sigmaPrime: known("sigmaPrime", numbers.sigmaPrime),
    received: known("received", numbers.received),
    delta: known("delta", numbers.delta),
    b: numbers.b ? numbers.b[j] : null,
    bAfter: known("after", numbers.bAfter),
  };
}

/** @param {NeuronNumbers} numbers @param {Kind} kind */
export const valueOf = (numbers, kind) => (kind === "sigma_prime" ? numbers.sigmaPrime : kind === "b" ? (numbers.bAfter ?? numbers.b) : numbers[kind]);

/** @param {Element} group @param {NeuronNumbers} numbers @param {boolean} soon */
function write(group, { a, z, sigmaPrime, received, delta, b, bAfter }, soon) {
  const named = { "data-a": a, "data-z": z, "data-sigma-prime": sigmaPrime, "data-received": received, "data-delta": delta, "data-b": b, "data-b-after": bAfter };
  brush(group).note(named, attribute, soon);
}

/**
 * The tint of a neuron that has no map, and the ink of a pixel. In grids a tint stands in for the map where another number is shown.
 * @param {Drawn} drawn
 * @param {NeuronNumbers} numbers
 * @param {Kind} kind
 */
function drawTint({ group, face, tint, map, role }, numbers, kind) {
  if (group.classList.contains("pixels")) {
    if (face) brush(face).style("fill-opacity", clamp(numbers.a ?? 0, 0, 1).toFixed(2));
    return;
  }
  if (!tint) return;
  const pen = brush(tint);
  const x = role === "input" ? numbers.a : valueOf(numbers, kind);
  const usable = map !== null && !map.classList.contains("unused");
  const mapped = usable && (kind === "a" || x === null || !group.classList.contains("cells"));
  if (usable) brush(map).style("opacity", mapped ? "" : "0");
  pen.toggle("unused", x === null || mapped);
  if (x === null || mapped) return;
  pen.sign(x);
  pen.set("fill-opacity", strength(x, role === "input" ? "a" : kind).toFixed(2));
}

/**
 * How strongly a number is tinted, 0 to 1.
 * @param {number} x
 * @param {Kind} kind
 */
export function strength(x, kind) {
  if (!Number.isFinite(x)) return 0;
  if (kind === "delta") return x === 0 ? 0 : Math.max(0.08, (pulseRadius(x) - 4) / 9);
  return 0.92 * clamp(Math.abs(x) / FULL[kind], 0, 1);
}

/**
 * A neuron's line of text: a symbol and a number.
 * @param {Element} text
 * @param {Kind} kind
 * @param {number | null} x
 * @param {boolean} [bare] without the symbol
 */
export function writeValue(text, kind, x, bare = false) {
  const pen = brush(text);
  const written = x === null ? "" : kind === "delta" ? signed(x) : number(x);
  pen.toggle("blame", kind === "delta" && x !== null);
  if (kind === "delta" && x !== null) pen.sign(x);
  else pen.noSign();
  const content = x === null ? "" : bare ? written : `${SYMBOLS[kind]} ${written}`;
  if (text.getAttribute("data-written") === content) return;
  text.setAttribute("data-written", content);
  text.replaceChildren();
  if (x === null || bare) {
    text.textContent = content;
    return;
  }
  const symbol = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
  symbol.setAttribute("class", "letter");
  symbol.textContent = SYMBOLS[kind];
  text.append(symbol, ` ${written}`);
}

/**
 * @param {Element} parent
 * @param {string} field
 * @param {number | null} x
 * @param {boolean} isBlame
 */
export function writeNumber(parent, field, x, isBlame) {
  const text = parent.querySelector(`text.number-line[data-field="${field}"]`);
  if (!text) return;
  const pen = brush(text);
  pen.toggle("unused", x === null);
  if (x === null) return;
  pen.sign(x);
  const value = text.querySelector(".number-value");
  if (value) brush(value).text(isBlame ? signed(x) : number(x));
}

/**
 * What stands before a number: an update makes a weight or a bias another one than the other numbers were made with.
 * @param {Element} parent @param {string} field @param {string} name
 */
export function nameNumber(parent, field, name) {
  const symbol = parent.querySelector(`text.number-line[data-field="${field}"] .symbol`);
  if (symbol) brush(symbol).text(name);
}

/** @param {Element} group @param {NeuronNumbers} numbers */
function writeAll(group, { a, z, sigmaPrime, received, delta, b, bAfter }) {
  const fields = { z, a, b: bAfter ?? b, delta, received, sigma_prime: sigmaPrime };
  for (const [field, x] of Object.entries(fields)) writeNumber(group, field, x, field === "delta" || field === "received");
  nameNumber(group, "b", bAfter === null ? "b" : t("number-new", { symbol: "b" }));
}
