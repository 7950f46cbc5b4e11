// The neurons of the picture: their numbers as data-* attributes, and as text, tint, bar and waterfall.

import { attribute, number, short, signed } from "./format.js";
import { brush, brushOf } from "./brush.js";
import { clamp, pulseRadius, sumPosition } from "./scales.js";
import { sent } from "./protocol.js";
import { goesBack } from "./phases.js";

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {"a" | "z" | "delta"} Kind */
/** @typedef {{a: number | null, z: number | null, sigmaPrime: number | null, received: number | null, delta: number | null, b: number | null, bAfter: number | null}} NeuronNumbers null: not known yet */
/** @typedef {{group: SVGGElement, layer: number, j: number, role: "input" | "hidden" | "output"}} Drawn */

/** Beyond it a number is called huge instead of coloured. */
const HUGE = 1e6;
const SYMBOLS = { a: "a", z: "z", delta: "δ" };

export class Neurons {
  /** @type {Drawn[]} */
  #drawn = [];

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    for (const group of /** @type {NodeListOf<SVGGElement>} */ (svg.querySelectorAll("g.neuron"))) {
      const role = group.classList.contains("input") ? "input" : group.classList.contains("output") ? "output" : "hidden";
      this.#drawn.push({ group, layer: Number(group.dataset.layer), j: Number(group.dataset.j), role });
    }
  }

  /**
   * @param {Seen} seen
   * @param {Kind} kind
   * @param {import("./connections.js").Flight} flight
   */
  draw(seen, kind, flight) {
    for (const drawn of this.#drawn) this.#drawOne(drawn, seen, kind, flight);
  }

  /**
   * @param {Drawn} drawn
   * @param {Seen} seen
   * @param {Kind} kind
   * @param {import("./connections.js").Flight} flight
   */
  #drawOne(drawn, seen, kind, flight) {
    const { group, layer, j, role } = drawn;
    const numbers = neuron(seen, layer, j - 1);
    write(group, numbers);
    const broken = Object.values(numbers).some((x) => x !== null && !Number.isFinite(x));
    const pen = brush(group);
    pen.toggle("not-finite", broken);
    pen.toggle("huge", !broken && Math.abs(numbers.a ?? 0) > HUGE);
    pen.toggle("reached", numbers.a !== null);
    drawTint(group, numbers, kind, role);
    if (role === "input") brushOf(group, ".value .number")?.text(numbers.a === null ? "" : number(numbers.a));
    else if (role === "hidden") this.#drawHidden(drawn, seen, numbers, kind, flight);
    else drawOutput(group, seen, j - 1, numbers);
    if (this.svg.dataset.numbers === "all") writeAll(group, numbers);
  }

  /**
   * @param {Drawn} drawn
   * @param {Seen} seen
   * @param {NeuronNumbers} numbers
   * @param {Kind} kind
   * @param {import("./connections.js").Flight} flight
   */
  #drawHidden({ group, layer, j }, seen, numbers, kind, flight) {
    const back = goesBack(seen.frame.cursor);
    const sum = group.querySelector("g.sum");
    const waiting = back && numbers.received !== null && numbers.delta === null;
    if (sum) {
      brush(sum).toggle("shown", waiting);
      if (waiting) drawSum(/** @type {SVGGElement} */ (sum), seen, layer, j - 1, Number(numbers.received), flight);
    }
    // On the way back a neuron shows what it has got: first what it is sent, then its delta.
    const shows = back && numbers.delta !== null ? "delta" : kind;
    const value = group.querySelector("text.value");
    if (!value) return;
    if (waiting && !sum) writeValue(value, "delta", this.#landed(seen, layer, j, flight) ? numbers.received : null, true);
    else writeValue(value, shows, numbers[shows]);
  }

  /**
   * Whether all that a neuron is sent has arrived.
   * @param {Seen} seen @param {number} layer @param {number} k @param {import("./connections.js").Flight} flight
   */
  #landed({ topology }, layer, k, flight) {
    for (let j = 1; j <= topology.layers[layer]; j++) if (flight(layer + 1, j, k) === "coming") return false;
    return true;
  }
}

/**
 * The numbers of a neuron, as far as they are known where the cursor stands.
 * @param {Seen} seen
 * @param {number} layer from 1
 * @param {number} j from 0
 * @returns {NeuronNumbers}
 */
