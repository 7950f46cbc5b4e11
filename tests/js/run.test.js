import assert from "node:assert/strict";
import { test } from "node:test";

import { Epochs } from "../../static/js/run/epochs.js";
import { beyond, future, inChart, known, takingBack, warning } from "../../static/js/run/future.js";
import { among, begins, keep, read, without } from "../../static/js/run/ghosts.js";
import { facts, names, told } from "../../static/js/run/naming.js";
import { placeInRun, stepOfKey } from "../../static/js/run/playhead.js";
import { tell } from "../../static/js/run/readout.js";
import { Scrub } from "../../static/js/run/scrub.js";
import { seen } from "./made.js";

/** @param {number} step @param {any} [phase] @param {number | null} [layer] */
const at = (step, phase = "update", layer = null) => ({ step, phase, layer });

// -- what lies beyond the cursor

test("what a change would cut off is what was made beyond the step on view", () => {
  assert.deepEqual(future(seen(at(13), { last_step: 40 })), { from: 14, to: 40, count: 27 });
  assert.deepEqual(future(seen(at(39, "gate", 2), { last_step: 40 })), { from: 40, to: 40, count: 1 });
  assert.equal(future(seen(at(40, "gate", 2), { last_step: 40 })), null);
  assert.equal(future(null), null);
});

test("it is said what is cut off, and that playing only goes through it again", () => {
  assert.equal(warning({ from: 14, to: 40, count: 27 }), "A change here cuts off steps 14 to 40; undo brings them back.");
  assert.equal(warning({ from: 1440, to: 1440, count: 1 }), "A change here cuts off step 1,440; undo brings it back.");
  assert.match(known({ from: 14, to: 40, count: 27 }), /^Steps 14 to 40 were made already\. Playing goes through them again/);
});

test("taking a change back cuts off what was made since, wherever the cursor stands", () => {
  const cut = beyond(seen(at(13), { last_step: 40 }), 30);
  assert.deepEqual(cut, { from: 31, to: 40, count: 10 });
  assert.equal(takingBack(/** @type {any} */ (cut), false), "Taking it back cuts off steps 31 to 40; redo brings them back.");
  assert.equal(takingBack({ from: 31, to: 31, count: 1 }, true), "Doing it again cuts off step 31; undo brings it back.");
  assert.equal(beyond(seen(at(13), { last_step: 40 }), 40), null);
});

test("in the chart there are as many words as there is room for", () => {
  const ahead = { from: 14, to: 1440, count: 1427 };
  assert.deepEqual([inChart(ahead, false, true), inChart(ahead, true, true)], ["14 to 1,440: known", "cuts off 14 to 1,440"]);
  assert.deepEqual([inChart(ahead, false, false), inChart(ahead, true, false)], ["known", "cuts off"]);
});

// -- the slider

