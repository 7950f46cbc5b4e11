// One neuron or connection in focus: only what concerns it is drawn, the rest of the network steps back. What it is stands in the
// store's choice, and by its name in the address: `nameOf` makes the name, `targetNamed` reads it.

import { brush } from "./brush.js";
import { nameOf, targetOf } from "./pointing.js";
import { t } from "../words/texts.js";

/** @typedef {import("./pointing.js").Target} Target */

/**
 * The target of a name: `neuron-2-5`, or `connection-3-1-5`.
 * @param {string} name
 * @param {number[]} layers
 * @returns {Target | null} null: there is none
 */
export function targetNamed(name, layers) {
  const [, kind, ...given] = /^(neuron|connection)-(\d{1,9})-(\d{1,9})(?:-(\d{1,9}))?$/.exec(name) ?? [];
  const [layer, j, k] = given.map(Number);
  const there = (/** @type {number} */ of, /** @type {number} */ n) => n >= 1 && n <= (layers[of - 1] ?? 0);
  if (kind === "neuron") return given[2] === undefined && there(layer, j) ? { kind, layer, j } : null;
  return kind === "connection" && layer > 1 && there(layer, j) && there(layer - 1, k) ? { kind, layer, j, k } : null;
}

/**
 * Whether a neuron is the target, or at the other end of one of the target's connections.
 * @param {Target} target
 * @param {number} layer
 * @param {number} j from 1
 */
export function concerns(target, layer, j) {
  if (target.kind === "connection") return layer === target.layer ? j === target.j : layer === target.layer - 1 && j === target.k;
  return layer === target.layer ? j === target.j : Math.abs(layer - target.layer) === 1;
}

export class Focus {
  #chip = document.getElementById("focus-chip");
  #words = document.getElementById("focus-words");
  /** @type {Target | null} */
  #shown = null;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   * @param {import("./pointing.js").Pointing} pointing
   */
  constructor(store, scene, pointing) {
    this.store = store;
    this.scene = scene;
    this.pointing = pointing;
    scene.onBound((svg) => this.#bind(svg));
    document.getElementById("focus-end")?.addEventListener("click", () => this.set(null));
    document.addEventListener("click", (event) => this.#button(event.target));
    document.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    store.onDraw(({ topology }) => this.#draw(topology.layers.length));
  }

  /** @param {Target | null} target null: everything is drawn */
  set(target) {
    if (nameOf(target) !== nameOf(this.store.choice.focus)) this.store.choose({ focus: target });
  }

  /**
   * Comes into focus, or leaves it.
   * @param {Target | null} target by default what has the keyboard's focus, is pointed at or pinned
   */
  toggle(target = targetOf(document.activeElement) ?? this.pointing.hovered ?? this.pointing.pinned[0] ?? null) {
    this.set(nameOf(target) === nameOf(this.store.choice.focus) ? null : target);
  }

  /** @param {SVGSVGElement} svg */
  #bind(svg) {
    this.#shown = null;
    svg.addEventListener("dblclick", (event) => {
      const target = targetOf(event.target);
      if (target) this.toggle(target);
    });
    svg.addEventListener("click", (event) => targetOf(event.target) ?? this.set(null));
  }

  /** A button beside a neuron's or a connection's numbers. @param {EventTarget | null} pressed */
  #button(pressed) {
    const button = pressed instanceof Element ? pressed.closest("[data-focus-on]") : null;
    if (button) this.toggle(targetNamed(button.getAttribute("data-focus-on") ?? "", this.store.topology?.layers ?? []));
  }

  /** Esc ends the focus first, and what is pinned only then. @param {KeyboardEvent} event */
  #key(event) {
    const busy = document.querySelector("dialog[open], :popover-open") || (event.target instanceof Element && event.target.closest("input, select, textarea"));
    if (event.key !== "Escape" || !this.store.choice.focus || busy) return;
    event.preventDefault();
    event.stopPropagation();
    this.set(null);
  }

  /** @param {number} depth how many layers there are */
  #draw(depth) {
    const { focus } = this.store.choice;
    // Cards come and go while the focus stays.
    for (const button of document.querySelectorAll("[data-focus-on]")) brush(button).set("aria-pressed", String(button.getAttribute("data-focus-on") === nameOf(focus)));
    if (focus === this.#shown) return;
    this.#shown = focus;
    const { svg } = this.scene;
    brush(svg).set("data-focus", focus ? nameOf(focus) : null);
    for (const group of svg.querySelectorAll("g.neuron")) {
      const { layer, j } = /** @type {SVGGElement} */ (group).dataset;
      brush(group).toggle("away", focus !== null && !concerns(focus, Number(layer), Number(j)));
    }
    if (this.#chip) this.#chip.hidden = !focus;
    if (this.#words && focus) this.#words.textContent = wordsOf(focus, depth);
  }
}

/** @param {Target} target @param {number} depth */
function wordsOf(target, depth) {
  const [layer, j] = [String(target.layer), String(target.j)];
  if (target.kind === "connection") return t("focus-connection", { layer, j, k: String(target.k), below: String(target.layer - 1) });
  return t("focus-neuron", { layer, j, which: target.layer === 1 ? "input" : target.layer === depth ? "output" : "hidden" });
}
