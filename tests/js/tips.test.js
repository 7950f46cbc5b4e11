import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.matchMedia ??= /** @type {any} */ (() => ({ matches: false }));
const { chosen } = await import("../../static/js/page/tips.js");

const tip = (/** @type {string} */ name) => ({ name, behind: "", relevant: () => true, tried: "" });
const TIPS = ["step", "point", "scrub"].map(tip);
const all = () => true;

test("the first hint that is not known is shown", () => {
  assert.equal(chosen(TIPS, new Set(), all)?.name, "step");
  assert.equal(chosen(TIPS, new Set(["step"]), all)?.name, "point");
  assert.equal(chosen(TIPS, new Set(["step", "point", "scrub"]), all), null);
});

test("a hint whose place is out of view lets the next one through", () => {
  assert.equal(chosen(TIPS, new Set(), ({ name }) => name !== "step")?.name, "point");
  assert.equal(chosen(TIPS, new Set(), () => false), null);
});

test("whoever wants none gets none", () => {
  assert.equal(chosen(TIPS, new Set(["none"]), all), null);
});
