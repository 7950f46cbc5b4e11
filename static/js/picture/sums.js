// The blame that arrives at a hidden neuron: it adds up in a waterfall under it, and passes the gate that sigma' opens.

import { brush, brushOf } from "./brush.js";
import { stage } from "./flights.js";
import { number, signed } from "../words/format.js";
import { sent } from "../server/protocol.js";
import { clamp, sumPosition } from "./scales.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./neurons.js").NeuronNumbers} NeuronNumbers */
/** @typedef {{set: number, passed: number} | null} Gate */

/** A bar of nothing at all is still to be seen, px. */
const LEAST = 1.5;

/**
 * What each neuron above sends, one after the other, and the sum so far; at the gate, what of it passes.
 * @param {SVGGElement} group
 * @param {Seen} seen
 * @param {number} layer of the receiving neuron
 * @param {number} k from 0
 * @param {NeuronNumbers} numbers
 * @param {Gate} gate
 */
export function drawSum(group, seen, layer, k, numbers, gate) {
  const pen = brush(group);
  pen.toggle("at-gate", gate !== null);
  if (gate) drawPassing(group, numbers, gate);
  else drawArriving(group, seen, layer, k, Number(numbers.received));
}

/**
 * @param {SVGGElement} group
 * @param {Seen} seen
 * @param {number} layer
 * @param {number} k from 0
 * @param {number} received the server's own sum
 */
function drawArriving(group, seen, layer, k, received) {
  const { frame, topology } = seen;
  const above = frame.layers[layer];
  const n = topology.layers[layer];
  const single = group.querySelector('rect.term[data-j="all"]');
  let [arrivedSum, coming, sum] = [0, 0, 0];
  for (let j = 0; j < n; j++) {
    const x = above.delta ? sent(above, topology.layers[layer - 1], j, k) : 0;
    const here = stage(seen, "sent", layer + 1, j + 1) !== "coming";
    if (here) arrivedSum += x;
    else coming++;
    const term = single ? null : group.querySelector(`rect.term[data-j="${j + 1}"]`);
    if (term) drawBar(term, group, sum, sum + x, !here);
    sum += x;
  }
  const shown = coming ? arrivedSum : received;
  if (single) drawBar(single, group, 0, shown, false);
  write(group, coming === n ? "" : signed(shown), shown);
}

/**
 * @param {SVGGElement} group
 * @param {NeuronNumbers} numbers
 * @param {NonNullable<Gate>} gate
 */
function drawPassing(group, { received, sigmaPrime, delta }, { passed }) {
  const [all, rest] = [Number(received), Number(delta)];
  const [whole, part] = [group.querySelector("rect.whole"), group.querySelector("rect.passed")];
  if (whole) drawBar(whole, group, 0, all, true);
  if (part) drawBar(part, group, 0, passed >= 1 ? rest : all + (rest - all) * passed, false);
  if (passed > 0 || sigmaPrime === null) write(group, `δ ${signed(rest)}`, rest);
  else write(group, `${signed(all)} × ${number(sigmaPrime)}`, all);
}

/** @param {SVGGElement} group @param {string} words @param {number} x whose sign they have */
function write(group, words, x) {
  const text = brushOf(group, "text.sum-value");
  text?.text(words);
  text?.sign(x);
}

/**
 * @param {Element} bar
 * @param {SVGGElement} group knows where zero is, and how wide the largest sum
 * @param {number} from @param {number} to running sums
 * @param {boolean} coming only its outline
 */
function drawBar(bar, { dataset }, from, to, coming) {
  const [zero, half] = [Number(dataset.x), Number(dataset.half)];
  const [x0, x1] = [zero + half * sumPosition(from), zero + half * sumPosition(to)];
  const pen = brush(bar);
  pen.sign(to - from);
  pen.toggle("coming", coming);
  // A sum that is no number has no place on the scale.
  const known = !Number.isNaN(x0 + x1);
  pen.set("x", (known ? Math.min(x0, x1) : zero).toFixed(1));
  pen.set("width", known ? Math.max(Math.abs(x1 - x0), LEAST).toFixed(1) : "0");
}

/**
 * The two halves of the gate at the side where blame leaves: as far open as sigma' says.
 * @param {SVGGElement} doors
 * @param {Gate} gate null: not at work
 * @param {number | null} sigmaPrime null: softmax, which has no gate of its own
 */
export function drawDoors(doors, gate, sigmaPrime) {
  const shown = gate !== null && sigmaPrime !== null && Number.isFinite(sigmaPrime);
  brush(doors).toggle("unused", !shown);
  if (!shown) return;
  const open = 1 - gate.set * (1 - clamp(Math.abs(sigmaPrime), 0, 1));
  const [top, height] = [Number(doors.dataset.top), Number(doors.dataset.height)];
  const leaf = (height * (1 - open)) / 2;
  const [upper, lower] = [brushOf(doors, ".upper"), brushOf(doors, ".lower")];
  upper?.set("height", leaf.toFixed(1));
  lower?.set("height", leaf.toFixed(1));
  lower?.set("y", (top + height - leaf).toFixed(1));
  const pen = brush(doors);
  pen.toggle("shut", gate.set >= 1 && open === 0);
  pen.set("data-open", clamp(Math.abs(sigmaPrime), 0, 1).toFixed(3));
}
