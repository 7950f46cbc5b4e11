// The newest that the stream said, and who wants to know. Any number of changes between two screens become one drawing.

import { phasesOf, placeOf, reachedAt } from "./phases.js";

/** @typedef {import("./server/protocol.js").Topology} Topology */
/** @typedef {import("./server/protocol.js").Frame} Frame */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {import("./phases.js").Cursor} Cursor */
/**
 * What is on view: the picture is a function of this and of nothing else.
 * @typedef {object} Seen
 * @property {Topology} topology
 * @property {Frame} frame all numbers of the step
 * @property {Phase[]} phases
 * @property {Cursor} cursor the phase on view: the frame's own, or another of the same step while somebody looks around
 * @property {number} progress how far that phase has come, from 0 to 1 (done)
 * @property {(quantity: import("./phases.js").Quantity, layer: number) => boolean} reached
 */
/** @typedef {{connections: import("./picture/quantities.js").Kind, neurons: import("./picture/neurons.js").Kind, focus: import("./picture/pointing.js").Target | null}} Choice focus: only what concerns it is drawn */
/** @typedef {{place: number, progress: number}} Look place: how many phases of the step have been entered, 0 for none */

export class Store {
  /** @type {Topology | null} */
  topology = null;
  /** @type {Seen | null} what is on the screen, or will be at the next drawing */
  seen = null;
  /** @type {Seen | null} what was drawn last */
  drawn = null;
  /** @type {Choice} what of the picture is shown */
  choice = { connections: "weight", neurons: "a", focus: null };
  /**
   * How far the phase has come that a new frame shows; whoever moves things may let it begin at 0.
   * @type {(seen: Seen, before: Seen | null) => number}
   */
  enter = () => 1;

  /** @type {Set<(seen: Seen, before: Seen | null) => void>} */
  #drawers = new Set();
  /** @type {Set<(seen: Seen) => void>} */
  #movers = new Set();
  /** @type {Set<(topology: Topology) => void>} */
  #topologyListeners = new Set();
  #asked = false;
  #fresh = false;
  /** @type {Look | null} */
  #look = null;
  /** What the session's revision has to be before its frames are followed again; until it is known, none is. */
  #settled = Infinity;
  /** @type {number | null} progress at which the next frame stands still */
  #held = null;

  /** @param {(callback: () => void) => unknown} nextScreen by default the browser's requestAnimationFrame */
  constructor(nextScreen = (callback) => requestAnimationFrame(callback)) {
    this.nextScreen = nextScreen;
  }

  /**
   * @param {(seen: Seen, before: Seen | null) => void} draw called at most once per screen, not for mere progress
   */
  onDraw(draw) {
    this.#drawers.add(draw);
  }

  /** @param {(seen: Seen) => void} move called on every screen on which only the progress of the phase has changed */
  onMove(move) {
    this.#movers.add(move);
  }

  /** @param {(topology: Topology) => void} listener called at once for every topology */
  onTopology(listener) {
    this.#topologyListeners.add(listener);
    if (this.topology) listener(this.topology);
  }

  /** @param {Topology} topology */
  setTopology(topology) {
    this.topology = topology;
    for (const listener of this.#topologyListeners) listener(topology);
  }

  /** @param {Frame} frame */
  setFrame(frame) {
    if (!this.topology) return;
    if (this.#look && frame.revision >= this.#settled) this.#stand(this.#look.progress);
    const [before, seen] = [this.seen, seenAt(this.topology, frame, this.#look)];
    // More of the same phase lets it go on as it was.
    const same = before !== null && samePlace(before.cursor, seen.cursor);
    this.seen = same ? { ...seen, progress: before.progress } : seen;
    this.#fresh ||= !same;
    this.ask();
  }

  /** @param {Partial<Choice>} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.ask();
  }

  /**
   * Look at another place of the step on view, without asking the server: all numbers of the step are here.
   * @param {number} place how many of its phases have been entered
   * @param {number} progress of the last of them
   */
  look(place, progress) {
    if (!this.seen) return;
    const same = this.#look?.place === place;
    this.#look = { place, progress };
    this.#settled = Infinity;
    this.seen = seenAt(this.seen.topology, this.seen.frame, this.#look);
    if (same) this.#move();
    else this.ask();
  }

  /** Whether somebody looks elsewhere than the session stands. */
  get looking() {
    return this.#look !== null;
  }

  /**
   * The session has come where one looks: its frames from then on count again, and the first keeps the progress.
   * @param {number} revision of the session there
   */
  settle(revision) {
    this.#settled = revision;
    if (!this.#look || !this.seen || this.seen.frame.revision < revision) return;
    this.#stand(null);
  }

  /** @param {number | null} progress at which the next frame stands still */
  #stand(progress) {
    this.#held = progress;
    this.#look = null;
    this.#settled = Infinity;
  }

  /** Look again at where the session stands. */
  follow() {
    if (!this.#look || !this.seen) return;
    this.#stand(null);
    this.seen = seenAt(this.seen.topology, this.seen.frame, null);
    this.ask();
  }

  /** @param {number} progress of the phase on view, from 0 to 1 */
  progress(progress) {
    if (!this.seen || this.seen.progress === progress) return;
    this.seen = { ...this.seen, progress };
    this.#move();
  }

  /** Ask for a drawing at the next screen. */
  ask() {
    if (this.#asked || !this.seen) return;
    this.#asked = true;
    this.nextScreen(() => this.#draw());
  }

  /** Whoever draws progress is asked at once: this is called once per screen. */
  #move() {
    if (!this.seen || this.#asked) return;
    for (const move of this.#movers) move(this.seen);
  }

  #draw() {
    this.#asked = false;
    if (!this.seen) return;
    const before = this.drawn;
    if (this.#fresh && !this.#look) this.seen = { ...this.seen, progress: this.#held ?? this.enter(this.seen, before) };
    this.#fresh = false;
    if (!this.#look) this.#held = null;
    this.drawn = this.seen;
    for (const draw of this.#drawers) draw(this.seen, before);
  }
}

/**
 * @param {Topology} topology
 * @param {Frame} frame
 * @param {Look | null} look
 * @returns {Seen}
 */
export function seenAt(topology, frame, look) {
  const phases = phasesOf(topology.layers.length);
  const cursor = look && frame.cursor.step > 0 ? cursorAt(phases, frame.cursor.step, look.place) : frame.cursor;
  return { topology, frame, phases, cursor, progress: look?.progress ?? 1, reached: reachedAt(phases, cursor, topology.layers.length) };
}

/**
 * @param {Phase[]} phases
 * @param {number} step on view
 * @param {number} place how many of its phases have been entered
 * @returns {Cursor}
 */
function cursorAt(phases, step, place) {
  if (place <= 0) return { step: step - 1, phase: "start", layer: null };
  return { step, ...phases[Math.min(place, phases.length) - 1] };
}

/** @param {Cursor} one @param {Cursor} other */
const samePlace = (one, other) => one.step === other.step && one.phase === other.phase && one.layer === other.layer;

/** @param {Seen} seen @returns {number} how many phases of the step on view have been entered */
export const placeSeen = ({ phases, cursor }) => placeOf(phases, cursor) + 1;
