import assert from "node:assert/strict";
import { test } from "node:test";

import { classesOf } from "../../static/js/data/adding.js";
import { rounded } from "../../static/js/data/aim.js";
import { nearest, shades } from "../../static/js/data/points.js";
import { topology } from "./made.js";

const point = (/** @type {number} */ index, /** @type {number[]} */ inputs, targets = [0]) => ({ index, inputs, label: null, targets, added: false });
const points = [point(0, [0, 0]), point(1, [1, 0]), point(2, [1, 0]), point(3, [0, 2])];
/** A map of 100 px for each unit, y upward. @param {number[]} x @returns {[number, number]} */
const toPx = ([x, y]) => [100 * x, 200 - 100 * y];

test("the nearest point within reach is found, and of two at one place the later", () => {
  assert.equal(nearest(points, toPx, [8, 195], 12)?.index, 0);
  assert.equal(nearest(points, toPx, [9, 190], 12), null); // 13.5 px away
  assert.equal(nearest(points, toPx, [97, 200], 12)?.index, 2);
  assert.equal(nearest(points, toPx, [40, 60])?.index, 3);
  assert.equal(nearest([], toPx, [0, 0]), null);
});

test("targets are shaded between the lowest and the highest", () => {
  const shade = shades([point(0, [0, 0], [-1]), point(1, [0, 0], [3])]);
  assert.deepEqual([shade(-1), shade(1), shade(3), shade(9)], [0, 0.5, 1, 1]);
  assert.equal(shades([point(0, [0, 0], [2])])(2), 0.5);
});

test("one output tells two classes apart, numbers have none", () => {
  const of = (/** @type {string} */ kind, /** @type {number[]} */ layers) => classesOf(/** @type {any} */ ({ ...topology, layers, data: { ...topology.data, kind } }));
  assert.deepEqual([of("classification", [2, 1]), of("classification", [2, 5]), of("regression", [2, 1])], [2, 5, 0]);
});

test("what is sent is rounded finer than a pixel", () => {
  assert.deepEqual([rounded(0.123456), rounded(-1.98765)], [0.1235, -1.988]);
});
