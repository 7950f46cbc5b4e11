// Nudging on the picture: a handle at each lower neuron that is dragged up and down, and what moves with it above.

import { brush } from "../picture/brush.js";
import { low, node } from "./drawing.js";
import { digits } from "./fitting.js";
import { clamp } from "../picture/scales.js";
import { t } from "../words/texts.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./nudging.js").Nudging} Nudging */

/** Picture px for an activation's move by 1. */
const REACH = 70;
/** What a key does, and with Shift. */
const [STRIDE, LEAP] = [0.1, 0.5];
/** With more neurons only the chosen one has a handle; with more above, numbers stand on none. */
const MOST = 12;
const NUMBERED = 8;
/** Where neurons are smaller there is room for the most important numbers only, px. */
const ROOMY = 34;
/** From a neuron's side to its handle, and from the picture's edge at least, px. */
const [BESIDE, EDGE] = [17, 16];
/** How far an arrow goes for a z that moves by 1, and at most, px. */
const [ARROW, LONGEST] = [46, 40];

export class Handles {
  /** @type {SVGGElement | null} */
  #layer = null;
  #built = "";
  /** @type {{k: number, from: number} | null} the neuron whose handle is held, and where it was taken, picture px */
  #held = null;

  /**
   * @param {import("../picture/scene.js").Scene} scene
   * @param {Nudging} nudging
   */
  constructor(scene, nudging) {
    this.scene = scene;
    this.nudging = nudging;
    scene.onBound(() => this.#forget());
  }

  get held() {
    return this.#held !== null;
  }

  #forget() {
    this.#layer?.remove();
    this.#layer = null;
    this.#built = "";
  }

  /** @param {Model | null} model @param {boolean} open whether there is anything to nudge */
  draw(model, open) {
    if (!model || !open) return this.#forget();
    const { k: chosen } = this.nudging;
    const name = `${model.layer}/${model.n}/${model.n > MOST ? chosen : ""}`;
    if (name !== this.#built) this.#build(model, name);
    const { shown } = this.nudging;
    for (const handle of this.#layer?.querySelectorAll(".nudge-handle") ?? []) {
      const own = Number(handle.getAttribute("data-k")) - 1 === chosen;
      const by = own && shown ? shown.by : 0;
      const pen = brush(handle);
      pen.toggle("chosen", own);
      pen.set("transform", `translate(${handle.getAttribute("data-x")} ${(Number(handle.getAttribute("data-y")) - by * REACH).toFixed(1)})`);
      pen.set("aria-valuenow", String(by));
      pen.set("aria-valuetext", t("nudge-handle-value", { by: digits(by, true) }));
    }
    this.#moves(model);
    return undefined;
  }

  /** @param {number} layer @param {number} j from 0 @returns {{x: number, y: number, size: number} | null} */
  #neuron(layer, j) {
    const group = /** @type {SVGGElement | null} */ (this.scene.svg.querySelector(`#neuron-${layer}-${j + 1}`));
    return group && { x: Number(group.dataset.x), y: Number(group.dataset.y), size: Number(group.dataset.size) };
  }

  /** @param {Model} model @param {string} name */
  #build({ layer, n }, name) {
    this.#forget();
    this.#built = name;
    this.#layer = /** @type {SVGGElement} */ (node("g", { class: "nudge-layer for-hands" }, this.scene.svg));
    for (let k = 0; k < n; k++) {
      const at = n > MOST && k !== this.nudging.k ? null : this.#neuron(layer - 1, k);
      if (at) this.#handle(k, Math.max(at.x - at.size / 2 - BESIDE, EDGE), at.y);
    }
    node("g", { class: "nudge-moves" }, this.#layer);
  }

