import assert from "node:assert/strict";
import { test } from "node:test";

import { fitted } from "../../static/js/matrix/fitting.js";
import { Grid, needed, shrunk } from "../../static/js/matrix/geometry.js";
import { layerOf, modelOf, product, total } from "../../static/js/matrix/model.js";
import { saying } from "../../static/js/matrix/sayings.js";
import { State } from "../../static/js/matrix/state.js";
import { grandTotal, sumOf } from "../../static/js/matrix/sums.js";
import { text } from "../../static/js/words/words.js";
import { numbers, seen } from "./made.js";

const near = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within, `${a} and ${b}`);

test("transposed, every cell stands where its mirror image stood, and the diagonal has not moved", () => {
  for (const [m, n] of [[2, 3], [3, 2], [4, 4], [1, 5]]) {
    const grid = new Grid(m, n, 500, 500);
    const square = Math.min(m, n);
    for (let j = 1; j <= m; j++)
      for (let k = 1; k <= n; k++) {
        const [x, y] = grid.place(0, j, k);
        const [u, v] = grid.place(1, j, k);
        near(u - grid.left, y, 1e-9);
        near(v, x - grid.left, 1e-9);
        if (j === k && j <= square) for (const flip of [0.2, 0.5, 0.8]) assert.deepEqual(grid.place(flip, j, k).map((c) => c.toFixed(6)), [x, y].map((c) => c.toFixed(6)));
      }
  }
});

test("a row turns rigidly: its cells keep their distances at every moment", () => {
  const grid = new Grid(3, 4, 500, 500);
  const apart = (/** @type {number} */ flip, /** @type {number} */ j, /** @type {number} */ k, /** @type {number} */ other) => {
    const [[x, y], [u, v]] = [grid.place(flip, j, k), grid.place(flip, j, other)];
    return Math.hypot(x - u, y - v);
  };
  for (const flip of [0.1, 0.35, 0.6, 0.9]) for (let j = 1; j <= 3; j++) for (let k = 0; k < 4; k++) near(apart(flip, j, k, k + 1), apart(0, j, k, k + 1), 1e-9);
  assert.ok(grid.angle(0.3, 1) > grid.angle(0.3, 2), "rows start one after the other");
  near(shrunk(Math.PI / 4), 0.77);
});

test("twelve rows and columns are legible, thirty by sixty-four are a map", () => {
  assert.equal(new Grid(12, 12, 516, 516).written, true);
  assert.equal(new Grid(12, 12, 421, needed(12, 12).height).written, true, "beside a lesson on a low screen, too");
  assert.equal(new Grid(12, 12, 390 - 8, 600).written, true, "on a phone");
  const { width, height } = needed(12, 12);
  assert.equal(new Grid(12, 12, width, height).written, true, "no less than is needed");
  assert.equal(new Grid(12, 12, width - 2, height).written, false);
  assert.deepEqual(needed(13, 12), { width: 0, height: 0 });
  assert.equal(new Grid(30, 64, 516, 516).written, false);
});

test("numbers of crowded cells look alike: no zero before the point, two decimals, or the first digit that is not 0", () => {
  const crowded = (/** @type {number} */ x, plus = false) => fitted(x, plus, 20);
  assert.deepEqual([0.2716, -0.0981, 1.034, -0.0004, 0.0042, 12.34, 0.3].map((x) => crowded(x)), [".27", "−.10", "1.03", "≈ 0", ".004", "12", ".30"]);
  assert.deepEqual([0.0716, -0.5].map((x) => crowded(x, true)), ["+.07", "−.50"]);
  assert.deepEqual([0.0716, -2].map((x) => fitted(x, true, 60)), ["+0.0716", "−2"]);
  assert.deepEqual([2, 0, -3].map((x) => crowded(x)), ["2", "0", "−3"]);
  assert.deepEqual([fitted(NaN, false, 60), fitted(null, false, 60), fitted(-123456, false, 20)], ["", "", ""]);
});

const back = seen({ step: 1, phase: "send_back", layer: 2 });
const model = modelOf(back, 3);

test("the pair of layers is that between which the phase sends something", () => {
  assert.equal(layerOf(back), 3);
  assert.equal(layerOf(seen({ step: 1, phase: "feedforward", layer: 2 })), 2);
  assert.equal(layerOf(seen({ step: 1, phase: "output_error", layer: 3 })), 3);
  assert.equal(layerOf(seen({ step: 1, phase: "cost", layer: null })), null);
});