export function neuron({ frame, reached }, layer, j) {
  const numbers = frame.layers[layer - 1];
  const known = (/** @type {import("./phases.js").Quantity} */ quantity, /** @type {Float32Array | null | undefined} */ of) =>
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

/** @param {Element} group @param {NeuronNumbers} numbers */
function write(group, { a, z, sigmaPrime, received, delta, b, bAfter }) {
  const pen = brush(group);
  const named = { a, z, "sigma-prime": sigmaPrime, received, delta, b, "b-after": bAfter };
  for (const [name, x] of Object.entries(named)) pen.set(`data-${name}`, x === null ? null : attribute(x));
}

/**
 * The tint of a neuron that has no map, and the ink of a pixel. In grids a tint stands in for the map where z or delta is shown.
 * @param {Element} group
 * @param {NeuronNumbers} numbers
 * @param {Kind} kind
 * @param {string} role
 */
function drawTint(group, numbers, kind, role) {
  if (group.classList.contains("pixels")) {
    brushOf(group, ".face")?.style("fill-opacity", clamp(numbers.a ?? 0, 0, 1).toFixed(2));
    return;
  }
  const tint = brushOf(group, ".tint");
  if (!tint) return;
  const x = role === "input" ? numbers.a : numbers[kind];
  const map = group.querySelector("image.map:not(.unused)");
  const mapped = map !== null && (kind === "a" || x === null || !group.classList.contains("cells"));
  if (map) brush(map).style("opacity", mapped ? "" : "0");
  tint.toggle("unused", x === null || mapped);
  if (x === null || mapped) return;
  tint.sign(x);
  tint.set("fill-opacity", strength(x, role === "input" ? "a" : kind).toFixed(2));
}

/**
 * How strongly a number is tinted, 0 to 1.
 * @param {number} x
 * @param {Kind} kind
 */
export function strength(x, kind) {
  if (!Number.isFinite(x)) return 0;
  if (kind === "delta") return x === 0 ? 0 : Math.max(0.08, (pulseRadius(x) - 4) / 9);
  return 0.92 * clamp(Math.abs(x) / (kind === "z" ? 3 : 1), 0, 1);
}

/**
 * A neuron's line of text: a symbol and a number.
 * @param {Element} text
 * @param {Kind} kind
 * @param {number | null} x
 * @param {boolean} [bare] without the symbol
 */
function writeValue(text, kind, x, bare = false) {
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
 * An output beside its target: activation, bar, delta.
 * @param {Element} group
 * @param {Seen} seen
 * @param {number} j from 0
 * @param {NeuronNumbers} numbers
 */
function drawOutput(group, { frame }, j, { a, delta }) {
  brush(group).toggle("right", frame.example.y.length > 1 && frame.example.label === j);
  const activation = group.querySelector("text.activation");
  if (activation) writeValue(activation, "a", a);
  const deltaText = group.querySelector("text.delta");
  if (deltaText) writeValue(deltaText, "delta", delta, group.classList.contains("rows"));
  const value = group.querySelector("text.value");
  if (value) writeValue(value, delta === null ? "a" : "delta", delta ?? a, true);
  for (const target of group.querySelectorAll(".target-text .number")) brush(target).text(short(frame.example.y[j]));
  const track = group.querySelector("rect.bar-track");
  if (!(track instanceof SVGRectElement)) return;
  const [low, high] = [Number(track.dataset.low), Number(track.dataset.high)];
  const [left, width] = [Number(track.getAttribute("x")), Number(track.getAttribute("width"))];
  const place = (/** @type {number} */ x) => left + width * clamp((x - low) / (high - low), 0, 1);
  const bar = brushOf(group, "rect.bar");
  bar?.toggle("unused", a === null || !Number.isFinite(a));
  if (bar && a !== null && Number.isFinite(a)) {
    const [from, to] = [place(clamp(0, low, high)), place(a)];
    bar.set("x", Math.min(from, to).toFixed(1));
    bar.set("width", Math.abs(to - from).toFixed(1));
    bar.sign(a);
  }
  const target = brushOf(group, "rect.target");
  target?.toggle("unused", false);
  target?.set("x", (place(frame.example.y[j]) - 1).toFixed(1));
}

/**
 * The waterfall under a neuron: what each neuron above sends, arriving one after the other, and the sum so far.
 * @param {SVGGElement} group
 * @param {Seen} seen
 * @param {number} layer of the receiving neuron
 * @param {number} k from 0
 * @param {number} received the server's own sum
 * @param {import("./connections.js").Flight} flight
 */
function drawSum(group, { frame, topology }, layer, k, received, flight) {
  const above = frame.layers[layer];
  const [zero, half] = [Number(group.dataset.x), Number(group.dataset.half)];
  const n = topology.layers[layer];
  const single = group.querySelector('rect.term[data-j="all"]');
  let [arrivedSum, coming] = [0, 0];
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const x = above.delta ? sent(above, topology.layers[layer - 1], j, k) : 0;
    const here = flight(layer + 1, j + 1, k + 1) !== "coming";
    if (here) arrivedSum += x;
    else coming++;
    const term = single ? null : brushOf(group, `rect.term[data-j="${j + 1}"]`);
    if (term) drawTerm(term, zero, half, sum, sum + x, !here);
    sum += x;
  }
  if (single) drawTerm(brush(single), zero, half, 0, coming ? arrivedSum : received, false);
  const text = brushOf(group, "text.sum-value");
  const shown = coming ? arrivedSum : received;
  text?.text(coming === n ? "" : signed(shown));
  text?.sign(shown);
}

/**
 * @param {import("./brush.js").Brush} term
 * @param {number} zero px
 * @param {number} half px of the largest sum that the waterfall holds
 * @param {number} from @param {number} to running sums
 * @param {boolean} coming
 */
function drawTerm(term, zero, half, from, to, coming) {
  const [x0, x1] = [zero + half * sumPosition(from), zero + half * sumPosition(to)];
  term.set("x", Math.min(x0, x1).toFixed(1));
  term.set("width", Math.max(Math.abs(x1 - x0), 1.5).toFixed(1));
  term.sign(to - from);
  term.toggle("coming", coming);
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
  brushOf(text, ".number-value")?.text(isBlame ? signed(x) : number(x));
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
  nameNumber(group, "b", bAfter === null ? "b" : "new b");
}
