import assert from "node:assert/strict";
import { test } from "node:test";

import { refusalOf } from "../../static/js/server/api.js";
import { boundaries } from "../../static/js/data/maps.js";
import { contour } from "../../static/js/data/plane.js";
import { walk } from "../../static/js/picture/pointing.js";
import { trouble } from "../../static/js/page/problem.js";
import { Store } from "../../static/js/store.js";
import { pace } from "../../static/js/run/transport.js";
import { text } from "../../static/js/words/words.js";
import { seen, topology } from "./made.js";

test("any number of frames between two screens are drawn once, the newest", () => {
  /** @type {(() => void)[]} */
  const screens = [];
  const store = new Store((callback) => screens.push(callback));
  /** @type {number[]} */
  const drawn = [];
  store.onDraw(({ frame }) => drawn.push(frame.cursor.step));
  store.setTopology(/** @type {any} */ (topology));
  for (const step of [1, 2, 3]) store.setFrame(seen({ step, phase: "update", layer: null }).frame);
  assert.equal(screens.length, 1);
  screens[0]();
  assert.deepEqual(drawn, [3]);
});

test("what is played follows unit and speed", () => {
  assert.deepEqual(pace("phase", "1"), { unit: "phase", per_second: 1.3333 });
  assert.deepEqual(pace("step", "4"), { unit: "step", per_second: 20 });
  assert.deepEqual(pace("step", "max"), { unit: "step", per_second: 0 });
  assert.deepEqual(pace("epoch", "0.25"), { unit: "step", per_second: 0 });
});

test("a refusal is the server's own sentence", () => {
  const refusal = refusalOf(409, { title: "Conflict", detail: "The session stands at the start.", errors: [] });
  assert.equal(refusal.message, "The session stands at the start.");
  assert.equal(refusalOf(502, "<html>").message, "The server answered 502.");
});

test("the contour of a plane is a straight line through its zeros", () => {
  const field = Array.from({ length: 5 }, (_, row) => Array.from({ length: 5 }, (_, column) => column + row - 4.5));
  const pieces = contour(field);
  assert.ok(pieces.length > 3);
  for (const [x0, y0, x1, y1] of pieces) for (const sum of [x0 + y0, x1 + y1]) assert.ok(Math.abs(sum - 4.5) < 1e-9);
});

test("decisions change where two outputs are level, or one output is at a half", () => {
  const two = boundaries([[[0.9, 0.1]], [[0.2, 0.6]]], false);
  assert.ok(two.lines[0][0][0] > 0 && two.lines[0][0][1] < 0);
  const one = boundaries([[[0.4, 0.7]]], false);
  assert.ok(one.lines[0][0][0] < 0 && one.lines[0][0][1] > 0);
  assert.equal(boundaries([[[1, 0]], [[0, 1]], [[0, 0]]], false).lines.length, 3);
});

test("the arrow keys walk from neuron to connection to neuron", () => {
  const layers = [2, 3, 1];
  const places = [2, 3].flatMap((layer) =>
    Array.from({ length: layers[layer - 1] }, (_, j) => Array.from({ length: layers[layer - 2] }, (_, k) => ({ layer, j: j + 1, k: k + 1 }))).flat());
  const go = (/** @type {any} */ target, /** @type {string} */ key) => walk(target, key, layers, places);
  const neuron = { kind: "neuron", layer: 2, j: 3 };
  assert.deepEqual(go(neuron, "ArrowDown"), { kind: "neuron", layer: 2, j: 1 });
  const connection = go(neuron, "ArrowLeft");
  assert.deepEqual(connection, { kind: "connection", layer: 2, j: 3, k: 1 });
  assert.deepEqual(go(connection, "ArrowDown"), { kind: "connection", layer: 2, j: 3, k: 2 });
  assert.deepEqual(go(connection, "ArrowLeft"), { kind: "neuron", layer: 1, j: 1 });
  assert.deepEqual(go(connection, "ArrowRight"), { kind: "neuron", layer: 2, j: 3 });
  assert.equal(go({ kind: "neuron", layer: 1, j: 1 }, "ArrowLeft"), null);
});

test("numbers that left the computer's range are named with step, layer and learning rate", () => {
  const view = seen({ step: 11, phase: "feedforward", layer: 3 }, { finite: false, not_finite: { step: 11, layer: 3, what: "z" } });
  assert.equal(
    text(trouble(view)),
    "At step 11, in layer 3, a weighted input grew past the largest number a computer holds. With learning rate 1.00 the steps overshot. Every earlier step can still be seen.",
  );
});
