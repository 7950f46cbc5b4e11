import assert from "node:assert/strict";
import { test } from "node:test";

import { decades, powersOfTen } from "../../static/js/curves.js";

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
