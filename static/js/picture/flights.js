// What a phase lets travel, and how far it has come: pure functions of what is on view.

import { clamp } from "./scales.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {"sent" | "charged" | "signal"} Kind */
/** @typedef {{kind: Kind, layer: number, senders: number}} Flight layer: that the connections lead into */
/** @typedef {"coming" | "arrived" | null} Stage null: nothing is under way */

/** Up to so many senders they send one after the other, so that each can be followed. */
const FOLLOWED = 8;
/** A signal has arrived at this share of its phase; the rest is the neuron's answer. */
export const ANSWERS = 0.75;
/** At the gate: first its opening is set, then the sum passes. */
export const GATE_SET = 0.4;

/** @param {number} t from 0 to 1 @returns {number} slow, fast, slow */
export const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

/**
 * When a sender's blame leaves and arrives, as shares of the phase.
 * @param {number} sender from 1
 * @param {number} senders
 * @returns {[number, number]}
 */
export function window_(sender, senders) {
  const share = senders === 1 ? 1 : senders <= FOLLOWED ? 0.58 : 0.85;
  const start = senders === 1 ? 0 : ((sender - 1) / (senders - 1)) * (1 - share);
  return [start, start + share];
}

/**
 * What travels in the phase on view.
 * @param {Seen} seen
 * @returns {Flight | null}
 */
export function flight({ cursor: { phase, layer }, topology }) {
  if (layer === null) return null;
  if (phase === "send_back") return { kind: "sent", layer: layer + 1, senders: topology.layers[layer] };
  if (phase === "gradient") return { kind: "charged", layer, senders: 1 };
  return phase === "feedforward" ? { kind: "signal", layer, senders: 1 } : null;
}

/**
 * How far a traveller is, from 0 (leaves) to 1 (has arrived); below 0 before it leaves.
 * @param {Flight} of
 * @param {number} j its sender, from 1
 * @param {number} progress of the phase
 */
export function travelled({ kind, senders }, j, progress) {
  if (kind === "signal") return progress / ANSWERS;
  const [from, to] = window_(kind === "sent" ? j : 1, senders);
  return (progress - from) / (to - from);
}

/**
 * Where the blame (or charge) of a connection is.
 * @param {Seen} seen
 * @param {Kind} kind
 * @param {number} layer that the connection leads into
 * @param {number} j from 1
 * @returns {Stage}
 */
export function stage(seen, kind, layer, j) {
  const of = flight(seen);
  if (!of || seen.progress >= 1 || of.kind !== kind || of.layer !== layer) return null;
  return travelled(of, j, seen.progress) >= 1 ? "arrived" : "coming";
}

/**
 * Whether the signals into a layer are still on their way, or its outputs are not yet compared.
 * @param {Seen} seen
 * @param {number} layer
 */
export const awaits = (seen, layer) => stage(seen, "signal", layer, 1) === "coming";

/**
 * The gate of a layer: how far its opening is set, and how much of the sum has passed; null where no gate is at work.
 * @param {Seen} seen
 * @param {number} layer
 * @returns {{set: number, passed: number} | null}
 */
export function gate({ cursor, progress }, layer) {
  if (cursor.phase !== "gate" || cursor.layer !== layer) return null;
  return { set: ease(clamp(progress / GATE_SET, 0, 1)), passed: ease(clamp((progress - GATE_SET) / (1 - GATE_SET), 0, 1)) };
}

/**
 * How much of the update has been done: 0 before, 1 after.
 * @param {Seen} seen
 */
export const updated = ({ cursor, progress }) => (cursor.phase === "update" ? ease(progress) : 1);

/**
 * A number that changes whenever something arrives, so that words are drawn anew only then.
 * @param {Seen} seen
 */
export function arrivals(seen) {
  const of = flight(seen);
  if (!of || seen.progress >= 1) return -1;
  let arrived = 0;
  for (let j = 1; j <= of.senders; j++) if (travelled(of, j, seen.progress) >= 1) arrived++;
  return arrived;
}
