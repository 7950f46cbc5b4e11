import assert from "node:assert/strict";
import { test } from "node:test";

import { step } from "../../static/js/data/chooser.js";
import { answer, className, countOf, dependsOn, listed, query, rows, spoken, summary, wanted } from "../../static/js/data/examples.js";
import { seen, topology } from "./made.js";

const classes = /** @type {any} */ ({ ...topology, data: { ...topology.data, kind: "classification", classes: ["inside", "outside"] } });
const page = /** @type {any} */ ({
  part: "all", total: 500, examined: 500, wrong: 1, step: 120, index: [17, 3], train: [true, false], inputs: [[0.5, -1], [0.123456, 1]],
  targets: [[1, 0], [0, 1]], labels: [0, 1], predicted: [1, 1], right: [false, true], cost: [0.41, null], added_after: [12, null],
});

test("columns become examples, each with what the network says of it", () => {
  const [one, other] = rows(page, null);
  assert.deepEqual([one.index, one.label, one.predicted, one.right, one.cost, one.addedAfter], [17, 0, 1, false, 0.41, 12]);
  assert.deepEqual([wanted(one, classes), answer(one, classes)], ["inside", "outside"]);
  assert.equal(spoken(one, classes, true), "example 17: inside; the network answers outside, wrong; cost 0.410; x = (0.500, −1); added after step 12; on view");
  assert.equal(spoken(other, classes, false), "example 3: outside; the network answers outside, right; cost not finite; x = (0.123, 1); test");
});

test("for regression the target and the network's own number are told, and nothing is wrong", () => {
  const [one] = rows({ ...page, labels: [null, null], predicted: [null, null], right: [null, null], targets: [[0.25], [1]] }, [[0.3], [0.9]]);
  assert.deepEqual([wanted(one, topology), answer(one, topology)], ["y = 0.250", "0.300"]);
  assert.match(spoken(one, topology, false), /^example 17: y = 0.250; the network answers 0.300; cost 0.410/);
});

test("the count of the wrong ones says of how many and of when", () => {
  assert.equal(summary({ ...page, wrong: 38 }), "38 of 500 are wrong at step 120.");
  assert.equal(summary(page), "1 of 500 is wrong at step 120.");
  assert.equal(summary({ ...page, wrong: 0 }), "All 500 are right at step 120.");
  assert.equal(summary({ ...page, total: 60000, examined: 10000, wrong: 7 }), "7 of the first 10,000 are wrong at step 120.");
  assert.equal(summary({ ...page, wrong: null }), "500 examples, with their costs at step 120.");
  assert.equal(summary({ ...page, total: 0, wrong: 0 }), "There are none.");
});

test("a list is out of date when the network or the examples are others, and a mini-batch with each step", () => {
  const at = (/** @type {number} */ number, phase = "update", changes = {}) => seen(/** @type {any} */ ({ step: number, phase, layer: null }), changes);
  assert.equal(dependsOn(at(4), "all"), dependsOn(at(5, "cost"), "all"));
  assert.notEqual(dependsOn(at(4), "batch"), dependsOn(at(5, "cost"), "batch"));
  assert.notEqual(dependsOn(at(4), "all"), dependsOn(at(5), "all"));
  assert.notEqual(dependsOn(at(4), "all"), dependsOn(at(4, "update", { cost: { train: 0.2, test: null, regularization: 0, of: 2 } }), "all"));
  assert.equal(dependsOn(at(4), "all"), dependsOn(at(4, "update", { revision: 99 }), "all"));
  const more = { ...at(4), topology: { ...topology, data: { ...topology.data, examples_tag: "3" } } };
  assert.notEqual(dependsOn(at(4), "all"), dependsOn(/** @type {any} */ (more), "all"));
});

test("classes without names are called as the picture calls their outputs", () => {
  const of = (/** @type {number[]} */ layers, /** @type {string[] | null} */ names) => /** @type {any} */ ({ ...topology, layers, data: { ...topology.data, classes: names } });
  assert.deepEqual([className(of([2, 3], null), 0), className(of([2, 1], null), 1), className(of([2, 2], ["no", "yes"]), 1)], ["output 1", "class 1", "yes"]);
});

test("each part knows how many it has", () => {
  const one = seen({ step: 1, phase: "update", layer: null });
  assert.deepEqual([countOf(one, "batch"), countOf(one, "all"), countOf(one, "test")], [2, 2, 0]);
});

test("long inputs are cut, one number needs no brackets", () => {
  assert.equal(listed([1, 2, 3, 4]), "(1, 2, 3, 4)");
  assert.equal(listed([1, 2, 3, 4, 5]), "(1, 2, 3, …)");
  assert.equal(listed([-0.25]), "−0.250");
});

test("pages are asked for by part, order and offset", () => {
  assert.equal(query("test", "misclassified", 60), "/examples?part=test&order=misclassified&offset=60&limit=60");
});

test("arrow keys walk the grid of examples, and leave it downward at its end only", () => {
  const walk = (/** @type {string} */ key, /** @type {number} */ at) => step(key, at, 10, 4); // rows of 4, 4 and 2
  assert.deepEqual([walk("ArrowRight", 3), walk("ArrowLeft", 4), walk("ArrowDown", 1), walk("ArrowUp", 5), walk("ArrowUp", 2)], [4, 3, 5, 1, 2]);
  assert.equal(walk("ArrowDown", 7), 9); // nothing below: the last one
  assert.equal(walk("ArrowDown", 9), 13); // beyond
  assert.deepEqual([walk("Home", 5), walk("End", 5), walk("Tab", 5), walk("x", 5)], [0, 9, null, null]);
});
