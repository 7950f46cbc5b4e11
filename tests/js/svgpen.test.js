import assert from "node:assert/strict";
import { test } from "node:test";

import { drop, signal } from "../../static/js/picture/pulses.js";
import { paint } from "../../static/js/picture/labels.js";
import { SvgPen } from "../../static/js/picture/svgpen.js";

/** @type {any} */
const COLOURS = { surface: "white", "blame-plus": "purple", "blame-minus": "green", forward: "grey" };
/** @type {import("../../static/js/picture/bezier.js").Curve} */
const CURVE = [[0, 0], [40, 0], [60, 30], [100, 30]];

/** @param {(pen: any) => void} draw */
function written(draw) {
  const pen = new SvgPen();
  draw(pen);
  return pen.shapes;
}

test("a path that is filled and stroked is two shapes of the same outline", () => {
  const shapes = written((pen) => {
    pen.fillStyle = "red";
    pen.strokeStyle = "blue";
    pen.lineWidth = 2;
    pen.moveTo(0, 0);
    pen.lineTo(10.123, 5);
    pen.closePath();
    pen.fill();
    pen.stroke();
  }).split("\n");
  assert.equal(shapes[0], '<path d="M0 0L10.12 5Z" fill="red"/>');
  assert.match(shapes[1], /^<path d="M0 0L10.12 5Z" fill="none" stroke="blue" stroke-width="2"/);
});

test("a whole circle is one, although its ends are the same point", () => {
  const shape = written((pen) => {
    pen.arc(10, 20, 5, 0, 2 * Math.PI);
    pen.fill();
  });
  assert.match(shape, /M15 20A5 5 0 0 1 5 20A5 5 0 0 1 15 20/);
});

test("what was saved is in force again after restoring", () => {
  const shapes = written((pen) => {
    pen.fillStyle = "red";
    pen.save();
    pen.translate(3, 4);
    pen.rotate(Math.PI / 2);
    pen.fillStyle = "blue";
    pen.rect(0, 0, 1, 1);
    pen.fill();
    pen.restore();
    pen.fill();
  }).split("\n");
  assert.match(shapes[0], /fill="blue" transform="translate\(3 4\) rotate\(90\)"/);
  assert.match(shapes[1], /fill="red"\/>$/);
});

test("negative blame is a dashed line and a ring of its colour with a minus, positive a disc with a plus", () => {
  const minus = written((pen) => drop(pen, CURVE, 0.5, -0.2, COLOURS, false));
  assert.match(minus, /stroke="green"[^>]*stroke-dasharray="7 5"/);
  assert.match(minus, /fill="white"/);
  const plus = written((pen) => drop(pen, CURVE, 0.5, 0.2, COLOURS, false));
  assert.doesNotMatch(plus, /dasharray/);
  assert.match(plus, /fill="purple"/);
});

test("a signal leaves no transparency behind, and a label is text with its number", () => {
  const shapes = written((pen) => {
    signal(pen, CURVE, 0.5, COLOURS, false);
    paint(pen, { key: "", value: -0.2, text: "−0.200", x: 50, y: 15, width: 60, t: 0.5 }, COLOURS);
  });
  assert.match(shapes, /opacity="0.85"/);
  assert.match(shapes, /<text x="50" y="19.5" fill="green" font-family="Inter[^"]*" font-size="13" font-weight="600" text-anchor="middle">−0.200<\/text>$/);
});

test("what is written is escaped", () => {
  assert.match(written((pen) => pen.fillText('<b> & "c"', 0, 0)), /&lt;b> &amp; &quot;c&quot;<\/text>/);
});