test("columns add up to what the server says was sent, rows to z without the bias, and the ledger to one total both ways", () => {
  for (let k = 0; k < 2; k++) near(total(2, (j) => product(model, "backward", j, k)), numbers.received2[k]);
  for (let j = 0; j < 2; j++) near(total(2, (k) => product(model, "forward", j, k)), numbers.z3[j]);
  const rows = total(2, (j) => numbers.delta3[j] * numbers.z3[j]);
  const columns = total(2, (k) => numbers.a2[k] * numbers.received2[k]);
  near(grandTotal(model), rows);
  near(grandTotal(model), columns);
});

test("a sum counts what has arrived, and is the server's own once all has", () => {
  const state = new State();
  state.resize(2, 2);
  state.partial = "all";
  assert.deepEqual(sumOf(model, state, "column", 0), { value: null, whole: model.received?.[0], partial: true });
  state.arrived[state.at(0, 0)] = 1;
  near(Number(sumOf(model, state, "column", 0).value), numbers.w3[0][0] * numbers.delta3[0]);
  state.arrived[state.at(1, 0)] = 1;
  assert.equal(sumOf(model, state, "column", 0).value, model.received?.[0]);
});

test("the reading decides the order of the cells", () => {
  const state = new State();
  state.resize(2, 3);
  assert.deepEqual(state.order().slice(0, 3), [[0, 0], [1, 0], [0, 1]]);
  state.how = "scatter";
  assert.deepEqual(state.order().slice(0, 3), [[0, 0], [0, 1], [0, 2]]);
  state.direction = "forward";
  assert.deepEqual(state.order().slice(0, 3), [[0, 0], [1, 0], [0, 1]]);
});

test("while blame flies, the panel knows how far each sender's has come", () => {
  const half = modelOf({ ...back, progress: 0.6 }, 3);
  assert.ok(Number(half.flying(0)) >= 1);
  assert.ok(Number(half.flying(1)) < 1);
  assert.equal(modelOf({ ...back, progress: 1 }, 3).flying(0), null);
  assert.equal(modelOf({ ...back, progress: 0.6 }, 2).flying(0), null);
});

test("what is said has the numbers of the line, and calls a turned row a column", () => {
  const state = new State();
  state.resize(2, 2);
  state.lit = { type: "column", k: 0 };
  assert.match(text(saying(model, state)), /^Neuron 1 gathers from its column 1: .+ = .+\.$/);
  state.flip = 1;
  assert.match(text(saying(model, state)), /from its row 1/);
  state.lit = { type: "row", j: 1 };
  assert.match(text(saying(model, state)), /Neuron 2 scatters its .+ back over its column 2/);
  state.lit = null;
  assert.match(text(saying(model, state)), /Only the writing turned; the network did not/);
  assert.match(text(saying(modelOf(seen({ step: 1, phase: "feedforward", layer: 2 }), 3), state)), /step on until layer 3 has its delta/);
});

test("written as X @ W, the stored matrix has a column where the book has a row, and indices the other way round", () => {
  const state = new State();
  state.resize(model.m, model.n);
  state.notation = "rows";
  state.flip = state.rest;
  assert.equal(state.transposed, false);
  assert.deepEqual(state.named(0, 1), [2, 1]);
  state.lit = { type: "row", j: 0 };
  assert.match(text(saying(model, state)), /over its column 1:/);
  state.lit = { type: "column", k: 1 };
  assert.match(text(saying(model, state)), /gathers from its row 2:/);
  state.lit = null;
  assert.match(text(saying(model, state)), /adds up its row/);
  state.flip = 0;
  assert.equal(state.transposed, true);
  assert.match(text(saying(model, state)), /stands as a column/);
});

test("with sums nothing is a row or a column", () => {
  const state = new State();
  state.resize(model.m, model.n);
  state.notation = "sums";
  for (const direction of /** @type {const} */ (["forward", "backward", "ledger"]))
    for (const lit of /** @type {(import("../../static/js/matrix/state.js").Lit | null)[]} */ ([null, { type: "row", j: 0 }, { type: "column", k: 0 }, { type: "cell", j: 0, k: 0 }])) {
      Object.assign(state, { direction, lit });
      assert.doesNotMatch(text(saying(model, state)), /row|column/, `${direction} ${lit?.type}`);
    }
});
