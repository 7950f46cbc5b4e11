// A direction in the plane of two numbers, drawn by hand: with the mouse, a finger, or the arrow keys.

import { node } from "../matrix/drawing.js";
import { t } from "../words/texts.js";

/** @typedef {{axes: string[], named?: string}} Plane what is across, what is up, and what the arrow beside is */

const SIDE = 240;
const LONG = 88;
/** A key turns the arrow so far, and with Shift, degrees. */
const [TURN, FINE] = [5, 1];
/** Nearer to the middle than this a hand has no direction, px. */
const DEAF = 10;

export class Arrow {
  /** @type {number | null} where it points, degrees from across towards up; null: not drawn yet */
  given = null;

  /**
   * @param {HTMLElement} place that it stands in
   * @param {Plane} plane
   */
  constructor(place, { axes, named = "" }) {
    this.axes = axes;
    this.named = named;
    this.svg = node("svg", { class: "arrow-plane", viewBox: `${-SIDE / 2} ${-SIDE / 2} ${SIDE} ${SIDE}`, tabindex: 0, role: "slider", "aria-valuemin": -180, "aria-valuemax": 180 }, place);
    this.svg.setAttribute("aria-label", t("arrow-label", { across: axes[0], up: axes[1] }));
    node("path", { class: "axes", d: `M${-SIDE / 2 + 8} 0H${SIDE / 2 - 8}M0 ${SIDE / 2 - 8}V${-SIDE / 2 + 8}` }, this.svg);
    node("circle", { class: "reach", r: LONG }, this.svg);
    node("text", { x: SIDE / 2 - 6, y: -6, class: "across" }, this.svg).textContent = axes[0];
    node("text", { x: 6, y: -SIDE / 2 + 14 }, this.svg).textContent = axes[1];
    this.others = node("g", {}, this.svg);
    this.own = node("g", { class: "own" }, this.svg);
    this.hint = node("text", { class: "arrow-hint", y: SIDE / 2 - 10 }, this.svg);
    this.hint.textContent = t("arrow-hint");
    this.#listen();
    this.#draw();
  }

  /** An arrow to compare with, or the one that was asked for. @param {number} degrees @param {"beside" | "wanted"} kind */
  show(degrees, kind) {
    this.others.querySelector(`.${kind}`)?.remove();
    shaft(node("g", { class: kind, "data-degrees": degrees.toFixed(2) }, this.others), degrees);
    if (kind === "beside" && this.named) label(this.others, degrees, this.named);
  }

  /** @param {number} degrees */
  #point(degrees) {
    this.given = Math.round(((degrees + 540) % 360) - 180);
    this.#draw();
  }

  #draw() {
    this.own.replaceChildren();
    this.hint.classList.toggle("unused", this.given !== null);
    this.svg.setAttribute("aria-valuenow", String(this.given ?? 0));
    this.svg.setAttribute("aria-valuetext", this.given === null ? t("lesson-none-arrow") : t("arrow-value", { degrees: String(this.given).replace("-", "−") }));
    if (this.given !== null) shaft(this.own, this.given);
  }

  #listen() {
    const { svg } = this;
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = svg.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left - box.width / 2, box.top + box.height / 2 - event.clientY];
      if (Math.hypot(x, y) > DEAF) this.#point((Math.atan2(y, x) * 180) / Math.PI);
    };
    svg.addEventListener("pointerdown", (event) => {
      const press = /** @type {PointerEvent} */ (event);
      svg.setPointerCapture(press.pointerId);
      follow(press);
    });
    svg.addEventListener("pointermove", (event) => {
      const move = /** @type {PointerEvent} */ (event);
      if (svg.hasPointerCapture(move.pointerId)) follow(move);
    });
    svg.addEventListener("keydown", (event) => this.#key(/** @type {KeyboardEvent} */ (event)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = /** @type {Record<string, number>} */ ({ ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1 })[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#point(this.given === null ? 0 : this.given + way * (event.shiftKey ? FINE : TURN));
  }
}

/** @param {Element} group @param {number} degrees */
function shaft(group, degrees) {
  group.setAttribute("transform", `rotate(${(-degrees).toFixed(2)})`);
  node("path", { d: `M0 0H${LONG - 10}` }, group);
  node("path", { class: "tip", d: `M${LONG} 0l-15 -7v14z` }, group);
}

/** At the tip, on the side where there is room. @param {Element} parent @param {number} degrees @param {string} words */
function label(parent, degrees, words) {
  const angle = (degrees * Math.PI) / 180;
  const [x, y] = [LONG * Math.cos(angle), -LONG * Math.sin(angle)];
  const text = node("text", { class: "beside-name", x: (x + (x < 0 ? -20 : 22)).toFixed(1), y: (y + (y > 0 ? 20 : -10)).toFixed(1), "text-anchor": x < 0 ? "start" : "end" }, parent);
  text.textContent = words;
}
