// Pointing at neurons and connections: with the mouse, by touch, and by walking the network with the arrow keys.

import { keyOf, placeOf } from "./connections.js";
import { byPointer } from "../page/hand.js";

/** @typedef {{kind: "neuron", layer: number, j: number}} NeuronTarget */
/** @typedef {{kind: "connection", layer: number, j: number, k: number}} ConnectionTarget */
/** @typedef {NeuronTarget | ConnectionTarget} Target */

/** @param {Target | null} target */
export const nameOf = (target) => (!target ? "" : target.kind === "neuron" ? `neuron-${target.layer}-${target.j}` : `connection-${keyOf(target)}`);

/**
 * The target that an element of the picture stands for.
 * @param {EventTarget | null} element
 * @returns {Target | null}
 */
export function targetOf(element) {
  const found = element instanceof Element ? element.closest("path.hit, g.neuron") : null;
  if (!found) return null;
  const place = placeOf(found);
  if (found.matches("g.neuron")) return { kind: "neuron", layer: place.layer, j: place.j };
  return place.layer ? { kind: "connection", ...place } : null;
}

/**
 * Where an arrow key leads: from a neuron to its connections, along one to its neurons, up and down among neighbours.
 * @param {Target} target
 * @param {string} key
 * @param {number[]} layers
 * @param {import("./connections.js").Place[]} places the connections on view
 * @returns {Target | null}
 */
export function walk(target, key, layers, places) {
  const { layer, j } = target;
  const by = key === "ArrowUp" ? -1 : 1;
  const connection = (/** @type {import("./connections.js").Place | undefined} */ place) =>
    place ? { kind: /** @type {const} */ ("connection"), ...place } : null;
  if (target.kind === "neuron") {
    if (key === "ArrowUp" || key === "ArrowDown") {
      const n = layers[layer - 1];
      return { kind: "neuron", layer, j: ((j - 1 + by + n) % n) + 1 };
    }
    if (key === "ArrowLeft") return connection(places.find((place) => place.layer === layer && place.j === j));
    return connection(places.find((place) => place.layer === layer + 1 && place.k === j));
  }
  if (key === "ArrowLeft") return { kind: "neuron", layer: layer - 1, j: target.k };
  if (key === "ArrowRight") return { kind: "neuron", layer, j };
  const siblings = places.filter((place) => place.layer === layer && place.j === j).sort((p, q) => p.k - q.k);
  const at = siblings.findIndex((place) => place.k === target.k);
  return connection(siblings[(at + by + siblings.length) % siblings.length]);
}

/** @typedef {{layer: number, has: (j: number, k: number) => boolean, neuron: {layer: number, j: number} | null}} Light connections into a layer, and a neuron */
/** So many cards can be pinned. */
const PINNED = 6;

export class Pointing {
  /** @type {Target | null} */
  hovered = null;
  /** @type {Target[]} newest first */
  pinned = [];
  /** @type {Target | null} what is to stand out in the picture instead of all that is pinned */
  #shown = null;
  onChange = () => {};
  onPinned = () => {};
  /** @type {Set<(target: Target | null) => void>} */
  #hoverListeners = new Set();
  /** @type {Light | null} */
  #light = null;

  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    scene.onBound((svg) => this.#bind(svg));
  }

