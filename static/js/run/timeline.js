// The phases of a step as a line: where one looks, a click to go there, and a drag to look at any moment between.

import { brush } from "../picture/brush.js";
import { title } from "../phases.js";
import { placeSeen } from "../store.js";
import { Track } from "./track.js";

/** A pointer that has gone farther than this drags, px. */
const DRAGS = 4;
/** What an arrow key moves, in phases. */
const NUDGE = 1 / 8;

export class Timeline {
  /** @type {Track | null} */
  #track = null;
  /** @type {{x: number, y: number, dragging: boolean} | null} */
  #press = null;
  /** @type {number | null} where a drag stands, in phases */
  #at = null;
  /** @type {number | null} place that the session is to come to */
  #wanted = null;
  #taking = false;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./transport.js").Transport} transport
   */
  constructor(store, transport) {
    this.store = store;
    this.transport = transport;
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("#timeline button.phase") : null;
      if (button instanceof HTMLElement && this.#at === null) this.#go(Number(button.dataset.order));
    });
    document.addEventListener("pointerdown", (event) => this.#down(event));
    document.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => this.#up());
    document.addEventListener("keydown", (event) => this.#key(event));
    store.onDraw(() => this.draw());
    store.onMove(() => this.#drawHead());
  }

  /** What is on view, even if it is not drawn yet. */
  get #seen() {
    return this.store.seen;
  }

  /** Another timeline stands in the page. */
  rebind() {
    this.#track = null;
    this.draw();
  }

  draw() {
    const svg = document.getElementById("timeline");
    if (!(svg instanceof SVGSVGElement) || !this.#seen) return;
    this.#track ??= new Track(svg);
    // The buttons count the start as 0, so the phases count from 1.
    const now = placeSeen(this.#seen);
    for (const button of svg.querySelectorAll("button.phase")) {
      const order = Number(button.getAttribute("data-order"));
      brush(button).set("aria-current", order === now ? "step" : null);
      brush(button).toggle("reached", order < now);
    }
    for (const segment of svg.querySelectorAll("path.segment")) brush(segment).toggle("reached", Number(segment.getAttribute("data-order")) <= now);
    this.#drawHead();
  }

  /** The playhead, between the phase before and the one that is under way. */
  #drawHead() {
    const head = document.getElementById("playhead");
    if (!head || !this.#seen || !this.#track) return;
    const { progress, cursor } = this.#seen;
    const place = placeSeen(this.#seen);
    const at = place === 0 ? 0 : place - 1 + progress;
    const [x, y] = this.#track.point(at);
    const pen = brush(head);
    pen.set("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    pen.toggle("between", progress < 1);
    pen.set("aria-valuenow", Number(at.toFixed(2)));
    pen.set("aria-valuetext", progress < 1 ? `${title(cursor)}, ${Math.round(100 * progress)} %` : title(cursor));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const timeline = event.target instanceof Element ? event.target.closest("#timeline") : null;
    if (!timeline || event.button !== 0) return;
    this.#at = null;
    this.#press = { x: event.clientX, y: event.clientY, dragging: false };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const press = this.#press;
    if (!press || !this.#track) return;
    if (!press.dragging && Math.hypot(event.clientX - press.x, event.clientY - press.y) < DRAGS) return;
    if (!press.dragging) this.#begin();
    press.dragging = true;
    event.preventDefault();
    this.#look(this.#track.nearest(event.clientX, event.clientY, this.#at));
  }

  #begin() {
    document.body.toggleAttribute("data-scrubbing", true);
    const { transport } = this;
    transport.motion.hold();
    if (transport.playing) transport.toggle();
    // Before the first step there is nothing to look at: it is entered, as by a press of the arrow key.
    if (this.#seen?.frame.cursor.step === 0) transport.run((api) => api.step("phase"));
  }

  /** @param {number} at in phases: 2.5 is half way through the third */
  #look(at) {
    this.#at = at;
    const place = Math.ceil(at - 1e-9);
    this.store.look(place, place === 0 ? 1 : at - (place - 1));
  }

  #up() {
    const { dragging } = this.#press ?? { dragging: false };
    this.#press = null;
    if (!dragging || this.#at === null) return;
    document.body.toggleAttribute("data-scrubbing", false);
    this.#settle(this.#at);
    // The click that ends the drag is not a click on a phase.
    setTimeout(() => (this.#at = null));
  }

  /** Take the session to where one looks; of several places only the last counts. @param {number} at in phases */
  async #settle(at) {
    this.#wanted = Math.ceil(at - 1e-9);
    if (this.#taking) return;
    this.#taking = true;
    while (this.#wanted !== null) {
      const place = this.#wanted;
      this.#wanted = null;
      const revision = await this.#take(place);
      if (this.#wanted !== null) continue;
      if (revision === null || place === 0) this.store.follow();
      else this.store.settle(revision);
    }
    this.#taking = false;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!(event.target instanceof Element) || event.target.id !== "playhead" || !this.#seen) return;
    const by = { ArrowRight: NUDGE, ArrowUp: NUDGE, ArrowLeft: -NUDGE, ArrowDown: -NUDGE, PageUp: 1, PageDown: -1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#seen.frame.cursor.step === 0) {
      this.#begin();
      document.body.toggleAttribute("data-scrubbing", false);
      return;
    }
    this.transport.motion.hold();
    const place = placeSeen(this.#seen);
    const now = place === 0 ? 0 : place - 1 + this.#seen.progress;
    const at = Math.min(Math.max(now + by, 0), this.#seen.phases.length);
    this.#look(at);
    this.#settle(at);
    this.#at = null;
  }

  /** @param {number} order of a phase, 0 for the start of the step */
  #go(order) {
    this.transport.motion.hold();
    this.#take(order);
  }

  /**
   * @param {number} place how many phases of the step are to be entered
   * @returns {Promise<number | null>} the session's revision there; null if it was refused
   */
  async #take(place) {
    if (!this.#seen) return null;
    const { phases, frame: { cursor, lastStep } } = this.#seen;
    const { phase, layer } = place === 0 ? /** @type {const} */ ({ phase: "update", layer: null }) : phases[place - 1];
    const step = place === 0 ? Math.max(0, cursor.step - 1) : Math.max(1, cursor.step);
    let revision = null;
    await this.transport.run(async (api) => {
      const view = step <= lastStep ? await api.seek({ step, phase, layer }) : await api.call("POST", "/step", { unit: "phase", count: place });
      revision = view.revision;
    });
    return revision;
  }
}
