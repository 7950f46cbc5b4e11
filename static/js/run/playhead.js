// The run as a slider over the curves: a click or a drag goes to any step, so do the keys. What lies beyond the cursor is
// shaded, and hatched while somebody is about to cut it off.

import { watching } from "../server/api.js";
import { doneStep } from "./curves.js";
import { beyond, inChart, known } from "./future.js";
import { byPointer } from "../page/hand.js";
import { placeOf } from "../phases.js";
import { Scrub } from "./scrub.js";

/** @typedef {import("../store.js").Seen} Seen */
/**
 * Where steps are, in px.
 * @typedef {object} Scale
 * @property {{left: number, top: number, width: number, height: number}} area of the curves
 * @property {boolean} high whether the run ends in the upper half of it
 * @property {(step: number) => number} place from the left of the area
 * @property {(place: number) => number} step
 */

/** What PageUp and PageDown go by where an epoch is a single step. */
const PAGE = 10;
/** From the playhead to the words beside it, px. */
const BESIDE = 5;
/** The width that the words need in two lines, and the least that they are given, px. */
const [ROOM, LEAST] = [76, 48];

/**
 * Where a key leads.
 * @param {string} key
 * @param {{cursor: import("../phases.js").Cursor, lastStep: number, epochSteps: number}} frame
 * @returns {number | null} null: it is not a key of the slider
 */
export function stepOfKey(key, { cursor, lastStep, epochSteps }) {
  const done = doneStep(cursor);
  // In mid-step, back leads to where the step began.
  const before = done < cursor.step ? done : done - 1;
  const page = epochSteps > 1 ? epochSteps : PAGE;
  const to = { ArrowRight: done + 1, ArrowUp: done + 1, ArrowLeft: before, ArrowDown: before, PageUp: done + page, PageDown: done - page, Home: 0, End: lastStep }[key];
  return to === undefined ? null : Math.max(0, Math.min(to, lastStep));
}

/** Where the cursor stands on the axis: in mid-step between two steps. @param {Seen} seen */
export function placeInRun({ frame: { cursor }, phases }) {
  const done = doneStep(cursor);
  return done === cursor.step ? done : done + (placeOf(phases, cursor) + 1) / phases.length;
}

export class Playhead {
  #run = /** @type {HTMLElement} */ (document.getElementById("run"));
  #head = /** @type {HTMLElement} */ (document.getElementById("run-head"));
  #future = /** @type {HTMLElement} */ (document.getElementById("run-future"));
  #word = /** @type {HTMLElement} */ (document.getElementById("run-word"));
  #pointer = /** @type {HTMLElement} */ (document.getElementById("run-pointer"));
  /** @type {Scale | null} */
  #scale = null;
  /** @type {Seen | null} */
  #seen = null;
  /** @type {number | null} the step that was asked for, until the picture is there */
  #held = null;
  /** @type {"tap" | "drag" | null} what a pointer that is down does: a finger may yet scroll the page */
  #press = null;
  /** Frames of this revision are those of the last step that was asked for. */
  #until = 0;
  #scrub;

