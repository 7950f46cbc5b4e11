import assert from "node:assert/strict";
import { test } from "node:test";

import { decades, farthest, powersOfTen, quarterBelow, shares } from "../../static/js/run/axes.js";
import { Curves, aligned, logarithmic, placeOf, pointAt, split } from "../../static/js/run/curves.js";
import { seen } from "./made.js";

const none = { train: null, test: null };
/** @param {number[]} steps @param {(number | null)[]} train */
const points = (steps, train) => ({ steps, cost: { train, test: steps.map(() => null) }, accuracy: { train: steps.map(() => 0.5), test: steps.map(() => null) } });
/** @param {number} step @param {number} [lastStep] @param {number} [train] */
const frame = (step, lastStep = step, train = 0.3) => ({ cursor: /** @type {const} */ ({ step, phase: "update", layer: null }), lastStep, cost: { train, test: null }, accuracy: none });

test("an axis is labelled at every power of ten where these are few", () => {
  assert.deepEqual(powersOfTen(0.001, 10), [0.001, 0.01, 0.1, 1, 10]);
});

test("an axis over hundreds of decades has at most five labels, evenly apart", () => {
  assert.deepEqual(powersOfTen(0.1, 3e94), [0.1, 1e23, 1e47, 1e71]);
  assert.ok(powersOfTen(1e-300, 1e300).length <= 5);
});

test("the range of an axis is whole decades, and stays finite", () => {
  assert.deepEqual(decades(0.02, 3e94), [0.01, 1e95]);
  assert.deepEqual(decades(0.5, 1.7e308), [0.1, 1e308]);
});

test("the axis holds all of the run, and of longer ones only so much that the run can be seen", () => {
  assert.equal(farthest(0, []), 10);
  assert.equal(farthest(123, [50]), 123);
  assert.equal(farthest(0, [2000]), 40);
  assert.equal(farthest(300, [2000]), 600);
  assert.equal(farthest(1500, [2000]), 2000);
});

test("an axis of shares begins at a quarter below all of them, and is labelled evenly", () => {
  assert.deepEqual([0, 0.3, 0.51, 0.99, 1].map(quarterBelow), [0, 0.25, 0.5, 0.75, 0.75]);
  assert.deepEqual(shares(0.5), [0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  assert.deepEqual(shares(0.75), [0.75, 0.8, 0.85, 0.9, 0.95, 1]);
});

test("the curves grow with the frames, wherever the cursor goes, and lose what was cut", () => {
  const curves = new Curves();
  curves.replace(points([0, 5], [1, 0.5]));
  assert.equal(curves.add(frame(8)), true);
  assert.equal(curves.add(frame(8)), false);
  assert.equal(curves.add(frame(3, 8, 0.7)), true);
  assert.deepEqual(curves.points.steps, [0, 3, 5, 8]);
  assert.deepEqual(curves.points.cost.train, [1, 0.7, 0.5, 0.3]);
  assert.equal(curves.add(frame(6)), true);
  assert.deepEqual(curves.points.steps, [0, 3, 5, 6]);
  assert.equal(curves.points.accuracy.test.length, 4);
});

test("an edit at the end of a step gives its point another value", () => {
  const curves = new Curves();
  curves.replace(points([0, 5], [1, 0.5]));
  assert.equal(curves.add(frame(5, 5, 0.9)), true);
  assert.deepEqual(curves.points.cost.train, [1, 0.9]);
});

test("in mid-step the cost is that of the parameters before it", () => {
  const curves = new Curves();
  curves.add(seen({ step: 4, phase: "gate", layer: 2 }, { last_step: 4 }).frame);
  assert.deepEqual(curves.points.steps, [3]);
});

test("the numbers of a step that has no point are those of the point before", () => {
  const run = points([0, 8, 16], [1, 0.5, null]);
  assert.deepEqual(pointAt(run, 8), { step: 8, cost: { train: 0.5, test: null }, accuracy: { train: 0.5, test: null } });
  assert.equal(pointAt(run, 13)?.step, 8);
  assert.equal(pointAt(run, 99)?.cost.train, null);
  assert.equal(pointAt(points([], []), 3), null);
  assert.deepEqual([0, 1, 8, 17].map((step) => placeOf(run.steps, step)), [0, 1, 1, 3]);
});

test("a curve is split at the cursor, whose own point belongs to both parts", () => {
  const { past, beyond } = split({ steps: [0, 3, 5, 8], values: [4, 3, 2, 1] }, 5);
  assert.deepEqual([past.steps, beyond.steps], [[0, 3, 5], [5, 8]]);
  assert.deepEqual([past.values, beyond.values], [[4, 3, 2], [2, 1]]);
});

test("curves of different steps stand over one axis, with nothing where they have no point and a gap where they have no value", () => {
  const { steps, columns } = aligned([{ steps: [0, 4], values: [1, null] }, { steps: [0, 2, 4], values: [9, 8, 7] }, { steps: [], values: [] }]);
  assert.deepEqual(steps, [0, 2, 4]);
  assert.deepEqual(columns, [[1, undefined, null], [9, 8, 7], [undefined, undefined, undefined]]);
});

test("costs that differ more than two hundred times are drawn on a logarithmic scale", () => {
  assert.equal(logarithmic([1, 0.5, 0.1, null]), false);
  assert.equal(logarithmic([1, 0.5, 0.001, 0]), true);
  assert.equal(logarithmic([1, 0.001]), false);
});