test("the keys of the slider lead to steps, and stay within the run", () => {
  const frame = { cursor: at(13), lastStep: 40, epochSteps: 20 };
  const lead = (/** @type {string} */ key, change = {}) => stepOfKey(key, { ...frame, ...change });
  assert.deepEqual(["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "PageUp", "PageDown", "Home", "End"].map((key) => lead(key)), [14, 14, 12, 12, 33, 0, 0, 40]);
  assert.equal(lead("PageUp", { epochSteps: 1 }), 23);
  assert.equal(lead("ArrowRight", { cursor: at(40) }), 40);
  assert.equal(lead("a"), null);
});

test("in mid-step, forward ends the step and back leads to where it began", () => {
  const frame = { cursor: at(13, "gate", 2), lastStep: 40, epochSteps: 20 };
  assert.deepEqual(["ArrowRight", "ArrowLeft"].map((key) => stepOfKey(key, frame)), [13, 12]);
});

test("in mid-step the playhead stands between two steps", () => {
  assert.equal(placeInRun(seen(at(13))), 13);
  assert.equal(placeInRun(seen(at(0, "start"))), 0);
  const mid = placeInRun(seen(at(13, "cost")));
  assert.ok(mid > 12 && mid < 13);
});

test("while a call is under way only the newest wish waits", async () => {
  /** @type {number[]} */
  const gone = [];
  /** @type {((called: boolean) => void)[]} */
  const answers = [];
  const scrub = new Scrub((step) => {
    gone.push(step);
    return new Promise((resolve) => answers.push(resolve));
  });
  const done = scrub.to(1);
  for (const step of [2, 3, 4]) scrub.to(step);
  assert.deepEqual(gone, [1]);
  answers[0](true);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(gone, [1, 4]);
  // A call that did not go out is tried again.
  answers[1](false);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(gone, [1, 4, 4]);
  assert.equal(scrub.busy, true);
  answers[2](true);
  await done;
  assert.equal(scrub.busy, false);
});

// -- epochs

const EVEN = [{ after: 0, epochs: 0, offset: 0, batch_size: 8, n_train: 40 }];

test("epochs end where the last mini-batch does, and a new batch size goes on from the next example", () => {
  const even = new Epochs(EVEN);
  assert.deepEqual([0, 1, 5, 6, 10, 11].map((step) => even.of(step)), [0, 1, 1, 2, 2, 3]);
  const short = new Epochs([{ after: 0, epochs: 0, offset: 0, batch_size: 8, n_train: 50 }, { after: 3, epochs: 0, offset: 24, batch_size: 20, n_train: 50 }]);
  assert.deepEqual([3, 4, 5, 6, 8, 9].map((step) => short.of(step)), [1, 1, 1, 2, 2, 3]);
  assert.deepEqual([1, 2, 3].map((epoch) => short.end(epoch)), [5, 8, 11]);
  for (const epoch of [1, 2, 3, 4]) assert.deepEqual([short.of(short.end(epoch)), short.of(short.end(epoch) + 1)], [epoch, epoch + 1]);
});

test("an example that was added makes the next epoch longer", () => {
  const epochs = new Epochs([...EVEN, { after: 5, epochs: 1, offset: 0, batch_size: 8, n_train: 41 }]);
  assert.deepEqual([5, 6, 11, 12].map((step) => epochs.of(step)), [1, 2, 2, 3]);
  assert.deepEqual([1, 2, 3].map((epoch) => epochs.end(epoch)), [5, 11, 17]);
});

test("ends of epochs are all told where they are few, else round numbers of them", () => {
  const epochs = new Epochs(EVEN);
  assert.deepEqual(epochs.ends(12, 25), { every: 1, steps: [5, 10] });
  assert.deepEqual(epochs.ends(10, 25).steps, [5, 10]);
  assert.deepEqual(epochs.ends(0, 25).steps, []);
  const { every, steps } = epochs.ends(5000, 25);
  assert.equal(every, 50);
  assert.deepEqual(steps.slice(0, 2), [250, 500]);
  assert.ok(steps.length <= 25);
});

// -- the numbers below the curves

test("the numbers of a step are told with its epoch, and with what was changed after it", () => {
  const points = { steps: [0, 8], cost: { train: [0.25, 0.125], test: [0.3, null] }, accuracy: { train: [0.5, 0.9], test: [0.4, 0.8] } };
  const actions = [{ after: 8, settings: [{ name: "learning_rate", before: 1, after: 1.5 }], weights: 0, biases: 0, examples: 0 }];
  const run = { points, measure: /** @type {const} */ ("cost"), epochs: new Epochs(EVEN), tested: true, actions };
  assert.deepEqual(tell(0, run), { where: "start", train: "0.250", test: "0.300", spoken: "start, cost 0.250, test 0.300" });
  assert.equal(tell(8, run).where, "step 8 · epoch 2 · learning rate 1 → 1.5");
  assert.equal(tell(8, run).test, "not finite");
  assert.equal(tell(9, run).where, "step 9 · epoch 2 · numbers of step 8");
  assert.deepEqual([tell(8, { ...run, measure: "accuracy" }).train, tell(8, { ...run, tested: false }).test], ["90.0\u00a0%", null]);
});

// -- names

const config = {
  layers: [2, 4, 2], activations: ["tanh", "sigmoid"], cost: "quadratic", initializer: "xavier", seed: 4, batch_size: 10, shuffle: true, train_biases: true,
  optimizer: { name: "sgd", learning_rate: 1 }, regularization: { name: "none", lambda: 0 }, feedback: { name: "transpose" },
};

test("runs are named by what they differ in", () => {
  const other = facts({ ...config, optimizer: { name: "sgd", learning_rate: 0.5 } }, []);
  assert.deepEqual(names([facts(config, []), other]), ["learning rate 1", "learning rate 0.5"]);
  assert.deepEqual(names([facts(config, []), facts({ ...config, feedback: { name: "fresh_random" } }, [])])[1], "sent back by fresh random");
  assert.deepEqual(names([facts(config, []), facts({ ...config, layers: [2, 8, 2], seed: 5 }, [])])[1], "layers 2, 8, 2 · seed 5");
});

test("runs that differ in nothing are named by their layers, those that differ in much by the first of it", () => {
  assert.deepEqual(names([facts(config, []), facts(config, [])]), ["layers 2, 4, 2", "layers 2, 4, 2"]);
  const other = { ...config, optimizer: { name: "adam", learning_rate: 0.01 }, seed: 5, batch_size: 32 };
  assert.equal(names([facts(config, []), facts(other, [])])[1], "learning rate 0.01 · optimizer adam · 2 more");
});

test("a setting that was changed on the way is named with both values", () => {
  const actions = [{ after: 13, settings: [{ name: "learning_rate", before: 1, after: 1.5 }], weights: 0, biases: 0, examples: 0 }];
  const changed = facts({ ...config, optimizer: { name: "sgd", learning_rate: 1.5 } }, actions);
  assert.equal(names([facts(config, []), changed])[1], "learning rate 1, then 1.5 from step 14 on");
  assert.equal(names([facts(config, []), facts(config, [{ ...actions[0], after: 0 }])])[1], "learning rate 1.5");
  // Wherever the cursor stands, the run is the same one.
  assert.deepEqual(facts(config, actions), changed);
});

test("an action is told by what it did", () => {
  const settings = [{ name: "optimizer", before: "sgd", after: "momentum" }, { name: "momentum", before: null, after: 0.9 }];
  assert.equal(told({ after: 3, settings, weights: 2, biases: 1, examples: 1 }), "optimizer sgd → momentum, momentum none → 0.9, 2 weights edited, 1 bias edited, 1 example added");
});

// -- kept runs

/** @param {string} id @param {object} [changes] @returns {import("../../static/js/run/ghosts.js").Ghost} */
const ghost = (id, changes = {}) => ({
  id, session: "abc", data: "circle 400 100 0.1", cost: "quadratic", facts: [["seed", id]], last: 8,
  points: { steps: [0, 8], cost: { train: [0.25, 0.125], test: [0.3, null] }, accuracy: { train: [0.5, 0.9], test: [0.4, 0.8] } }, ...changes,
});

test("what was kept is read back as it was", () => {
  const kept = [ghost("1"), ghost("2", { session: null })];
  assert.deepEqual(read(JSON.stringify(kept)), kept);
});

test("what is no kept run is left out when it is read", () => {
  const { points } = ghost("1");
  const wrong = [
    null, 3, {}, ghost("1", { id: 7 }), ghost("1", { session: "../x" }), ghost("1", { last: -1 }), ghost("1", { facts: [["seed"]] }), ghost("1", { points: null }),
    ghost("1", { points: { ...points, steps: [8, 0] } }), ghost("1", { points: { ...points, cost: { train: ["1", 2], test: [1, 2] } } }),
    ghost("1", { points: { ...points, accuracy: { train: [1], test: [1, 2] } } }), ghost("1", { points: { ...points, steps: [] } }),
  ];
  assert.deepEqual(read(JSON.stringify([...wrong, ghost("9")])), [ghost("9")]);
  for (const text of [null, "", "{", "3", "{}", "[".repeat(100)]) assert.deepEqual(read(text), []);
});

test("four runs are kept of one data set, and a fifth is not taken", () => {
  /** @type {any[] | null} */
  let all = [];
  for (const id of ["1", "2", "3", "4"]) all = keep(/** @type {any[]} */ (all), ghost(id));
  assert.equal(all?.length, 4);
  assert.equal(keep(/** @type {any[]} */ (all), ghost("5")), null);
  const elsewhere = keep(/** @type {any[]} */ (all), ghost("6", { data: "xor 4 0 " }));
  assert.deepEqual(among(/** @type {any[]} */ (elsewhere), "xor 4 0 ").map(({ id }) => id), ["6"]);
  assert.deepEqual(without(/** @type {any[]} */ (all), "2").map(({ id }) => id), ["1", "3", "4"]);
});

test("a run that only goes on replaces what was kept of it before", () => {
  const longer = ghost("1", { last: 16, points: { steps: [0, 8, 16], cost: { train: [0.25, 0.125, 0.1], test: [1, 1, 1] }, accuracy: { train: [0, 0, 0], test: [0, 0, 0] } } });
  assert.equal(begins(ghost("1"), longer), true);
  assert.equal(begins(longer, ghost("1")), false);
  assert.equal(begins(ghost("2"), longer), false);
  assert.deepEqual(keep([ghost("1")], longer), [longer]);
});

test("the oldest runs of other data make room when there are many", () => {
  /** @type {any[]} */
  let all = [];
  for (let data = 0; data < 5; data++) for (let i = 0; i < 3; i++) all = keep(all, ghost(`${data}-${i}`, { data: `set ${data}` })) ?? [];
  assert.equal(all.length, 12);
  assert.equal(all[0].id, "1-0");
  assert.equal(read(JSON.stringify(all)).length, 12);
});
