// An output neuron beside its target: activation, bar, and the gap between the two, of which its delta is made.

import { brush, brushOf } from "./brush.js";
import { short } from "../words/format.js";
import { goesBack } from "../phases.js";
import { clamp } from "./scales.js";
import { valueOf, writeValue } from "./neurons.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./neurons.js").NeuronNumbers} NeuronNumbers */
/** @typedef {import("./neurons.js").Kind} Kind */

/** From this share of the output error's phase on, the delta is written. */
const COMPARED = 0.6;

/**
 * @param {Element} group
 * @param {Seen} seen
 * @param {number} j from 0
 * @param {NeuronNumbers} numbers
 * @param {Kind} kind what neurons show
 */
export function drawOutput(group, seen, j, numbers, kind) {
  const { a } = numbers;
  const comparing = seen.cursor.phase === "output_error" && seen.progress < COMPARED;
  const delta = comparing ? null : numbers.delta;
  const { y, label } = seen.frame.example;
  brush(group).toggle("right", y.length > 1 && label === j);
  const activation = group.querySelector("text.activation");
  const shown = kind === "delta" ? "a" : kind;
  if (activation) writeValue(activation, shown, valueOf(numbers, shown));
  const deltaText = group.querySelector("text.delta");
  if (deltaText) writeValue(deltaText, "delta", delta, group.classList.contains("rows"));
  const value = group.querySelector("text.value");
  if (value) writeValue(value, delta === null ? "a" : "delta", delta ?? a, true);
  for (const target of group.querySelectorAll(".target-text .number")) brush(target).text(short(y[j]));
  const track = group.querySelector("rect.bar-track");
  if (track instanceof SVGRectElement) drawBar(group, track, seen, y[j], numbers);
}

/**
 * @param {Element} group
 * @param {SVGRectElement} track
 * @param {Seen} seen
 * @param {number} y target
 * @param {NeuronNumbers} numbers
 */
function drawBar(group, track, { cursor, progress }, y, { a, delta }) {
  const [low, high] = [Number(track.dataset.low), Number(track.dataset.high)];
  const [left, width] = [Number(track.getAttribute("x")), Number(track.getAttribute("width"))];
  const place = (/** @type {number} */ x) => left + width * clamp((x - low) / (high - low), 0, 1);
  const known = a !== null && Number.isFinite(a);
  const bar = brushOf(group, "rect.bar");
  bar?.toggle("unused", !known);
  if (bar && known) {
    stretch(bar, place(clamp(0, low, high)), place(a));
    bar.sign(a);
  }
  const target = brushOf(group, "rect.target");
  target?.toggle("unused", false);
  target?.set("x", (place(y) - 1).toFixed(1));
  const gap = brushOf(group, "rect.gap");
  const compared = goesBack(cursor) && known && delta !== null && delta !== 0;
  gap?.toggle("unused", !compared);
  if (!gap || !compared) return;
  const share = cursor.phase === "output_error" ? clamp(progress / COMPARED, 0, 1) : 1;
  stretch(gap, place(y), place(y) + (place(a) - place(y)) * share);
  gap.sign(delta);
}

/** @param {import("./brush.js").Brush} bar @param {number} from @param {number} to px */
function stretch(bar, from, to) {
  bar.set("x", Math.min(from, to).toFixed(1));
  bar.set("width", Math.abs(to - from).toFixed(1));
}
