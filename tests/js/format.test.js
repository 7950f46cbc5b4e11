import assert from "node:assert/strict";
import { test } from "node:test";

import { attribute, number, parse, percent, short, signed, signedSix, six, superscript } from "../../static/js/words/format.js";

test("three significant digits, with a true minus", () => {
  assert.equal(number(0.123456), "0.123");
  assert.equal(number(-1.23456), "−1.23");
  assert.equal(number(12.3456), "12.3");
  assert.equal(number(123.456), "123");
  assert.equal(number(1234.5), "1235");
  assert.equal(number(0.00012345), "0.000123");
});

test("rounding up carries into the next digit, and not into a fourth one", () => {
  assert.equal(number(0.9999), "1.00");
  assert.equal(number(9.999), "10.0");
  assert.equal(number(99.96), "100");
  assert.equal(number(0.00099996), "0.00100");
});

test("very small and very large numbers are products with a power of ten", () => {
  assert.equal(number(0.0000123), "1.23·10⁻⁵");
  assert.equal(number(-1.456e175), "−1.46·10¹⁷⁵");
  assert.equal(superscript(-20), "⁻²⁰");
});

test("blame carries its sign, zero carries none, not even when it is negative", () => {
  assert.equal(signed(0.138), "+0.138");
  assert.equal(signed(-0.138), "−0.138");
  assert.equal(signed(0), "0");
  assert.equal(number(-0), "0");
});

test("what is no number says so", () => {
  assert.equal(number(NaN), "not a number");
  assert.equal(number(-Infinity), "< −3·10³⁸");
  assert.equal(attribute(Infinity), "not finite");
});

test("cards have six digits", () => {
  assert.equal(six(-1.6439641), "−1.64396");
  assert.equal(signedSix(0.11532), "+0.115320");
  assert.equal(six(12345.678), "12345.7");
});

test("an attribute has all the digits of a float32, and reads back", () => {
  for (const x of [0.1, -1.643964, 3.4e-30, 123456.789]) assert.ok(Math.abs(Number(attribute(Math.fround(x))) / x - 1) < 1e-6);
  assert.equal(attribute(Math.fround(0.1)), "0.1");
});

test("percentages and whole numbers", () => {
  assert.equal(percent(0.059), "5.90\u00a0%");
  assert.equal(percent(1), "100\u00a0%");
  assert.equal(short(1), "1");
  assert.equal(short(-1), "−1");
  assert.equal(short(0.5), "0.500");
});

test("what a person types is read, with a true minus or a comma, and nonsense is not", () => {
  assert.equal(parse(" −0,5 "), -0.5);
  assert.equal(parse("1e-3"), 0.001);
  assert.equal(parse(".5"), 0.5);
  for (const nonsense of ["", "abc", "1.2.3", "1e999", "0x10", "--1"]) assert.equal(parse(nonsense), null);
});
