// A hidden neuron's incoming weights, laid out as the image that it looks at.

import { colours } from "./colours.js";
import { signedImage } from "../data/plane.js";

/** The weight that is painted at full strength, as in the network. */
const FULL = 1;

/**
 * @param {HTMLElement} below
 * @param {import("../cards/card.js").Picture | null} picture null: there is none (any more)
 */
export function paint(below, picture) {
  const there = below.parentElement?.querySelector("img.weights");
  if (!picture) return there?.remove();
  const { rows, columns, numbers, label } = picture;
  const { "value-plus": plus, "value-minus": minus } = colours();
  // Fields are painted from the lowest row upward, images begin at the top.
  const field = Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => numbers[(rows - 1 - row) * columns + column]));
  const image = /** @type {HTMLImageElement} */ (there ?? document.createElement("img"));
  Object.assign(image, { className: "weights", alt: label, src: signedImage(field, plus, minus, FULL).toDataURL() });
  if (!there) below.before(image);
  return undefined;
}
