import assert from "node:assert/strict";
import { test } from "node:test";

import { describe } from "../../static/js/words/sentence.js";
import { number, signed } from "../../static/js/words/format.js";
import { phasesOf } from "../../static/js/phases.js";
import { text } from "../../static/js/words/words.js";
import { numbers, seen } from "./made.js";

const at = (/** @type {any} */ phase, /** @type {number | null} */ layer = null, changes = {}) => {
  const { sentence, equation } = describe(seen({ step: 1, phase, layer }, changes));
  return { sentence: text(sentence), equation: text(equation) };
};

test("every phase has a sentence and an equation", () => {
  for (const { phase, layer } of phasesOf(3)) {
    const said = at(phase, layer);
    assert.match(said.sentence, /^[A-Z].*[.]$/, phase);
    assert.ok(said.equation.length > 5, phase);
    assert.doesNotMatch(said.sentence + said.equation, /NaN|undefined|null|not a number/, phase);
  }
});

test("the output error names the neuron that is furthest off", () => {
  const said = at("output_error", 3);
  assert.equal(said.sentence, `Neuron 2 of layer 3 is ${number(numbers.a3[1])} and should be 0: too high. Its delta is ${signed(numbers.delta3[1])}, the largest in size.`);
});

test("send back names the strongest connection, and its terms add up to what the server sums", () => {
  const said = at("send_back", 2);
  const strongest = numbers.w3[1][1] * numbers.delta3[1];
  assert.equal(said.sentence, `Neuron 2 of layer 3 sends ${signed(strongest)} back along its strongest connection, to neuron 2 of layer 2.`);
  assert.ok(said.equation.endsWith(`= ${signed(numbers.received2[1])}`));
  assert.ok(said.equation.includes(`1.50 · (${signed(numbers.delta3[1])})`));
});

test("the gate says how far it is open, and what passes", () => {
  const said = at("gate", 2);
  const k = Math.abs(numbers.received2[0]) > Math.abs(numbers.received2[1]) ? 0 : 1;
  assert.ok(said.sentence.includes(`Neuron ${k + 1} is sent ${signed(numbers.received2[k])}, the most in layer 2`));
  assert.ok(said.sentence.endsWith(`${signed(numbers.delta2[k])} passes.`));
});

test("the gradient is that of the connection with the largest charge", () => {
  const j = Math.abs(numbers.delta3[0]) > Math.abs(numbers.delta3[1]) ? 0 : 1;
  const k = numbers.a2[0] > numbers.a2[1] ? 0 : 1;
  const said = at("gradient", 3);
  assert.ok(said.sentence.startsWith(`The weight from neuron ${k + 1} of layer 2 to neuron ${j + 1} of layer 3 is charged ${signed(numbers.a2[k] * numbers.delta3[j])}`));
});

test("the update names the weight that changed most, before and after", () => {
  assert.match(at("update").sentence, /^Step 1 is done: no weight changed more .*, from −?[\d.]+ to −?[\d.]+\. The training cost is now 0\.300\.$/);
});

test("while whole steps are played the sentence is calm", () => {
  assert.equal(at("update", null, { playing: true }).sentence, "Training: step 1, in epoch 1.");
});

test("an image is named by what it is and what it was taken for", () => {
  const data = { name: "digits", title: "Digits", kind: "classification", n_train: 2, n_test: 0, classes: ["8", "1"], feature_names: null, image_shape: [1, 2], preprocessing: {} };
  const label = numbers.a3[0] > numbers.a3[1] ? 1 : 0;
  const view = seen({ step: 1, phase: "send_back", layer: 2 }, {}, { data });
  view.frame.example.label = label;
  const [right, taken] = label === 0 ? ["8", "1"] : ["1", "8"];
  assert.ok(text(describe(view).sentence).startsWith(`A handwritten ${right}, read as ${taken}. Output ${taken} (neuron `));
});

test("where no blame arrives, nothing is said to pass", () => {
  const view = seen({ step: 1, phase: "gate", layer: 2 });
  view.frame.layers[1].received = new Float32Array(2);
  assert.equal(text(describe(view).sentence), "Nothing was sent to layer 2, so nothing passes its gates.");
});

test("an output that is just right is neither too high nor too low", () => {
  const view = seen({ step: 1, phase: "output_error", layer: 3 });
  view.frame.layers[2].delta = new Float32Array(2);
  view.frame.layers[2].a = view.frame.example.y;
  assert.match(text(describe(view).sentence), /: just right\. Its delta is 0, the largest in size\.$/);
});

test("answers without classes are listed, and more than three are counted", () => {
  const view = seen({ step: 1, phase: "feedforward", layer: 3 });
  assert.match(text(describe(view).sentence), /^The network answers 0\.\d+ and 0\.\d+; the targets are 1 and 0\.$/);
  view.frame.layers[2].a = new Float32Array([1, 2, 3, 4, 5]);
  view.frame.example.y = new Float32Array([1, 2, 3, 4, 5]);
  assert.match(text(describe(view).sentence), /^The network answers 1\.00, 2\.00, 3\.00 and 2 more; the targets are 1, 2, 3 and 2 more\.$/);
});

test("where connections show the ledger its largest entry is said, with all three factors", () => {
  const { a2, w3, delta3 } = numbers;
  const entries = [0, 1].flatMap((j) => [0, 1].map((k) => ({ j, k, entry: a2[k] * w3[j][k] * delta3[j] })));
  const { j, k, entry } = entries.toSorted((one, other) => Math.abs(other.entry) - Math.abs(one.entry))[0];
  const { sentence, equation } = describe(seen({ step: 1, phase: "gradient", layer: 3 }), "ledger");
  assert.equal(text(sentence), `In the ledger the connection from neuron ${k + 1} of layer 2 to neuron ${j + 1} of layer 3 has ${signed(entry)}, the most of its layer.`);
  assert.ok(text(equation).endsWith(`= ${signed(entry)}`), text(equation));
  assert.deepEqual(describe(seen({ step: 1, phase: "cost", layer: null }), "ledger"), describe(seen({ step: 1, phase: "cost", layer: null })));
});

test("an example that charges nothing is not said to charge the most", () => {
  const view = seen({ step: 1, phase: "gradient", layer: 2 });
  view.frame.layers[1].delta = new Float32Array(2);
  assert.equal(text(describe(view).sentence), "This example charges nothing to the weights into layer 2.");
});

test("the cost at the start is that of the examples it is taken over", () => {
  const view = seen({ step: 0, phase: "start", layer: null });
  view.frame.cost = { train: 0.25, test: null, regularization: null, of: 1 };
  assert.match(text(describe(view).sentence), /Over 1 of them the cost is 0\.250\.$/);
});
