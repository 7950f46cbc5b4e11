// By how much what is sent back misses the gradient, as the server measured it last: for the picture, the cards and the matrix.

import { t } from "../words/texts.js";

/** @type {{step: number, operator: string, angles: Map<number, number>}} angles: degrees, by layer */
let found = { step: 0, operator: "transpose", angles: new Map() };

/** @param {number} step @param {string} operator @param {{layer: number, chain: {angle: number | null}}[]} layers */
export function measured(step, operator, layers) {
  found = { step, operator, angles: new Map(layers.flatMap(({ layer, chain }) => (chain.angle === null ? [] : [[layer, chain.angle]]))) };
}

/** @param {number} angle degrees */
const written = (angle) => `${angle.toFixed(angle < 9.95 ? 1 : 0)}°`;

/**
 * How far off what a layer is sent is, in words; empty where it is not known.
 * @param {import("../store.js").Seen} seen @param {number} layer
 */
export function missOf({ frame, topology }, layer) {
  const angle = found.step === frame.cursor.step && found.operator === topology.feedback ? found.angles.get(layer) : undefined;
  return angle === undefined ? "" : t("miss", { layer: String(layer), angle: written(angle) });
}

/** Of all layers, for the picture; empty where the step was sent back by another. @param {string} operator */
export const misses = (operator) => (found.operator === operator ? [...found.angles] : []).map(([layer, angle]) => t("miss-short", { layer: String(layer), angle: written(angle) })).join(", ");
