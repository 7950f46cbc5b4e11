// The connections of the picture: their numbers as data-* attributes, and the one that is shown as colour and width.

import { attribute, number } from "../words/format.js";
import { brush } from "./brush.js";
import { stage, updated } from "./flights.js";
import { nameNumber, writeNumber } from "./neurons.js";
import { blameWidth, DRAWN_CONNECTIONS, strokeWidth, weightWidth } from "./scales.js";
import { connection, prominence, shown } from "./quantities.js";
import { curveOf, endsOf, pathOf, sidesOf } from "./bezier.js";
import { competing, isOf, strongest } from "./ranking.js";
import { count, t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./quantities.js").Kind} Kind */
/** @typedef {import("./pointing.js").Target} Target */
/** @typedef {{layer: number, j: number, k: number}} Place j, k from 1 */
/** @typedef {{path: Element, hit: Element | null, place: Place | null, written?: unknown}} Drawn written: of what its numbers are */

export class Connections {
  /** @type {Drawn[]} */
  #drawn = [];
  /** @type {Drawn[]} paths of a large network, lent to the connections with the most blame */
  #pool = [];
  /** @type {Map<string, Drawn>} */
  #places = new Map();
  /** @type {number[]} */
  #neuronsDrawn = [];
  /** @type {Seen | null} the newest whose weights are its own */
  #fresh = null;
  /** @type {{frame: unknown, phase: string, layer: number | null, kind: Kind, focus: Target | null} | null} what was drawn last */
  #drawnOf = null;
  note = "";

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    for (const path of svg.querySelectorAll("path.connection:not(.pooled)")) {
      const place = placeOf(path);
      const hit = svg.querySelector(`path.hit[data-layer="${place.layer}"][data-j="${place.j}"][data-k="${place.k}"]`);
      const drawn = { path, hit, place };
      this.#drawn.push(drawn);
      this.#places.set(keyOf(place), drawn);
    }
    for (const path of svg.querySelectorAll("path.connection.pooled")) {
      const hit = svg.querySelector(`path.hit.pooled[data-pool="${path.id.replace("pool-", "")}"]`);
      this.#pool.push({ path, hit, place: null });
    }
  }

  get pooled() {
    return this.#pool.length > 0;
  }

  /** @param {Place} place @returns {Drawn | null} */
  find(place) {
    return this.#places.get(keyOf(place)) ?? null;
  }

  /** All places on view, in the order of the picture. */
  places() {
    const focus = this.#drawnOf?.focus ?? null;
    return [...this.#places.values()].flatMap(({ place }) => (place && (!focus || isOf(focus, place)) ? [place] : []));
  }

  /**
   * @param {Seen} now
   * @param {Kind} kind
   * @param {Target | null} focus only its own connections are drawn; null: all are
   * @param {number | null} [only] connections into this layer; null: all
   */
  draw(now, kind, focus, only = null) {
    // Between key frames the weights of an older step are kept: the picture of them stays until they are new.
    const seen = (this.#fresh = now.frame.weightsFresh || !this.#fresh ? now : this.#fresh);
    const { frame, cursor: { phase, layer } } = seen;
    const of = { frame, phase, layer, kind, focus };
    const other = !same(of, this.#drawnOf);
    if (other) {
      this.#drawnOf = of;
      if (this.pooled) this.#lend(seen, kind, focus);
    }
    for (const drawn of this.#places.values()) if (other || only === null || drawn.place?.layer === only) this.#drawOne(drawn, seen, kind, focus);
  }

  /**
   * @param {Drawn} drawn
   * @param {Seen} seen
   * @param {Kind} kind
   * @param {Target | null} focus
   */
  #drawOne(drawn, seen, kind, focus) {
    const { path, hit, place } = drawn;
    if (!place) return;
    const { layer, j, k } = place;
    const air = kind === "sent" || kind === "charged" ? stage(seen, kind, layer, j) : null;
    const share = updated(seen);
    const pen = brush(path);
    if (pen.holds(place, this.#drawnOf, air, share)) return;
    const numbers = connection(seen, layer, j - 1, k - 1);
    if (drawn.written !== this.#drawnOf) {
      for (const element of [path, hit]) if (element) brush(element).toggle("away", focus !== null && !isOf(focus, place));
      write(pen, numbers, this.pooled && seen.frame.playing);
      this.#writeNumbers(place, numbers);
      drawn.written = this.#drawnOf;
    }
    const x = kind === "weight" && numbers.after !== null ? between(numbers.w, numbers.after, share) : shown(numbers, kind);
    const stands = this.pooled && kind !== "weight" ? "active" : prominence(seen, kind, layer);
    const broken = x !== null && !Number.isFinite(x);
    pen.toggle("not-finite", broken);
    if (x === null || broken || stands === "quiet") {
      pen.set("data-show", "quiet");
      pen.style("stroke-width", "");
      pen.style("opacity", "");
      pen.noSign();
      return;
    }
    const full = kind === "weight" ? weightWidth(x, this.pooled) : blameWidth(x, this.pooled);
    pen.sign(x);
    const rest = stands === "rest" || (kind === "sent" && air === "arrived");
    pen.set("data-show", rest ? "rest" : kind);
    pen.style("stroke-width", strokeWidth(air === "coming" ? 1.25 : full));
    pen.style("opacity", air === "coming" ? "0.4" : "");
  }

  /**
   * The numbers beside a connection, in networks so small that all of them are on screen.
   * @param {Place} place
   * @param {import("./quantities.js").ConnectionNumbers} numbers
   */
  #writeNumbers({ layer, j, k }, { w, after, sent, charged }) {
    if (this.svg.dataset.numbers !== "all") return;
    const group = this.svg.querySelector(`#numbers-${layer}-${j}-${k}`);
    if (!group) return;
    writeNumber(group, "w", after ?? w, false);
    nameNumber(group, "w", after === null ? "w" : t("number-new", { symbol: "w" }));
    writeNumber(group, "sent", sent, true);
    writeNumber(group, "charged", charged, true);
  }

  /**
   * Lend the pool's paths to the connections with the most of what is shown. One that keeps its place keeps its path.
   * @param {Seen} seen
   * @param {Kind} kind
   * @param {Target | null} focus
   */
  #lend(seen, kind, focus) {
    const { layers } = seen.topology;
    if (!this.#neuronsDrawn.length) this.#neuronsDrawn = layers.map((_, i) => countNeurons(this.svg, i + 1));
    // Where nothing is known yet of what is shown, the largest weights stand there quietly.
    const ranked = competing(seen, kind, focus).length ? kind : "weight";
    const found = strongest(seen, ranked, DRAWN_CONNECTIONS, this.#neuronsDrawn, focus);
    const wanted = new Map(found.chosen.map((place) => [keyOf(place), place]));
    const free = this.#pool.filter(({ place }) => !place || !wanted.has(keyOf(place)));
    for (const drawn of free) drawn.place = null;
    /** @type {Map<string, Drawn>} */
    const places = new Map(this.#pool.flatMap((drawn) => (drawn.place ? [[keyOf(drawn.place), drawn]] : [])));
    for (const [key, place] of wanted) {
      if (places.has(key)) continue;
      const drawn = free.pop();
      if (!drawn) break;
      this.#take(drawn, place, layers);
      places.set(key, drawn);
    }
    for (const { path, hit } of free) for (const element of [path, hit]) if (element) brush(element).toggle("unused", true);
    for (const { path } of free) forgetNumbers(path);
    this.#places = places;
    this.note = noteOf(found, ranked, focus);
  }

  /** @param {Drawn} drawn @param {Place} place @param {number[]} layers */
  #take(drawn, place, layers) {
    drawn.place = place;
    drawn.written = null;
    const d = pathOf(ends(this.svg, place, layers));
    for (const element of [drawn.path, drawn.hit]) {
      if (!element) continue;
      const pen = brush(element);
      pen.set("d", d);
      pen.set("data-layer", place.layer);
      pen.set("data-j", place.j);
      pen.set("data-k", place.k);
      pen.toggle("unused", false);
    }
    drawn.hit?.setAttribute("role", "button");
    drawn.hit?.setAttribute("aria-label", spoken(place));
  }
}

/** @param {Place} place */
export const keyOf = ({ layer, j, k }) => `${layer}-${j}-${k}`;

/** @param {Place} place */
export const spoken = ({ layer, j, k }) => t("spoken-connection", { k: String(k), below: String(layer - 1), j: String(j), layer: String(layer) });

/** @param {Element} element @returns {Place} */
export function placeOf(element) {
  const read = (/** @type {string} */ name) => Number(element.getAttribute(`data-${name}`));
  return { layer: read("layer"), j: read("j"), k: read("k") };
}

/** @param {ParentNode} svg @param {number} layer */
const countNeurons = (svg, layer) => svg.querySelectorAll(`g.neuron[data-layer="${layer}"]`).length;

/** @type {WeakMap<Element, import("./bezier.js").Sides>} read once from each neuron */
const known = new WeakMap();

/** @param {SVGSVGElement} svg @param {number} layer @param {number} j */
function sides(svg, layer, j) {
  const group = /** @type {SVGGElement} */ (svg.getElementById(`neuron-${layer}-${j}`));
  let found = known.get(group);
  if (!found) known.set(group, (found = sidesOf(group.dataset)));
  return found;
}

/**
 * @param {SVGSVGElement} svg
 * @param {Place} place
 * @param {number[]} layers
 */
export const ends = (svg, { layer, j, k }, layers) =>
  endsOf(sides(svg, layer - 1, k), sides(svg, layer, j), { j, k, nBelow: layers[layer - 2], nAbove: layers[layer - 1] });

/** @param {SVGSVGElement} svg @param {Place} place @param {number[]} layers */
export const curve = (svg, place, layers) => curveOf(ends(svg, place, layers));

/** @param {import("./brush.js").Brush} pen @param {import("./quantities.js").ConnectionNumbers} numbers @param {boolean} soon */
const write = (pen, { w, after, sent, charged, ledger }, soon) =>
  pen.note({ "data-w": w, "data-w-after": after, "data-sent": sent, "data-charged": charged, "data-ledger": ledger }, attribute, soon);

/** @param {number} x @param {number} y @param {number} share */
const between = (x, y, share) => (share >= 1 ? y : x + (y - x) * share);

/**
 * What stands in the legend: of how many connections the drawn ones are the strongest, and how strong the weakest of them is.
 * @param {import("./ranking.js").Found} found
 * @param {Kind} kind
 * @param {Target | null} focus
 */
function noteOf({ chosen, least, of, layers }, kind, focus) {
  const which = focus ? "own" : layers.length === 1 ? "into" : "whole";
  const given = { which, drawn: count(chosen.length), of: count(of), layer: String(layers[0] ?? ""), kind: t(`word-${kind}`), least: number(least, { digits: 2 }) };
  return t(chosen.length < of ? "legend-strongest" : "legend-every", given);
}

/** @param {{frame: unknown, phase: string, layer: number | null, kind: Kind, focus: Target | null}} one @param {typeof one | null} other */
const same = (one, other) =>
  other !== null && one.frame === other.frame && one.phase === other.phase && one.layer === other.layer && one.kind === other.kind && one.focus === other.focus;

/** @param {Element} path that shows no connection any more */
function forgetNumbers(path) {
  brush(path).note({ "data-w": null, "data-w-after": null, "data-sent": null, "data-charged": null, "data-ledger": null }, attribute, false);
}