  /** @param {SVGSVGElement} svg */
  #bind(svg) {
    svg.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.#hover(targetOf(event.target)));
    svg.addEventListener("pointerleave", () => this.#hover(null));
    svg.addEventListener("focusin", (event) => this.#hover(targetOf(event.target)));
    svg.addEventListener("focusout", () => this.#hover(null));
    svg.addEventListener("click", (event) => this.#click(targetOf(event.target)));
    svg.addEventListener("keydown", (event) => this.#key(event));
    const first = svg.querySelector("g.neuron[data-layer='2']") ?? svg.querySelector("g.neuron");
    first?.setAttribute("tabindex", "0");
    this.mark();
  }

  /** @param {Target | null} target */
  #hover(target) {
    if (nameOf(target) === nameOf(this.hovered)) return;
    this.hovered = target;
    this.mark();
    this.onChange();
    for (const listener of this.#hoverListeners) listener(target);
  }

  /** @param {(target: Target | null) => void} listener called when the pointer, or the focus, comes to something else */
  onHover(listener) {
    this.#hoverListeners.add(listener);
  }

  /** @param {Light | null} light what another part of the page points at */
  light(light) {
    if (!light && !this.#light) return;
    this.#light = light;
    this.mark();
  }

  /** @param {Target | null} target */
  #click(target) {
    if (target) this.toggle(target);
    else this.release();
  }

  /** @param {Target} target */
  toggle(target) {
    const others = this.pinned.filter((one) => nameOf(one) !== nameOf(target));
    this.pinned = others.length < this.pinned.length ? others : [target, ...others].slice(0, PINNED);
    this.mark();
    this.onChange();
    this.onPinned();
  }

  /** @param {Target} target */
  pin(target) {
    if (!this.pinned.some((one) => nameOf(one) === nameOf(target))) this.toggle(target);
  }

  release() {
    if (!this.pinned.length) return;
    this.pinned = [];
    this.mark();
    this.onChange();
    this.onPinned();
  }

  /** Let one alone stand out in the picture. @param {Target | null} target null: what is pinned and pointed at, again */
  show(target) {
    if (nameOf(target) === nameOf(this.#shown)) return;
    this.#shown = target;
    this.mark();
  }

  /** Go to where something is in the picture. @param {Target} target @returns {boolean} whether it is there */
  focus(target) {
    const element = this.elementOf(target);
    if (element) this.#focus(element);
    return element !== null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = targetOf(event.target);
    if (!target || byPointer() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.toggle(target);
    else if (event.key === "Escape") this.release();
    else if (event.key.startsWith("Arrow")) this.#go(target, event.key);
    else return;
    event.preventDefault();
  }

  /** @param {Target} from @param {string} key */
  #go(from, key) {
    const target = walk(from, key, this.scene.store.seen?.topology.layers ?? [], this.scene.connections.places());
    const element = target && this.elementOf(target);
    if (element) this.#focus(element);
  }

  /** @param {SVGElement} element */
  #focus(element) {
    for (const other of this.scene.svg.querySelectorAll("[role=button][tabindex='0']")) other.setAttribute("tabindex", "-1");
    element.setAttribute("tabindex", "0");
    element.focus();
  }

  /** @param {Target} target @returns {SVGElement | null} what takes the focus */
  elementOf(target) {
    if (target.kind === "neuron") return this.scene.svg.querySelector(`#neuron-${target.layer}-${target.j}`);
    return /** @type {SVGElement | null} */ (this.scene.connections.find(target)?.hit ?? null);
  }

  /** Outline what is pointed at or pinned, and dim the connections that are not concerned. */
  mark() {
    const targets = this.#shown ? [this.#shown] : [...this.pinned, ...(this.hovered ? [this.hovered] : [])];
    const svg = this.scene.svg;
    for (const hot of svg.querySelectorAll(".hot, .dim")) hot.classList.remove("hot", "dim");
    if (this.#light) this.#shine(this.#light);
    if (this.#light || !targets.length) return;
    for (const place of this.scene.connections.places()) {
      const path = this.scene.connections.find(place)?.path;
      const own = targets.some((one) => one.kind === "connection" && keyOf(one) === keyOf(place));
      path?.classList.toggle("hot", own);
      path?.classList.toggle("dim", !own && !targets.some((one) => touches(one, place)));
    }
    for (const one of targets.flatMap((target) => this.#neuronsOf(target))) svg.querySelector(`#neuron-${one.layer}-${one.j}`)?.classList.add("hot");
  }

  /** The neurons that stand for a target: of a connection that is not drawn, its two. @param {Target} target @returns {{layer: number, j: number}[]} */
  #neuronsOf(target) {
    if (target.kind === "neuron") return [target];
    return this.scene.connections.find(target) ? [] : [{ layer: target.layer, j: target.j }, { layer: target.layer - 1, j: target.k }];
  }

  /** Paths of a large network are lent anew with every frame: the marks go with the connections. */
  remark() {
    if (this.scene.connections.pooled && (this.pinned.length || this.hovered || this.#shown)) this.mark();
  }

  /** @param {Light} light */
  #shine({ layer, has, neuron }) {
    for (const place of this.scene.connections.places()) {
      const own = place.layer === layer && has(place.j, place.k);
      const path = this.scene.connections.find(place)?.path;
      path?.classList.toggle("hot", own);
      path?.classList.toggle("dim", !own);
    }
    if (neuron) this.scene.svg.querySelector(`#neuron-${neuron.layer}-${neuron.j}`)?.classList.add("hot");
  }
}

/** @param {Target} target @param {import("./connections.js").Place} place */
const touches = (target, place) =>
  target.kind === "neuron" && ((place.layer === target.layer && place.j === target.j) || (place.layer === target.layer + 1 && place.k === target.j));
