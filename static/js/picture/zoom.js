// A closer look at the picture: zoomed with the wheel, two fingers or + and −, moved by dragging. Only the part of the picture that the
// SVG shows changes; whatever is drawn in its units stays right, and elements stay where the pointer finds them.

import { clamp } from "./scales.js";

/** @typedef {{x: number, y: number, scale: number}} View upper left corner in px of the picture; scale 1: the whole */
/** @typedef {{x: number, y: number}} Point */

/** The closest look. */
export const CLOSEST = 12;
/** What a press of + or − does. */
const PRESS = 1.5;
/** What the wheel does per px; a pinch on a touchpad comes as a wheel with Ctrl, in smaller steps. */
const WHEEL = 0.0016;
const PINCH = 0.01;
/** Lines of a wheel that turns in lines, px. */
const LINE = 16;
/** A pointer that has gone farther than this drags, px. */
const DRAGS = 4;
/** What comes into view has so much room around it, px of the picture. */
const AROUND = 12;

/** @type {View} */
export const WHOLE = { x: 0, y: 0, scale: 1 };

/**
 * The same view, as far as it stays within the picture.
 * @param {View} view @param {number} width @param {number} height
 * @returns {View}
 */
export function within({ x, y, scale }, width, height) {
  const kept = clamp(scale, 1, CLOSEST);
  return { x: clamp(x, 0, width - width / kept), y: clamp(y, 0, height - height / kept), scale: kept };
}

/**
 * The view from closer or farther, in which a point of the picture stays where it is on screen.
 * @param {View} view @param {number} factor @param {Point} about
 * @returns {View}
 */
export function closer(view, factor, about) {
  const scale = clamp(view.scale * factor, 1, CLOSEST);
  const by = view.scale / scale;
  return { x: about.x - (about.x - view.x) * by, y: about.y - (about.y - view.y) * by, scale };
}

export class Zoom {
  /** @type {View} */
  #view = WHOLE;
  /** @type {Map<number, Point>} fingers, or the mouse's button, that are down: where they are on screen */
  #down = new Map();
  #moved = 0;
  /** Whether the click that comes with the end of a drag is still to be let go. */
  #dragged = false;
  #button = document.getElementById("zoom-reset");
  /** @type {Set<(scale: number) => void>} */
  #listeners = new Set();

  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    const { stage } = scene;
    scene.onBound(() => this.#show());
    this.#button?.addEventListener("click", () => this.reset());
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#press(event));
    document.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) document.addEventListener(end, (event) => this.#release(event));
    // Two fingers are always the picture's; one is, where the picture can still move: else the page scrolls.
    stage.addEventListener("touchmove", (event) => (event.touches.length > 1 || this.zoomed) && event.cancelable && event.preventDefault(), { passive: false });
    stage.addEventListener("click", (event) => this.#click(event), { capture: true });
    stage.addEventListener("focusin", (event) => this.#reveal(event.target));
  }

  get zoomed() {
    return this.#view.scale > 1;
  }

  /** How much larger than the whole picture. */
  get scale() {
    return this.#view.scale;
  }

  /** @param {(scale: number) => void} listener called at once, and whenever the scale has changed */
  onScale(listener) {
    this.#listeners.add(listener);
    listener(this.scale);
  }

  reset() {
    const had = document.activeElement === this.#button;
    this.#look(WHOLE);
    if (had) this.scene.stage.focus({ preventScroll: true });
  }

  /** @param {1 | -1} way in or out; about what has the focus, or the middle */
  press(way) {
    const focused = document.activeElement;
    const { width, height } = this.#size;
    const { x, y, scale } = this.#view;
    const middle = { x: x + width / scale / 2, y: y + height / scale / 2 };
    const about = focused instanceof SVGGraphicsElement && this.scene.svg.contains(focused) ? centre(focused.getBBox()) : middle;
    this.#look(closer(this.#view, PRESS ** way, about));
  }

  get #size() {
    const { width, height } = this.scene.svg.dataset;
    return { width: Number(width), height: Number(height) };
  }

  /** A point of the screen in px of the picture. @param {Point} at @returns {Point} */
  #inPicture({ x, y }) {
    const inverse = this.scene.svg.getScreenCTM()?.inverse();
    return inverse ? new DOMPoint(x, y).matrixTransform(inverse) : { x: 0, y: 0 };
  }

  /** @param {View} view */
  #look(view) {
    const { width, height } = this.#size;
    const next = within(view, width, height);
    const before = this.#view;
    if (next.x === before.x && next.y === before.y && next.scale === before.scale) return;
    this.#view = next;
    this.#show();
    if (next.scale !== before.scale) for (const listener of this.#listeners) listener(next.scale);
  }

