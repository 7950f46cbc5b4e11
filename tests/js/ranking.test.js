import assert from "node:assert/strict";
import { test } from "node:test";

import { competing, isOf, nthLargest, strongest } from "../../static/js/picture/ranking.js";
import { connection, shown } from "../../static/js/picture/quantities.js";
import { seen } from "./made.js";

const END = /** @type {const} */ ({ step: 1, phase: "update", layer: null });
const near = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within, `${a} and ${b}`);
const named = (/** @type {import("../../static/js/picture/connections.js").Place[]} */ places) => places.map(({ layer, j, k }) => `${layer}-${j}-${k}`);

/** Every connection of the small network with the size of what it shows, the largest first. @param {any} view @param {any} kind */
const sorted = (view, kind) =>
  [2, 3]
    .flatMap((layer) => [1, 2].flatMap((j) => [1, 2].map((k) => ({ layer, j, k, size: Math.abs(Number(shown(connection(view, layer, j - 1, k - 1), kind))) }))))
    .sort((p, q) => q.size - p.size);

test("the strongest connections of each kind are chosen", () => {
  const end = seen(END);
  for (const kind of /** @type {const} */ (["weight", "sent", "charged", "ledger"])) {
    const all = sorted(end, kind);
    const { chosen, least, of } = strongest(end, kind, 3, [2, 2, 2]);
    assert.deepEqual(named(chosen).sort(), named(all.slice(0, 3)).sort(), kind);
    near(least, all[2].size);
    assert.equal(of, 8);
  }
});

test("a connection that has no place in the picture is not chosen", () => {
  const places = strongest(seen(END), "sent", 100, [2, 1, 2]).chosen;
  assert.equal(places.length, 4);
  assert.ok(places.every(({ layer, j, k }) => (layer === 2 ? j === 1 : k === 1)));
});

test("of equals the first are chosen, after everything that is larger", () => {
  const end = seen(END);
  end.frame.layers[1].w = end.frame.layers[1].wAfter = Float32Array.of(0.5, 0.5, 0.5, 0.5);
  end.frame.layers[2].w = end.frame.layers[2].wAfter = Float32Array.of(0.1, 9, 0.1, 8);
  assert.deepEqual(named(strongest(end, "weight", 4, [2, 2, 2]).chosen), ["2-1-1", "2-1-2", "3-1-2", "3-2-2"]);
});

test("where something travels only that layer's connections compete", () => {
  const at = (/** @type {any} */ phase, /** @type {number | null} */ layer, /** @type {any} */ kind) => competing(seen({ step: 1, phase, layer }), kind, null);
  assert.deepEqual(at("feedforward", 2, "weight"), [2]);
  assert.deepEqual(at("send_back", 2, "sent"), [3]);
  assert.deepEqual(at("gate", 2, "sent"), [2, 3]);
  assert.deepEqual(at("gradient", 2, "charged"), [2]);
  assert.deepEqual(at("update", null, "sent"), [2, 3]);
  assert.deepEqual(at("cost", null, "weight"), [2, 3]);
  assert.deepEqual(at("cost", null, "sent"), []);
});

test("with a focus only its own connections are chosen", () => {
  const own = (/** @type {any} */ focus) => strongest(seen(END), "sent", 100, [2, 2, 2], focus);
  assert.deepEqual(named(own({ kind: "neuron", layer: 2, j: 2 }).chosen), ["2-2-1", "2-2-2", "3-1-2", "3-2-2"]);
  assert.equal(own({ kind: "neuron", layer: 2, j: 2 }).of, 4);
  assert.deepEqual(named(own({ kind: "neuron", layer: 1, j: 1 }).chosen), ["2-1-1", "2-2-1"]);
  assert.deepEqual(named(own({ kind: "neuron", layer: 3, j: 1 }).chosen), ["3-1-1", "3-1-2"]);
  assert.deepEqual(named(own({ kind: "connection", layer: 3, j: 2, k: 1 }).chosen), ["3-2-1"]);
  assert.ok(isOf({ kind: "neuron", layer: 2, j: 2 }, { layer: 3, j: 1, k: 2 }));
  assert.ok(!isOf({ kind: "neuron", layer: 2, j: 2 }, { layer: 3, j: 2, k: 1 }));
});

test("what is not finite does not compete", () => {
  const end = seen(END);
  /** @type {Float32Array} */ (end.frame.layers[2].delta)[0] = Infinity;
  assert.ok(strongest(end, "sent", 100, [2, 2, 2]).chosen.every(({ layer, j }) => layer === 2 || j === 2));
});

test("the n-th largest is found whatever the numbers", () => {
  let x = 7;
  const random = () => (x = (x * 16807) % 2147483647) / 2147483647;
  for (const spread of [0, 3, 30]) {
    const many = Float32Array.from({ length: 5000 }, () => random() * 10 ** (spread * (random() - 0.5)));
    const inOrder = [...many].sort((p, q) => q - p);
    for (const n of [1, 2, 300, 4999]) assert.equal(nthLargest(many, n), inOrder[n - 1]);
  }
  assert.equal(nthLargest(Float32Array.of(1, 2), 2), 0);
});
