import assert from "node:assert/strict";
import { test } from "node:test";

import { connectionCard } from "../../static/js/cards/connection.js";
import { meanCard } from "../../static/js/cards/mean.js";
import { neuronCard } from "../../static/js/cards/neuron.js";
import { sentence } from "../../static/js/cards/check.js";
import { Reading } from "../../static/js/cards/reading.js";
import { notation } from "../../static/js/words/notation.js";
import { mean, rowsOf, sum, v, d } from "../../static/js/words/terms.js";
import { rule } from "../../static/js/words/update.js";
import { symbol, text } from "../../static/js/words/words.js";
import { numbers, seen, topology } from "./made.js";

/** @param {any} phase @param {number | null} [layer] @param {object} [changes] @param {object} [other] @param {Map<number, any>} [exact] */
const reading = (phase, layer = null, changes = {}, other = {}, exact = new Map()) => new Reading(seen({ step: 1, phase, layer }, changes, other), exact);

/** @param {import("../../static/js/cards/card.js").Card} card @param {string} id */
const line = (card, id) => {
  const found = card.sections.flatMap(({ lines }) => lines).find((one) => one.id === id);
  assert.ok(found, id);
  return found;
};

const connection = { kind: /** @type {const} */ ("connection"), layer: 3, j: 2, k: 1 };
const neuron = { kind: /** @type {const} */ ("neuron"), layer: 2, j: 1 };
const near = (/** @type {number | null} */ x, /** @type {number} */ y) => assert.ok(x !== null && Math.abs(x - y) < 1e-6 * (1 + Math.abs(y)), `${x} is not ${y}`);

test("a connection's three numbers are products of its own w, a and delta", () => {
  const card = connectionCard(reading("update"), connection);
  const [w, delta, a] = [numbers.w3[1][0], numbers.delta3[1], numbers.a2[0]];
  near(line(card, "sent").value.value, w * delta);
  near(line(card, "charged").value.value, a * delta);
  near(line(card, "ledger").value.value, a * w * delta);
  assert.equal(text(line(card, "sent").symbols ?? []), "w321δ32");
  assert.match(text(line(card, "sent").terms ?? []), /^−1\.00000 × \(\+0\.\d+\)$/);
});

test("what is not reached has no number and says which phase makes it known", () => {
  const card = connectionCard(reading("gate", 2), connection);
  assert.equal(line(card, "charged").value.value, null);
  assert.equal(line(card, "charged").why, "not reached in this step yet: known after gradient 3");
  assert.equal(line(card, "sent").why, "");
  assert.equal(line(connectionCard(reading("cost"), connection), "sent").why, "not reached in this step yet: known after send back 2");
});

test("the server's float64 stands before the frame's float32, digit by digit", () => {
  const exact = new Map([[3, { w: [[0, 0], [-0.1234567890123, 0]], sent: [[0, 0], [0.1, 0]] }]]);
  const card = connectionCard(reading("update", null, {}, {}, exact), connection);
  assert.equal(line(card, "sent").value.value, 0.1);
  assert.ok(text(line(card, "sent").terms ?? []).startsWith("−0.123457 × "));
});

test("a number edited since the step is the frame's, not the trace's", () => {
  const exact = new Map([[3, { w_after: [[9, 9], [9, 9]], w: [[1, -0.5], [-1, 1.5]] }]]);
  const shown = Number(line(connectionCard(reading("update", null, {}, {}, exact), connection), "w").value.value);
  near(shown, numbers.w3[1][0] - numbers.a2[0] * numbers.delta3[1]);
  assert.equal(line(connectionCard(reading("update", null, {}, {}, exact), connection), "w").note, "in force now; this step used −1.00000");
  assert.equal(line(connectionCard(reading("gate", 2), connection), "w").note, "");
});

test("the update is written out with the rate and the mean charge", () => {
  const update = line(connectionCard(reading("update"), connection), "update");
  assert.equal(text(update.symbols ?? []), "w321 − η∂C/∂w321");
  assert.match(text(update.terms ?? []), /^−1\.00000 − 1\.00000 × \(\+0\.0\d+\)$/);
  assert.equal(update.note, "");
});

test("a rule that the numbers don't bear out is not claimed: another optimizer, or settings changed since", () => {
  const of = { of: symbol("w"), slope: symbol("∂C/∂w"), before: 1, gradient: 0.5, after: 0.75, exact: true, isWeight: true };
  const by = (/** @type {object} */ optimizer, /** @type {object} */ regularization = { name: "none" }) =>
    rule(of, /** @type {any} */ ({ ...topology, config: { optimizer, regularization }, data: { n_train: 10 } }));
  assert.equal(text(by({ name: "sgd", learning_rate: 0.5 }).symbols), "w − η∂C/∂w");
  assert.equal(text(by({ name: "sgd", learning_rate: 0.1 }).symbols), "w + Δw");
  assert.equal(by({ name: "adam", learning_rate: 0.5 }).by, "adam");
  const withPenalty = rule({ ...of, after: 1 - 0.5 * (0.5 + 0.2) }, /** @type {any} */ ({ config: { optimizer: { name: "sgd", learning_rate: 0.5 }, regularization: { name: "l2", lambda: 2 } }, data: { n_train: 10 } }));
  assert.equal(text(withPenalty.symbols), "w − η(∂C/∂w + λ/n · w)");
});

test("a neuron adds up what it hears and what it is sent, term by term", () => {
  const card = neuronCard(reading("update"), neuron);
  const z = line(card, "z");
  assert.equal(text(z.terms ?? []), "0.500000 × 1.00000 + (−1.00000) × 0.500000 + 0");
  near(z.value.value, numbers.z2[0]);
  const received = line(card, "received");
  assert.match(text(received.terms ?? []), /^1\.00000 × \(−0\.\d+\) \+ \(−1\.00000\) × \(\+0\.\d+\)$/);
  near(received.value.value, numbers.received2[0]);
  near(line(card, "delta").value.value, numbers.delta2[0]);
  assert.equal(text(line(card, "delta").symbols ?? []), "∂C/∂a21 × σ′(z21)");
});

