import assert from "node:assert/strict";
import { test } from "node:test";

import { at, curveOf, cut, endsOf, heading, pathOf, sidesOf } from "../../static/js/picture/bezier.js";
import { place } from "../../static/js/picture/labels.js";
import { ease, stage, window_ } from "../../static/js/picture/flights.js";
import { durationOf } from "../../static/js/picture/motion.js";
import { connection, customary, prominence } from "../../static/js/picture/quantities.js";
import { blameWidth, pulseRadius, sumPosition, weightWidth } from "../../static/js/picture/scales.js";
import { numbers, seen } from "./made.js";

const near = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within, `${a} and ${b}`);

test("the scales are the product's constants", () => {
  near(weightWidth(0), 0.75);
  near(weightWidth(-3), 7);
  near(weightWidth(30), 7);
  near(pulseRadius(0.001), 4);
  near(pulseRadius(-1), 13);
  near(pulseRadius(0.0316227766), 8.5);
  assert.equal(pulseRadius(0), 0);
  near(blameWidth(1), 0.42 * 13);
  near(blameWidth(0.000001), 0.42 * 4);
  near(blameWidth(1, true), 0.34 * 13 - 1);
  near(sumPosition(-0.2), -0.5);
  assert.equal(sumPosition(9), 1);
});

test("a curve is cut into two that meet", () => {
  const curve = curveOf({ edgeOut: 0, x0: 0, y0: 0, x1: 100, y1: 40, edgeIn: 100 });
  const [left, right] = cut(curve, 0.3);
  assert.deepEqual(left[3], right[0]);
  near(at(curve, 0.3)[1], left[3][1]);
  near(at(right, 0.5)[0], at(curve, 0.65)[0]);
  assert.ok(Math.abs(heading(curve, 0.5)) > Math.PI / 2, "blame travels to the left");
});

test("connections fan out where they leave and where they arrive", () => {
  const below = sidesOf(/** @type {any} */ ({ edgeOut: "60", outX: "60", outY: "100", outSpread: "30" }));
  const above = sidesOf(/** @type {any} */ ({ edgeIn: "200", inX: "190", inY: "50", inSpread: "40" }));
  const ends = (/** @type {number} */ j, /** @type {number} */ k) => endsOf(below, above, { j, k, nBelow: 2, nAbove: 3 });
  assert.deepEqual([ends(1, 1).y0, ends(2, 1).y0, ends(3, 1).y0], [85, 100, 115]);
  assert.deepEqual([ends(1, 1).y1, ends(1, 2).y1], [30, 70]);
  assert.equal(pathOf(ends(2, 1)), "M60.0 100.0C114.6 100.0 135.4 30.0 190.0 30.0H200.0");
});

test("labels never cover each other, and the largest come first", () => {
  /** @type {import("../../static/js/picture/bezier.js").Curve} */
  const curve = [[0, 0], [50, 0], [100, 0], [150, 0]];
  const many = Array.from({ length: 12 }, (_, i) => ({ key: String(i), value: (i + 1) / 10, curve }));
  const placed = place(many, []);
  assert.equal(placed[0].key, "11");
  for (const [i, p] of placed.entries())
    for (const q of placed.slice(i + 1)) assert.ok(Math.abs(p.x - q.x) >= (p.width + q.width) / 2 || Math.abs(p.y - q.y) >= 19);
  assert.ok(placed.length < many.length);
  assert.deepEqual(place(many, [{ x0: -10, y0: -50, x1: 200, y1: 50 }]), []);
});

test("of more than sixteen connections only the eight largest are labelled", () => {
  const many = Array.from({ length: 40 }, (_, i) => ({
    key: String(i), value: i + 1, curve: /** @type {import("../../static/js/picture/bezier.js").Curve} */ ([[0, 40 * i], [50, 40 * i], [100, 40 * i], [150, 40 * i]]),
  }));
  assert.equal(place(many, []).length, 8);
});

test("senders take turns, and all have arrived at the end", () => {
  assert.deepEqual(window_(1, 1), [0, 1]);
  const [first, last] = [window_(1, 3), window_(3, 3)];
  assert.equal(first[0], 0);
  near(last[1], 1);
  assert.ok(first[1] < last[1]);
  near(ease(0.5), 0.5);
  assert.equal(ease(1), 1);
});

test("a sweep takes 750 ms at 1×, and nothing moves at the highest speed or where motion is not wanted", () => {
  assert.equal(durationOf("send_back", "1", false), 750);
  assert.equal(durationOf("send_back", "0.25", false), 3000);
  assert.equal(durationOf("send_back", "max", false), 0);
  assert.equal(durationOf("send_back", "1", true), 0);
  assert.equal(durationOf("cost", "1", false), 0);
});

test("a connection's numbers appear with their phases", () => {
  const early = connection(seen({ step: 1, phase: "output_error", layer: 3 }), 3, 0, 1);
  assert.deepEqual([early.sent, early.charged, early.after], [null, null, null]);
  near(early.w, -0.5);
  const late = connection(seen({ step: 1, phase: "update", layer: null }), 3, 0, 1);
  near(Number(late.sent), -0.5 * numbers.delta3[0]);
  near(Number(late.charged), numbers.a2[1] * numbers.delta3[0]);
  near(Number(late.after), -0.5 - numbers.a2[1] * numbers.delta3[0]);
});

test("each direction shows what it is about", () => {
  assert.equal(customary({ phase: "send_back", layer: 2 }), "sent");
  assert.equal(customary({ phase: "gradient", layer: 2 }), "charged");
  assert.equal(customary({ phase: "update", layer: null }), "weight");
  const back = seen({ step: 1, phase: "send_back", layer: 2 });
  assert.equal(prominence(back, "sent", 3), "active");
  assert.equal(prominence(back, "sent", 2), "quiet");
  assert.equal(prominence(back, "weight", 2), "active");
});
