import assert from "node:assert/strict";
import { test } from "node:test";

import { charged, decodeArray, decodeByLetter, Decoder, sent } from "../../static/js/server/protocol.js";
import { encode, numbers, raw } from "./made.js";

const cursor = { step: 1, phase: /** @type {const} */ ("update"), layer: null };
const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} and ${b}`);

test("base64 of little-endian float32 reads back", () => {
  assert.deepEqual([...decodeArray(encode([1, -0.5, 3.25]))], [1, -0.5, 3.25]);
  assert.equal(decodeArray("AACAPw==")[0], 1);
  assert.equal(decodeArray("").length, 0);
  assert.deepEqual([...decodeByLetter("AACAPw==")], [0, 0, 128, 63]);
});

test("a frame that is not newer is dropped", () => {
  const decoder = new Decoder();
  assert.ok(decoder.frame(JSON.stringify(raw(cursor, { seq: 5 }))));
  assert.equal(decoder.frame(JSON.stringify(raw(cursor, { seq: 5 }))), null);
  assert.equal(decoder.frame(JSON.stringify(raw(cursor, { seq: 4 }))), null);
  assert.ok(decoder.frame(JSON.stringify(raw(cursor, { seq: 6 }))));
});

test("between key frames the weights are kept, and while it plays on they are known to be old", () => {
  const decoder = new Decoder();
  decoder.frame(JSON.stringify(raw(cursor, { seq: 1 })));
  const light = raw(cursor, { seq: 2, key: false, playing: true }).layers.map(({ layer, a }) => ({ layer, a }));
  const same = decoder.frame(JSON.stringify(raw(cursor, { seq: 2, key: false, playing: true, layers: light })));
  assert.deepEqual([...(same?.layers[2].w ?? [])], numbers.w3.flat());
  assert.equal(same?.weightsFresh, true);
  const later = decoder.frame(JSON.stringify(raw({ ...cursor, step: 2 }, { seq: 3, key: false, playing: true, layers: light })));
  assert.deepEqual([...(later?.layers[2].w ?? [])], numbers.w3.flat());
  assert.equal(later?.weightsFresh, false);
});

test("what is sent adds up to what is received, and charged is the activation times delta", () => {
  const frame = new Decoder().frame(JSON.stringify(raw(cursor)));
  assert.ok(frame);
  const [below, above] = [frame.layers[1], frame.layers[2]];
  for (const k of [0, 1]) near(sent(above, 2, 0, k) + sent(above, 2, 1, k), numbers.received2[k]);
  near(charged(above, below, 1, 0), numbers.a2[0] * numbers.delta3[1]);
});

test("another feedback operator stands for the transpose: row k, column j", () => {
  const frame = new Decoder().frame(JSON.stringify(raw(cursor)));
  assert.ok(frame);
  const above = { ...frame.layers[2], feedback: Float32Array.from([1, 2, 3, 4]) };
  near(sent(above, 2, 1, 0), 2 * numbers.delta3[1]);
  near(sent(above, 2, 0, 1), 3 * numbers.delta3[0]);
});
