// Examples as they are offered: a small picture (an image as it is, a point of the plane at its place) and a few words.

import { channels, colours } from "../picture/colours.js";
import * as examples from "./examples.js";
import { image, mark, prepare } from "./plane.js";
import { clamp } from "../picture/scales.js";
import { t } from "../words/texts.js";

/** @typedef {import("./examples.js").Example} Example */
/** @typedef {import("../server/protocol.js").Topology} Topology */

/** Radius of a mark, px. */
const MARK = 4;

/**
 * The picture of an example, where it has one.
 * @param {HTMLElement} element of the example
 * @param {Example} example @param {Topology} topology
 * @param {import("./maps.js").ResponseMaps | null} maps
 */
export function paint(element, example, { data: { image_shape: shape } }, maps) {
  const canvas = element.querySelector("canvas");
  if (!canvas || !example.inputs) return;
  if (shape) return paintImage(canvas, example.inputs, shape);
  const at = maps?.placeOf(example.inputs);
  if (at) paintPoint(canvas, at, example.label ?? -1, (pen, width, height) => maps?.paintGround(pen, width, height));
  return undefined;
}

/**
 * An image in ink, one pixel of the canvas for each of its own.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} pixels row by row from the top, 0 to 1
 * @param {[number, number]} shape rows and columns
 */
function paintImage(canvas, pixels, [rows, columns]) {
  const [r, g, b] = channels(colours().ink);
  const field = Array.from({ length: rows }, (_, row) => Array.from(pixels).slice((rows - 1 - row) * columns, (rows - row) * columns));
  const painted = image(field, (x) => [r, g, b, 255 * clamp(x, 0, 1)]);
  [canvas.width, canvas.height] = [columns, rows];
  canvas.getContext("2d")?.drawImage(painted, 0, 0);
}

/**
 * A point at its place, over what the network answers there.
 * @param {HTMLCanvasElement} canvas
 * @param {[number, number]} at from 0 to 1, rightward and upward
 * @param {number} label its class; −1: none
 * @param {((pen: CanvasRenderingContext2D, width: number, height: number) => void) | undefined} ground
 */
function paintPoint(canvas, [across, up], label, ground) {
  const prepared = prepare(canvas);
  if (!prepared) return;
  const { pen, width, height } = prepared;
  ground?.(pen, width, height);
  const { ink, surface } = colours();
  mark(pen, label, clamp(across, 0.1, 0.9) * width, (1 - clamp(up, 0.1, 0.9)) * height, MARK, ink, surface);
}

/** @param {Example} example @param {import("../store.js").Seen} seen */
export function option(example, seen) {
  const { topology } = seen;
  const element = document.createElement("div");
  element.className = "example";
  element.role = "option";
  element.tabIndex = -1;
  element.dataset.index = String(example.index);
  if (example.right !== null) element.dataset.right = String(example.right);
  const current = example.index === seen.frame.example.index;
  element.setAttribute("aria-selected", String(current));
  const spoken = document.createElement("span");
  spoken.className = "hidden-text spoken";
  spoken.textContent = examples.spoken(example, topology, current);
  element.append(spoken);
  if (topology.data.image_shape || (topology.layers[0] === 2 && example.inputs)) element.append(document.createElement("canvas"));
  const [tags, image] = [examples.notes(example).map((note) => /** @type {[string, string]} */ (["small", note])), topology.data.image_shape];
  element.append(
    words("example-label", [["b", examples.wanted(example, topology)], ...verdict(example, topology), ...(image ? [] : tags)]),
    words("example-about", [...about(example, topology), ...(image ? tags : [])]),
  );
  return element;
}

/** @param {Example} example @param {Topology} topology @returns {[string, string][]} */
function verdict(example, topology) {
  const said = examples.answer(example, topology);
  if (example.right === null) return said ? [["span", t("example-answers", { answer: said })]] : [];
  return example.right ? [["i", "✓"]] : [["i", "✗"], ["span", topology.data.image_shape ? said : t("example-answers", { answer: said })]];
}

/** @param {Example} example @param {Topology} topology @returns {[string, string][]} */
function about(example, topology) {
  const x = example.inputs && !topology.data.image_shape ? [`x = ${examples.listed(example.inputs)}`] : [];
  const cost = topology.data.image_shape ? examples.costOf(example) : t("example-cost", { cost: examples.costOf(example) });
  return [...x, cost].map((text) => ["span", text]);
}

/** @param {string} name @param {[string, string][]} parts tags and texts */
function words(name, parts) {
  const line = document.createElement("span");
  line.className = name;
  line.ariaHidden = "true";
  for (const [tag, text] of parts) {
    const part = document.createElement(tag);
    part.textContent = text;
    line.append(part, " ");
  }
  return line;
}
