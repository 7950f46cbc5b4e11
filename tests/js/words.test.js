import assert from "node:assert/strict";
import { test } from "node:test";

import { aloud, numberAloud } from "../../static/js/words/speech.js";
import { accent, blame, captioned, numbers, pair, plain, shape, symbol, term, text, tone, value, written } from "../../static/js/words/words.js";

test("blame carries its sign, values only a minus, and each has the digits it was given", () => {
  assert.equal(written(blame(0.138)), "+0.138");
  assert.equal(written(value(-0.245, 6)), "−0.245000");
  assert.equal(written(plain(1.234567e-12, 6)), "1.23457·10⁻¹²");
});

test("what is not known is a dash without colour", () => {
  assert.equal(written(blame(null)), "–");
  assert.equal(tone(blame(null)), "");
  assert.equal(tone(blame(-0.1)), "blame-minus");
  assert.equal(tone(value(2)), "value-plus");
  assert.equal(tone(value(0)), "");
  assert.equal(tone(plain(2)), "");
});

test("two equations that differ in numbers only have the same shape, and the numbers come in their order", () => {
  const of = (/** @type {number} */ x) => [symbol("z", 2, 1), " = ", captioned(1, term(value(x), " · (", blame(2 * x), ")")), " = ", plain(x * x)];
  assert.equal(shape(of(0.5)), shape(of(-3)));
  assert.notEqual(shape(of(0.5)), shape([...of(0.5), " + ", plain(1)]));
  assert.notEqual(shape([value(1)]), shape([blame(1)]));
  assert.deepEqual(numbers(of(3)).map((one) => one.value), [3, 6, 9]);
});

test("an equation is plain text for whoever wants that", () => {
  assert.equal(text([symbol("w", 4, pair(2, 3)), " = ", value(-1.5)]), "w423 = −1.50");
  assert.equal(pair(2, 13), "2,13");
});

test("symbols are read with the layer they belong to", () => {
  assert.equal(aloud([symbol("w", 4, pair(2, 3))]), "w 2 3 of layer 4");
  assert.equal(aloud([symbol("w", 4, pair(12, 3))]), "w 12 3 of layer 4");
  assert.equal(aloud([symbol("δ", 3, 12)]), "delta 12 of layer 3");
  assert.equal(aloud([symbol("∂C/∂a", 3, 1)]), "slope of C in a 1 of layer 3");
  assert.equal(aloud([symbol("a", "l−1")]), "a of layer l minus 1");
});

test("a sum is read term by term, without the brackets that only hold a sign", () => {
  const parts = [symbol("∂C/∂a", 3, 3), " = ", symbol("∑", "", "j"), symbol("w", 4, "j3"), symbol("δ", 4, "j"), " = ", value(0.41), " × (", blame(-0.82), ") + ", value(1.3), " × ", blame(0.07), " = ", blame(-0.245)];
  assert.equal(
    aloud(parts),
    "slope of C in a 3 of layer 3 equals sum over j of w j 3 of layer 4 times delta j of layer 4 equals 0.410 times minus 0.820 plus 1.30 times 0.0700 equals minus 0.245",
  );
});

test("a function is read of its argument, and brackets with a sum in them are said", () => {
  assert.equal(aloud([symbol("σ"), "′(", symbol("z", 3, 3), ")"]), "sigma prime of z 3 of layer 3");
  assert.equal(aloud(["tanh(", value(-2.09), ")"]), "tanh of minus 2.09");
  assert.equal(aloud(["(1 − ", symbol("y", "", "j"), ") ln(1 − ", symbol("a", 4, "j"), ")"]), "open bracket 1 minus y j close bracket log of open bracket 1 minus a j of layer 4 close bracket");
  assert.equal(aloud(["(", symbol("w", 4), ")", accent("T")]), "w of layer 4 transposed");
  assert.equal(aloud(["(", symbol("w", 4), ")", accent("T"), symbol("δ", 4)]), "w of layer 4 transposed times delta of layer 4");
});

test("very small numbers, powers and what is not known yet are words", () => {
  assert.equal(numberAloud("−1.23·10⁻¹²"), "minus 1.23 times 10 to the minus 12");
  assert.equal(numberAloud("–"), "not known yet");
  assert.equal(aloud(["½ ", symbol("∑", "", "j"), "(", symbol("a", 3, "j"), " − ", symbol("y", "", "j"), ")", symbol("", 2)]), "one half sum over j of open bracket a j of layer 3 minus y j close bracket squared");
});