  /** @param {number} k @param {number} x @param {number} y */
  #handle(k, x, y) {
    const handle = /** @type {SVGGElement} */ (node("g", { class: "nudge-handle", role: "slider", tabindex: 0, "data-k": k + 1, "data-x": x, "data-y": y, "aria-valuemin": -1, "aria-valuemax": 1, "aria-orientation": "vertical" }, this.#layer));
    handle.setAttribute("aria-label", t("nudge-of", { k: String(k + 1) }));
    node("circle", { class: "reach", r: 22 }, handle);
    node("circle", { class: "grip", r: 11 }, handle);
    node("path", { d: "M-4 -2.5l4 -4.5l4 4.5M-4 2.5l4 4.5l4 -4.5" }, handle);
    handle.addEventListener("pointerdown", (event) => this.#take(event, handle, k));
    handle.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) handle.addEventListener(end, () => this.#let());
    handle.addEventListener("click", (event) => event.stopPropagation());
    handle.addEventListener("keydown", (event) => this.#key(event, k));
  }

  /** @param {PointerEvent} event @returns {number} picture px from above */
  #height({ clientX, clientY }) {
    const inverse = this.scene.svg.getScreenCTM()?.inverse();
    return inverse ? new DOMPoint(clientX, clientY).matrixTransform(inverse).y : clientY;
  }

  /** The picture is not to be moved, nor anything pinned. @param {PointerEvent} event @param {SVGGElement} handle @param {number} k */
  #take(event, handle, k) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    event.stopPropagation();
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    this.#held = { k, from: this.#height(event) };
    this.nudging.grab(k);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#held) return;
    this.nudging.move(clamp((this.#held.from - this.#height(event)) / REACH, -1, 1));
  }

  #let() {
    if (!this.#held) return;
    this.#held = null;
    this.nudging.settle();
  }

  /** @param {KeyboardEvent} event @param {number} k */
  #key(event, k) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = /** @type {Record<string, number>} */ ({ ArrowUp: 1, ArrowDown: -1 })[event.key];
    if (way) {
      this.nudging.grab(k);
      this.nudging.move(clamp(this.nudging.by + way * (event.shiftKey ? LEAP : STRIDE), -1, 1));
    } else if (event.key === "Enter" || event.key === " ") this.nudging.settle();
    else if (event.key === "Escape") this.nudging.move(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Every z above moves by its weight times the nudge. @param {Model} model */
  #moves(model) {
    const group = this.#layer?.querySelector(".nudge-moves");
    const { shown } = this.nudging;
    group?.replaceChildren();
    if (!group || !shown) return;
    const { k, by, z, cost } = shown;
    const below = this.#neuron(model.layer - 1, k);
    if (below) {
      const x = Math.max(below.x - below.size / 2 - BESIDE, EDGE);
      const left = x < 60;
      label(group, left ? x + 26 : x - 16, below.y - by * REACH + 4, `a${low(k + 1)} ${digits(by, true)}`, left ? "start" : "end");
      if (cost !== null && below.size >= ROOMY) label(group, left ? x + 26 : x - 16, below.y - by * REACH + 20, `C ${digits(cost, true)}`, left ? "start" : "end");
    }
    for (let j = 0; j < model.m; j++) {
      const above = this.#neuron(model.layer, j);
      if (above) this.#move(group, model, { j, k, z: z[j] }, above);
    }
  }

  /** @param {Element} group @param {Model} model @param {{j: number, k: number, z: number}} of @param {{x: number, y: number, size: number}} at */
  #move(group, model, { j, k, z }, { x, y, size }) {
    const long = clamp(z * ARROW, -LONGEST, LONGEST);
    if (Math.abs(long) > 1) {
      const tip = y - long;
      const back = Math.sign(long) * 7;
      node("path", { class: "nudge-arrow", d: `M${x} ${y}V${tip.toFixed(1)}M${x - 5} ${(tip + back).toFixed(1)}L${x} ${tip.toFixed(1)}L${x + 5} ${(tip + back).toFixed(1)}` }, group);
    }
    if (model.m > NUMBERED) return;
    const moved = `z${low(j + 1)} ${digits(z, true)}`;
    // Beside an output its delta and target are written.
    const output = model.layer === this.scene.svg.dataset.layers?.split(",").length;
    if (output && size >= ROOMY) label(group, x, y - size / 2 - 7, moved, "middle");
    else label(group, x + size / 2 + 5, y + 4, moved, "start");
    if (size < ROOMY) return;
    const path = /** @type {SVGPathElement | undefined} */ (this.scene.connections.find({ layer: model.layer, j: j + 1, k: k + 1 })?.path);
    if (!path) return;
    const { x: u, y: v } = path.getPointAtLength(path.getTotalLength() * 0.6);
    label(group, u, v + 4, `× ${digits(model.w(j, k))}`, "middle");
  }
}

/** @param {Element} group @param {number} x @param {number} y @param {string} words @param {string} anchor */
function label(group, x, y, words, anchor) {
  node("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor }, group).textContent = words;
}
