import assert from "node:assert/strict";
import { test } from "node:test";

import { Slices } from "../../static/js/picture/slices.js";
import { tint } from "../../static/js/picture/weights.js";

/** Work whose pieces take 2 ms each, and screens that come when they are called for. */
function made() {
  /** @type {number[]} */
  const done = [];
  /** @type {(() => void)[]} */
  const screens = [];
  let clock = 0;
  const slices = new Slices((piece) => {
    done.push(piece);
    clock += 2;
  }, (callback) => screens.push(callback), () => clock);
  return { done, slices, screen: () => screens.shift()?.(), waiting: () => screens.length };
}

test("a screen gets as much work as its time allows, and the next one the rest", () => {
  const { done, slices, screen, waiting } = made();
  slices.start(7);
  assert.deepEqual(done, []);
  screen();
  assert.deepEqual(done, [0, 1, 2]);
  screen();
  screen();
  assert.deepEqual(done, [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(slices.busy, false);
  assert.equal(waiting(), 0);
});

test("work that is not wanted any more ends, and begins anew where it was", () => {
  const { done, slices, screen, waiting } = made();
  slices.start(7);
  screen();
  slices.stop();
  screen();
  assert.deepEqual(done, [0, 1, 2]);
  assert.equal(waiting(), 0);
  slices.start(4);
  while (slices.busy) screen();
  assert.deepEqual(done, [0, 1, 2, 3, 0, 1, 2]);
});

test("work that is begun anew goes on where it was, and every piece is done", () => {
  const { done, slices, screen } = made();
  slices.start(5);
  screen();
  slices.start(5);
  while (slices.busy) screen();
  assert.deepEqual(done, [0, 1, 2, 3, 4, 0, 1, 2]);
  slices.start(2);
  while (slices.busy) screen();
  assert.deepEqual(done.slice(8), [0, 1]);
});

test("a weight is tinted by its sign and its size", () => {
  const pixels = new Uint8ClampedArray(16);
  tint(pixels, Float32Array.of(0.5, -1, 0, 9), 1, [1, 2, 3], [4, 5, 6]);
  assert.deepEqual([...pixels], [1, 2, 3, 117, 4, 5, 6, 235, 1, 2, 3, 0, 1, 2, 3, 235]);
});
