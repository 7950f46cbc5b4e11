import assert from "node:assert/strict";
import { test } from "node:test";

import { concerns, targetNamed } from "../../static/js/picture/focus.js";
import { nameOf } from "../../static/js/picture/pointing.js";
import { closer, CLOSEST, WHOLE, within } from "../../static/js/picture/zoom.js";

const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`);

test("what one looks closer at stays where it is on screen", () => {
  const about = { x: 300, y: 120 };
  const before = { x: 40, y: 20, scale: 1.5 };
  for (const factor of [1.2, 3, 0.7]) {
    const after = closer(before, factor, about);
    near((about.x - after.x) * after.scale, (about.x - before.x) * before.scale);
    near((about.y - after.y) * after.scale, (about.y - before.y) * before.scale);
  }
});

test("a view stays within the picture and between the whole and the closest look", () => {
  assert.deepEqual(within({ x: -50, y: 700, scale: 2 }, 800, 400), { x: 0, y: 200, scale: 2 });
  assert.deepEqual(within({ x: 30, y: 30, scale: 0.5 }, 800, 400), WHOLE);
  assert.equal(closer(WHOLE, 1000, { x: 0, y: 0 }).scale, CLOSEST);
  assert.equal(within({ x: 1e9, y: 0, scale: CLOSEST }, 800, 400).x, 800 - 800 / CLOSEST);
});

test("a target is found again by its name, if there is such a one", () => {
  const layers = [4, 3, 2];
  for (const name of ["neuron-1-4", "neuron-3-2", "connection-2-3-4", "connection-3-2-3"]) assert.equal(nameOf(targetNamed(name, layers)), name);
  for (const name of ["", "neuron-0-1", "neuron-4-1", "neuron-2-4", "neuron-2-0", "neuron-2", "neuron-2-1-1", "connection-1-1-1", "connection-2-1", "connection-3-2-4", "neuron-2-1x"])
    assert.equal(targetNamed(name, layers), null, name);
});

test("a neuron concerns the layers on both sides of it, a connection its two neurons", () => {
  const all = [[1, 1], [1, 2], [2, 1], [2, 2], [3, 1], [4, 1]];
  const of = (/** @type {string} */ name) => all.filter(([layer, j]) => concerns(/** @type {any} */ (targetNamed(name, [2, 2, 1, 1])), layer, j)).map((one) => one.join("-"));
  assert.deepEqual(of("neuron-2-2"), ["1-1", "1-2", "2-2", "3-1"]);
  assert.deepEqual(of("connection-2-2-1"), ["1-1", "2-2"]);
});
