// Labels as pills on the path of their own connection, placed greedily by size and left out where there is no room.

import { at } from "./bezier.js";
import { signed } from "../words/format.js";

/** @typedef {{x0: number, y0: number, x1: number, y1: number}} Box */
/** @typedef {{key: string, value: number, curve: import("./bezier.js").Curve}} Labelled */
/** @typedef {{key: string, value: number, text: string, x: number, y: number, width: number, t: number}} Label centre and width, px; t: its place on the curve */

const HEIGHT = 19;
const DIGIT = 8;
/** Places along the path that are tried, from where the blame comes. */
const TRIED = [0.72, 0.66, 0.78, 0.6, 0.84, 0.54, 0.48, 0.42, 0.36];
/** With more connections than this only the largest are labelled. */
const ALL_UP_TO = 16;
const OTHERWISE = 8;

/**
 * @param {Labelled[]} labelled
 * @param {Box[]} taken boxes that no label may cover
 * @returns {Label[]}
 */
export function place(labelled, taken) {
  const bySize = labelled.filter(({ value }) => Number.isFinite(value) && value !== 0).sort((p, q) => Math.abs(q.value) - Math.abs(p.value));
  const boxes = [...taken];
  const placed = [];
  for (const { key, value, curve } of bySize.slice(0, bySize.length > ALL_UP_TO ? OTHERWISE : ALL_UP_TO)) {
    const text = signed(value);
    const width = text.length * DIGIT + 10;
    for (const t of TRIED) {
      const [x, y] = at(curve, t);
      const box = { x0: x - width / 2, y0: y - HEIGHT / 2, x1: x + width / 2, y1: y + HEIGHT / 2 };
      if (boxes.some((other) => overlap(box, other))) continue;
      boxes.push(box);
      placed.push({ key, value, text, x, y, width, t });
      break;
    }
  }
  return placed;
}

/** @param {Box} p @param {Box} q */
const overlap = (p, q) => p.x0 < q.x1 + 2 && p.x1 > q.x0 - 2 && p.y0 < q.y1 + 2 && p.y1 > q.y0 - 2;

/**
 * The squares of the neurons, which no label may cover.
 * @param {SVGSVGElement} svg
 * @returns {Box[]}
 */
export function squares(svg) {
  return [...svg.querySelectorAll("g.neuron:not(.cells):not(.pixels)")].map((group) => {
    const { x, y, size } = /** @type {SVGGElement} */ (group).dataset;
    const half = Number(size) / 2;
    return { x0: Number(x) - half, y0: Number(y) - half, x1: Number(x) + half, y1: Number(y) + half };
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Label} label
 * @param {import("./colours.js").Colours} colours
 */
export function paint(pen, { value, text, x, y, width }, colours) {
  pen.beginPath();
  pen.roundRect(x - width / 2, y - HEIGHT / 2, width, HEIGHT, HEIGHT / 2);
  pen.fillStyle = colours.surface;
  pen.fill();
  pen.font = '600 13px Inter, system-ui, sans-serif';
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.fillStyle = value > 0 ? colours["blame-plus"] : colours["blame-minus"];
  pen.fillText(text, x, y + 4.5);
}