test("the weight's indices stand as the reader writes matrices", () => {
  const symbols = () => {
    const learnt = reading("update");
    return [connectionCard(learnt, connection).title, line(connectionCard(learnt, connection), "sent").symbols, line(neuronCard(learnt, neuron), "received").symbols, line(neuronCard(learnt, neuron), "z").symbols]
      .map((parts) => text(parts ?? []));
  };
  const columns = ["Connection w321", "w321δ32", "∑jw3j1δ3j", "∑kw21ka1k + b21"];
  assert.deepEqual(symbols(), columns);
  notation.choose("rows");
  assert.deepEqual(symbols(), ["Connection w312", "w312δ32", "∑jw31jδ3j", "∑kw2k1a1k + b21"]);
  notation.choose("columns");
  assert.deepEqual(symbols(), columns);
});

test("an output has the cost's own slope, and its target", () => {
  const output = { ...neuron, layer: 3, j: 2 };
  const quadratic = neuronCard(reading("update"), output);
  assert.equal(text(line(quadratic, "received").symbols ?? []), "a32 − y2");
  near(line(quadratic, "received").value.value, numbers.a3[1]);
  assert.equal(line(quadratic, "y").value.value, 0);
  const entropy = neuronCard(reading("update", null, {}, { cost: "cross_entropy" }), output);
  assert.equal(text(line(entropy, "delta").symbols ?? []), "a32 − y2");
  const softmax = neuronCard(reading("update", null, {}, { activations: ["sigmoid", "softmax"] }), output);
  assert.equal(text(line(softmax, "delta").symbols ?? []), "a32(∂C/∂a32 − ∑ia3i∂C/∂a3i)");
  assert.equal(softmax.sections.flatMap(({ lines }) => lines).some(({ id }) => id === "sigma_prime"), false);
});

test("an input has its value, and what it would be sent", () => {
  const card = neuronCard(reading("update"), { kind: "neuron", layer: 1, j: 2 });
  assert.equal(line(card, "a").value.value, 0.5);
  near(line(card, "received").value.value, -1 * numbers.delta2[0] + 0.5 * numbers.delta2[1]);
});

test("of many terms the largest are written out, and the others are added up", () => {
  const all = Array.from({ length: 30 }, (_, i) => ({ name: String(i + 1), cells: [v(1), d((i % 2 ? -1 : 1) * i)] }));
  const { rows, others, rest } = rowsOf(all);
  assert.deepEqual(rows.map(({ name }) => name), ["30", "29", "28", "27", "26", "25"]);
  assert.equal(others, 24);
  assert.equal(rest?.value, all.slice(0, 24).reduce((so, { cells }) => so + Number(cells[1].value), 0));
  assert.equal(rowsOf(all.slice(0, 8)).rest, null);
});

test("sums have brackets where two signs would meet, means say over how many", () => {
  assert.equal(text(sum([[v(0.41), v(-0.82)], [v(-1.3), v(0.07)]])), "0.410000 × (−0.820000) + (−1.30000) × 0.0700000");
  assert.equal(text(mean([d(0.12), d(-0.05)], 2)), "(+0.120000 + (−0.0500000)) / 2");
  assert.match(text(mean([d(1), d(1), d(1), d(1)], 10)), /\+ …\) \/ 10$/);
});

test("the mini-batch's side has each example's term and names what is averaged", () => {
  const given = /** @type {any} */ ({
    what: "connection", of: 2, listed: 2, mean: { a: 0.6, delta: -0.1, sent: 0.1, charged: 0.05 },
    examples: [{ position: 0, index: 4, a: 0.7, delta: 0.3, sent: -0.3, charged: 0.21 }, { position: 1, index: 2, a: 0.5, delta: -0.5, sent: 0.5, charged: -0.25 }],
  });
  const card = meanCard(reading("update"), connection, given);
  assert.equal(card.sections[0].title, "means over its 2 examples");
  const charged = line(card, "charged");
  assert.equal(charged.value.value, 0.05);
  assert.deepEqual(charged.table?.rows.rows.map(({ name, cells }) => [name, ...cells.map(({ value }) => value)]), [["1", 0.7, 0.3, 0.21], ["2", 0.5, -0.5, -0.25]]);
  assert.match(line(card, "delta").note ?? "", /Mean a × mean δ would be −0\.0600000/);
  assert.equal(line(meanCard(reading("gate", 2), connection, given), "charged").value.value, null);
  assert.notEqual(meanCard(reading("update"), connection, null).note, "");
});

test("a check says both numbers, how far apart they are, and why where they differ", () => {
  const agreed = { analytic: -0.0205844, measured: -0.02058441, error: 3.2475e-12, agrees: true, message: null };
  assert.equal(sentence(agreed, 1e-5, "weight"), "✓ nudged by ±10⁻⁵: ΔC/Δw = −0.0205844; the trace has −0.0205844 (3.25·10⁻¹² apart).");
  const differs = sentence({ ...agreed, analytic: 0.1, error: 0.12, agrees: false, message: "random is not the derivative." }, 1e-5, "activation");
  assert.match(differs, /^✗ nudged .*ΔC\/Δa.* random is not the derivative\.$/);
  assert.equal(sentence({ analytic: 0, measured: null, error: null, agrees: null, message: "The nudge crosses a kink." }, 1e-5, "bias"), "The nudge crosses a kink.");
});