  #show() {
    const { width, height } = this.#size;
    // Another picture may be smaller: the same part of it is shown as far as it has one.
    const { x, y, scale } = (this.#view = within(this.#view, width, height));
    this.scene.svg.setAttribute("viewBox", [x, y, width / scale, height / scale].map((side) => Number(side.toFixed(3))).join(" "));
    this.scene.stage.toggleAttribute("data-zoomed", this.zoomed);
    if (this.#button) this.#button.hidden = !this.zoomed;
    this.scene.repaintTraffic();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!this.#isPicture(event.target)) return;
    // A page that scrolls, somebody else's around a frame too, is scrolled by the wheel, unless the picture is meant.
    const scrolls = self !== top || document.documentElement.scrollHeight > innerHeight + 1;
    if (scrolls && !event.ctrlKey && !event.metaKey) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const out = event.deltaY > 0;
    if (!this.zoomed && out) return;
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * unit * (event.ctrlKey ? PINCH : WHEEL));
    const moved = closer(this.#view, factor, this.#inPicture({ x: event.clientX, y: event.clientY }));
    this.#look({ ...moved, x: moved.x + (event.deltaX * unit) / this.#pixels });
  }

  /** Pixels of the screen to a px of the picture. */
  get #pixels() {
    return this.scene.svg.getScreenCTM()?.a || 1;
  }

  /** @param {EventTarget | null} target */
  #isPicture(target) {
    return target instanceof Node && (this.scene.svg.contains(target) || target === this.scene.stage);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (!this.#down.size) [this.#moved, this.#dragged] = [0, false];
    if (!this.#isPicture(event.target) || (event.pointerType === "mouse" && event.button !== 0)) return;
    this.#down.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...this.#down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    this.#down.set(event.pointerId, now);
    this.#moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (others.length === 1) this.#pinch(others[0], before, now);
    else if (!others.length && this.zoomed && this.#moved > DRAGS) this.#pan(before, now);
    else return;
    this.#dragged = true;
  }

  /** @param {Point} from @param {Point} to */
  #pan(from, to) {
    this.scene.stage.toggleAttribute("data-dragging", true);
    this.#look({ ...this.#view, x: this.#view.x - (to.x - from.x) / this.#pixels, y: this.#view.y - (to.y - from.y) / this.#pixels });
  }

  /** What lies between two fingers stays between them. @param {Point} still @param {Point} from @param {Point} to */
  #pinch(still, from, to) {
    const apart = (/** @type {Point} */ one) => Math.max(Math.hypot(one.x - still.x, one.y - still.y), 1);
    const between = (/** @type {Point} */ one) => ({ x: (one.x + still.x) / 2, y: (one.y + still.y) / 2 });
    const [was, is] = [this.#inPicture(between(from)), this.#inPicture(between(to))];
    const moved = { ...this.#view, x: this.#view.x - (is.x - was.x), y: this.#view.y - (is.y - was.y) };
    this.#look(closer(moved, apart(to) / apart(from), was));
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (!this.#down.delete(event.pointerId) || this.#down.size) return;
    this.scene.stage.toggleAttribute("data-dragging", false);
  }

  /** A drag is not a click on what it ended on. @param {Event} event */
  #click(event) {
    if (!this.#dragged) return;
    this.#dragged = false;
    event.stopPropagation();
    event.preventDefault();
  }

  /** What takes the focus is brought into view. @param {EventTarget | null} target */
  #reveal(target) {
    if (!this.zoomed || this.#down.size || !(target instanceof SVGGraphicsElement) || !this.scene.svg.contains(target)) return;
    const { width, height } = this.#size;
    const { x, y, scale } = this.#view;
    const box = target.getBBox();
    const seen = box.x >= x && box.y >= y && box.x + box.width <= x + width / scale && box.y + box.height <= y + height / scale;
    if (seen) return;
    const middle = centre(box);
    const near = (/** @type {number} */ from, /** @type {number} */ side, /** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ about) =>
      high - low + 2 * AROUND > side ? about - side / 2 : clamp(from, high + AROUND - side, low - AROUND);
    this.#look({
      x: near(x, width / scale, box.x, box.x + box.width, middle.x),
      y: near(y, height / scale, box.y, box.y + box.height, middle.y),
      scale,
    });
  }
}

/** @param {DOMRect} box @returns {Point} */
const centre = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