  /**
   * @param {import("./transport.js").Transport} transport
   * @param {(step: number | null) => void} look the step under the pointer; null: none
   */
  constructor(transport, look) {
    this.transport = transport;
    this.look = look;
    this.#scrub = new Scrub((step) => this.#go(step));
    this.#run.addEventListener("pointerdown", (event) => this.#down(event));
    this.#run.addEventListener("pointermove", (event) => this.#move(event));
    this.#run.addEventListener("pointerup", (event) => this.#up(event));
    this.#run.addEventListener("pointercancel", () => (this.#press = null));
    this.#run.addEventListener("pointerleave", () => this.#leave());
    this.#run.addEventListener("keydown", (event) => this.#key(event));
    new MutationObserver(() => this.#draw()).observe(document.body, { attributeFilter: ["data-cutting"] });
  }

  /** @param {Scale} scale */
  fit(scale) {
    this.#scale = scale;
    const { left, top, width, height } = scale.area;
    Object.assign(this.#run.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    this.#run.hidden = false;
    this.#run.toggleAttribute("data-high", scale.high);
    this.#draw();
  }

  /** @param {Seen} seen @param {string} spoken what the cursor's point is, for a screen reader */
  draw(seen, spoken) {
    this.#seen = seen;
    if (!this.#press && !this.#scrub.busy && seen.frame.revision >= this.#until) this.#held = null;
    const { cursor, lastStep } = seen.frame;
    this.#run.setAttribute("aria-valuemax", String(lastStep));
    this.#run.setAttribute("aria-valuenow", String(this.#held ?? cursor.step));
    this.#run.setAttribute("aria-valuetext", spoken);
    this.#draw();
  }

  #draw() {
    const [seen, scale] = [this.#seen, this.#scale];
    if (!seen || !scale) return;
    const at = scale.place(this.#held ?? placeInRun(seen));
    this.#head.style.transform = `translateX(${at.toFixed(1)}px)`;
    const ahead = this.#ahead(seen);
    this.#future.hidden = this.#word.hidden = ahead === null;
    if (!ahead) {
      this.#word.textContent = "";
      return;
    }
    const from = scale.place(Math.max(0, ahead.from - 1));
    this.#future.style.left = `${from.toFixed(1)}px`;
    this.#future.style.width = `${Math.max(0, scale.place(ahead.to) - from).toFixed(1)}px`;
    const room = scale.area.width - at - BESIDE;
    const cutting = document.body.hasAttribute("data-cutting");
    const words = inChart(ahead, cutting, room > ROOM);
    if (this.#word.textContent !== words) this.#word.textContent = words;
    this.#word.title = cutting ? "" : known(ahead);
    // Beside the playhead, not over it, as long as there is room.
    this.#word.style.maxWidth = `${Math.max(LEAST, room).toFixed(1)}px`;
    this.#word.style.left = `${Math.min(at + BESIDE, scale.area.width - LEAST).toFixed(1)}px`;
  }

  /** What is shaded: what somebody is about to cut off, else all that lies beyond the cursor. @param {Seen} seen */
  #ahead({ frame }) {
    const { cutting } = document.body.dataset;
    const step = cutting === undefined ? (this.#held ?? frame.cursor.step) : Number(cutting) - 1;
    return beyond({ frame }, step);
  }

  /** @param {PointerEvent} event */
  #stepAt(event) {
    if (!this.#scale || !this.#seen) return 0;
    const place = event.clientX - this.#run.getBoundingClientRect().left;
    return Math.max(0, Math.min(Math.round(this.#scale.step(place)), this.#seen.frame.lastStep));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || !this.#seen || watching()) return;
    this.#run.setPointerCapture(event.pointerId);
    this.#press = event.pointerType === "touch" ? "tap" : "drag";
    if (this.#press === "drag") this.#to(this.#stepAt(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const step = this.#stepAt(event);
    this.#pointer.hidden = false;
    if (this.#scale) this.#pointer.style.transform = `translateX(${this.#scale.place(step).toFixed(1)}px)`;
    this.look(step);
    if (!this.#press) return;
    this.#press = "drag";
    if (step !== this.#held) this.#to(step);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#press === "tap") this.#to(this.#stepAt(event));
    this.#press = null;
  }

  #leave() {
    this.#pointer.hidden = true;
    this.look(null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // What was only clicked keeps the focus, but the keys are the page's own.
    if (!this.#seen || watching() || byPointer() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { frame } = this.#seen;
    const step = stepOfKey(event.key, this.#held === null ? frame : { ...frame, cursor: { step: this.#held, phase: "update", layer: null } });
    if (step === null) return;
    event.preventDefault();
    if (step !== this.#held) this.#to(step);
  }

  /** @param {number} step */
  #to(step) {
    this.#held = step;
    this.#until = Infinity;
    this.#run.setAttribute("aria-valuenow", String(step));
    this.#draw();
    this.#scrub.to(step);
  }

  /** @param {number} step */
  async #go(step) {
    let called = false;
    this.transport.motion.hold();
    await this.transport.run(async (api) => {
      called = true;
      this.#until = 0;
      const view = await api.seek({ step, phase: "update", layer: null });
      this.#until = view.revision;
    });
    return called;
  }
}
