import assert from "node:assert/strict";
import { test } from "node:test";

import { direction, next, phasesOf, placeOf, reachedAt, sendingLayer, title } from "../../static/js/phases.js";

const names = (/** @type {number} */ n) => phasesOf(n).map(title);

test("the phases of a step stand in the book's order", () => {
  assert.deepEqual(names(4), [
    "feedforward 2", "feedforward 3", "feedforward 4", "cost", "output error 4", "send back 3", "gate 3", "send back 2", "gate 2",
    "gradient 4", "gradient 3", "gradient 2", "update",
  ]);
  assert.deepEqual(names(2), ["feedforward 2", "cost", "output error 2", "gradient 2", "update"]);
});

test("after the update, and after the start, comes the first phase of the next step", () => {
  const phases = phasesOf(3);
  assert.deepEqual(next(phases, { step: 0, phase: "start", layer: null }), { step: 1, phase: "feedforward", layer: 2 });
  assert.deepEqual(next(phases, { step: 7, phase: "update", layer: null }), { step: 8, phase: "feedforward", layer: 2 });
  assert.deepEqual(next(phases, { step: 7, phase: "send_back", layer: 2 }), { step: 7, phase: "gate", layer: 2 });
});

test("at the start only the example and the parameters are known", () => {
  const phases = phasesOf(4);
  const reached = reachedAt(phases, { step: 0, phase: "start", layer: null }, 4);
  assert.equal(placeOf(phases, { phase: "start", layer: null }), -1);
  assert.equal(reached("a", 1), true);
  for (const quantity of /** @type {const} */ (["a", "z", "cost", "received", "sigmaPrime", "delta", "sent", "charged", "after"]))
    assert.equal(reached(quantity, 2), false, quantity);
});

test("each number is known from its own phase on, and not before", () => {
  const phases = phasesOf(4);
  const first = (/** @type {import("../../static/js/phases.js").Quantity} */ quantity, /** @type {number} */ layer) =>
    title(/** @type {import("../../static/js/phases.js").Phase} */ (phases.find((phase) => reachedAt(phases, { step: 1, ...phase }, 4)(quantity, layer))));
  assert.equal(first("z", 3), "feedforward 3");
  assert.equal(first("cost", 4), "cost");
  assert.equal(first("received", 4), "output error 4");
  assert.equal(first("sigmaPrime", 4), "output error 4");
  assert.equal(first("delta", 4), "output error 4");
  assert.equal(first("received", 2), "send back 2");
  assert.equal(first("sigmaPrime", 2), "gate 2");
  assert.equal(first("delta", 3), "gate 3");
  assert.equal(first("sent", 4), "send back 3");
  assert.equal(first("sent", 2), "gate 2");
  assert.equal(first("charged", 3), "gradient 3");
  assert.equal(first("after", 2), "update");
});

test("what is known stays known to the end of the step", () => {
  const phases = phasesOf(3);
  for (const quantity of /** @type {const} */ (["a", "delta", "sent", "charged"])) {
    const known = phases.map((phase) => reachedAt(phases, { step: 1, ...phase }, 3)(quantity, 2));
    assert.deepEqual(known, [...known].sort((p, q) => Number(p) - Number(q)));
  }
});

test("blame comes from the layer above the one it is sent to", () => {
  assert.equal(sendingLayer({ phase: "send_back", layer: 2 }), 3);
  assert.equal(sendingLayer({ phase: "gate", layer: 2 }), null);
  assert.equal(direction({ phase: "output_error", layer: 4 }), "back");
  assert.equal(direction({ phase: "cost", layer: null }), "forward");
  assert.equal(direction({ phase: "update", layer: null }), "learn");
});
