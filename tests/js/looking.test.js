import assert from "node:assert/strict";
import { test } from "node:test";

import { arrivals, awaits, flight, gate, stage, travelled, updated } from "../../static/js/picture/flights.js";
import { placeSeen, Store } from "../../static/js/store.js";
import { raw, seen, topology } from "./made.js";
import { Decoder } from "../../static/js/server/protocol.js";

/** @typedef {import("../../static/js/phases.js").Cursor} Cursor */

const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) <= 1e-9, `${a} and ${b}`);

/** @param {Cursor} cursor @param {number} progress */
const at = (cursor, progress) => ({ ...seen(cursor), progress });
const back = /** @type {Cursor} */ ({ step: 1, phase: "send_back", layer: 2 });

test("what travels follows from the phase alone", () => {
  assert.deepEqual(flight(seen(back)), { kind: "sent", layer: 3, senders: 2 });
  assert.deepEqual(flight(seen({ step: 1, phase: "gradient", layer: 2 })), { kind: "charged", layer: 2, senders: 1 });
  assert.deepEqual(flight(seen({ step: 1, phase: "feedforward", layer: 3 })), { kind: "signal", layer: 3, senders: 1 });
  assert.equal(flight(seen({ step: 1, phase: "gate", layer: 2 })), null);
  assert.equal(flight(seen({ step: 1, phase: "cost", layer: null })), null);
});

test("blame arrives sender by sender, and at the end nothing is under way", () => {
  const stages = (/** @type {number} */ progress) => [1, 2].map((j) => stage(at(back, progress), "sent", 3, j));
  assert.deepEqual(stages(0), ["coming", "coming"]);
  assert.deepEqual(stages(0.6), ["arrived", "coming"]);
  assert.deepEqual(stages(1), [null, null]);
  assert.equal(stage(at(back, 0.6), "sent", 2, 1), null);
  assert.equal(stage(at(back, 0.6), "charged", 3, 1), null);
  assert.deepEqual([0, 0.6, 1].map((progress) => arrivals(at(back, progress))), [0, 1, -1]);
  const of = /** @type {import("../../static/js/picture/flights.js").Flight} */ (flight(seen(back)));
  assert.ok(travelled(of, 2, 0.1) < 0, "the second sender has not left yet");
  near(travelled(of, 2, 1), 1);
});

test("the gate is set first, and then the sum passes", () => {
  const cursor = /** @type {Cursor} */ ({ step: 1, phase: "gate", layer: 2 });
  assert.deepEqual(gate(at(cursor, 0), 2), { set: 0, passed: 0 });
  assert.deepEqual(gate(at(cursor, 0.4), 2), { set: 1, passed: 0 });
  assert.deepEqual(gate(at(cursor, 1), 2), { set: 1, passed: 1 });
  assert.equal(gate(at(cursor, 0.4), 3), null);
  assert.equal(gate(at(back, 0.4), 2), null);
});

test("weights change with the progress of the update, signals fill a layer before it answers", () => {
  assert.equal(updated(at({ step: 1, phase: "update", layer: null }, 0)), 0);
  near(updated(at({ step: 1, phase: "update", layer: null }, 0.5)), 0.5);
  assert.equal(updated(at(back, 0)), 1);
  const forward = /** @type {Cursor} */ ({ step: 1, phase: "feedforward", layer: 2 });
  assert.deepEqual([0.5, 0.8].map((progress) => awaits(at(forward, progress), 2)), [true, false]);
});

/** @param {Cursor} cursor @param {number} seq @param {object} [changes] */
const frame = (cursor, seq = 1, changes = {}) =>
  /** @type {import("../../static/js/server/protocol.js").Frame} */ (new Decoder().frame(JSON.stringify({ ...raw(cursor), seq, ...changes })));

function ready() {
  /** @type {(() => void)[]} */
  const screens = [];
  const store = new Store((callback) => screens.push(callback));
  store.setTopology(/** @type {any} */ (topology));
  return { store, screen: () => screens.shift()?.() };
}

test("looking around in a step shows its phases without a word to the server, and following leads back", () => {
  const { store, screen } = ready();
  store.setFrame(frame({ step: 1, phase: "update", layer: null }));
  screen();
  store.look(5, 0.25);
  screen();
  assert.deepEqual([store.seen?.cursor, store.seen?.progress], [{ step: 1, phase: "send_back", layer: 2 }, 0.25]);
  assert.equal(store.seen?.reached("delta", 2), false);
  assert.equal(store.seen?.reached("delta", 3), true);
  store.look(0, 1);
  screen();
  assert.deepEqual(store.seen?.cursor, { step: 0, phase: "start", layer: null });
  assert.equal(store.seen?.reached("z", 2), false);
  store.follow();
  screen();
  assert.equal(store.seen?.cursor.phase, "update");
});

test("a frame that comes while somebody looks around changes the numbers, not the place", () => {
  const { store, screen } = ready();
  store.setFrame(frame({ step: 1, phase: "update", layer: null }));
  screen();
  store.look(5, 0.25);
  store.setFrame(frame({ step: 2, phase: "cost", layer: null }, 2));
  screen();
  assert.deepEqual([store.seen?.cursor, store.seen?.progress], [{ step: 2, phase: "send_back", layer: 2 }, 0.25]);
});

test("once the session has come to where one looks, its frame stands still there", () => {
  const { store, screen } = ready();
  store.enter = () => assert.fail("nothing is set in motion");
  store.setFrame(frame({ step: 1, phase: "update", layer: null }));
  store.look(5, 0.25);
  store.settle(7);
  store.setFrame(frame({ step: 1, phase: "gate", layer: 2 }, 2));
  assert.equal(store.looking, true, "a frame from before does not count");
  store.setFrame(frame(back, 3, { revision: 7 }));
  assert.equal(store.looking, false);
  screen();
  assert.deepEqual([store.seen?.cursor, store.seen?.progress], [back, 0.25]);
});

test("more of the same phase lets it go on; another phase begins as whoever moves things says", () => {
  const { store, screen } = ready();
  store.enter = (_, before) => (before ? 0 : 1);
  store.setFrame(frame({ step: 1, phase: "output_error", layer: 3 }));
  screen();
  assert.equal(store.seen?.progress, 1);
  store.setFrame(frame(back, 2));
  screen();
  assert.equal(store.seen?.progress, 0);
  store.progress(0.5);
  store.setFrame(frame(back, 3));
  screen();
  assert.equal(store.seen?.progress, 0.5);
  assert.equal(placeSeen(/** @type {any} */ (store.seen)), 5);
});
