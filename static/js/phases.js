// The phases of a training step, in order, and what is known at each of them.

import { t } from "./words/texts.js";

/** @typedef {"start" | "feedforward" | "cost" | "output_error" | "send_back" | "gate" | "gradient" | "update"} PhaseName */
/** @typedef {{phase: PhaseName, layer: number | null}} Phase */
/** @typedef {{step: number, phase: PhaseName, layer: number | null}} Cursor */
/** @typedef {"a" | "z" | "cost" | "sigmaPrime" | "received" | "delta" | "sent" | "charged" | "ledger" | "after"} Quantity */

/**
 * All phases of a step of a network with so many layers.
 * @param {number} nLayers
 * @returns {Phase[]}
 */
export function phasesOf(nLayers) {
  /** @type {Phase[]} */
  const phases = [];
  for (let layer = 2; layer <= nLayers; layer++) phases.push({ phase: "feedforward", layer });
  phases.push({ phase: "cost", layer: null }, { phase: "output_error", layer: nLayers });
  for (let layer = nLayers - 1; layer >= 2; layer--) phases.push({ phase: "send_back", layer }, { phase: "gate", layer });
  for (let layer = nLayers; layer >= 2; layer--) phases.push({ phase: "gradient", layer });
  phases.push({ phase: "update", layer: null });
  return phases;
}

/**
 * The place of a phase in its step, from 0; −1 at the start of a session.
 * @param {Phase[]} phases
 * @param {Phase} phase
 */
export function placeOf(phases, { phase, layer }) {
  return phases.findIndex((other) => other.phase === phase && (other.layer === layer || other.layer === null));
}

/**
 * The phase that comes next, and the step it is in.
 * @param {Phase[]} phases
 * @param {Cursor} cursor
 * @returns {Cursor}
 */
export function next(phases, cursor) {
  const place = placeOf(phases, cursor);
  if (place < 0 || place === phases.length - 1) return { step: cursor.step + 1, ...phases[0] };
  return { step: cursor.step, ...phases[place + 1] };
}

/**
 * The phase after which a quantity of a layer is known. `sent` and `charged` of layer l are those of the connections into it.
 * @param {Quantity} quantity
 * @param {number} layer from 1
 * @param {number} nLayers
 * @returns {Phase | null} null: never, or (`a` of layer 1) always
 */
export function knownAfter(quantity, layer, nLayers) {
  const top = layer === nLayers;
  switch (quantity) {
    case "a":
    case "z":
      return { phase: "feedforward", layer };
    case "cost":
      return { phase: "cost", layer: null };
    case "received":
      return top ? { phase: "output_error", layer } : { phase: "send_back", layer };
    case "sigmaPrime":
    case "delta":
      return top ? { phase: "output_error", layer } : { phase: "gate", layer };
    case "sent":
      // The inputs learn nothing, so no phase sends to them: what they would be sent is known with the delta above.
      return layer > 2 ? { phase: "send_back", layer: layer - 1 } : knownAfter("delta", layer, nLayers);
    case "ledger":
      return knownAfter("delta", layer, nLayers);
    case "charged":
      return { phase: "gradient", layer };
    case "after":
      return { phase: "update", layer: null };
    default:
      return null;
  }
}

/**
 * Answers whether a quantity of a layer is known at a phase (known, if perhaps still on its way).
 * @param {Phase[]} phases
 * @param {Phase} phase
 * @param {number} nLayers
 * @returns {(quantity: Quantity, layer: number) => boolean}
 */
export function reachedAt(phases, phase, nLayers) {
  const place = placeOf(phases, phase);
  const find = (/** @type {Quantity} */ quantity, /** @type {number} */ layer) => {
    if (layer === 1) return quantity === "a";
    const after = knownAfter(quantity, layer, nLayers);
    return after !== null && place >= 0 && placeOf(phases, after) <= place;
  };
  /** @type {Partial<Record<Quantity, (boolean | undefined)[]>>} asked of every connection and neuron: each answer is found once */
  const found = {};
  return (quantity, layer) => ((found[quantity] ??= [])[layer] ??= find(quantity, layer));
}

/**
 * The layer whose incoming connections carry blame in a phase; null if none does.
 * @param {Phase} phase
 */
export function sendingLayer({ phase, layer }) {
  return phase === "send_back" && layer !== null ? layer + 1 : null;
}

/** @param {Phase} phase */
export const goesBack = ({ phase }) => phase === "output_error" || phase === "send_back" || phase === "gate";

/**
 * The direction of a phase, as the timeline has it.
 * @param {Phase} phase
 * @returns {"forward" | "back" | "learn"}
 */
export function direction({ phase }) {
  if (goesBack({ phase, layer: null })) return "back";
  return phase === "gradient" || phase === "update" ? "learn" : "forward";
}

/**
 * A phase as it is named on screen.
 * @param {Phase} phase
 */
export const title = ({ phase, layer }) => (layer === null ? t(`phase-${phase}`) : t("phase-of-layer", { phase: t(`phase-${phase}`), layer: String(layer) }));
