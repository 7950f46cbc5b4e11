// The cases that Python answers too, in tests/web/test_picture_scales.py: both must draw a number alike.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as format from "../../static/js/words/format.js";
import { strength } from "../../static/js/picture/neurons.js";
import { direction, knownAfter, phasesOf, reachedAt } from "../../static/js/phases.js";
import { customary, prominence } from "../../static/js/picture/quantities.js";
import { competing } from "../../static/js/picture/ranking.js";
import * as scales from "../../static/js/picture/scales.js";

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), "utf8"));

/** @type {Record<string, (...given: any[]) => number | string>} */
const FUNCTIONS = {
  weight_width: scales.weightWidth,
  pulse_radius: scales.pulseRadius,
  blame_width: scales.blameWidth,
  sum_position: scales.sumPosition,
  image_full: scales.imageFull,
  quantised: scales.quantised,
  rim_width: scales.rimWidth,
  stroke_width: scales.strokeWidth,
  strength,
  number: (x, digits) => format.number(x, { digits }),
  signed: format.signed,
  six: format.six,
  signed_six: format.signedSix,
  brief: format.brief,
  short: format.short,
  attribute: format.attribute,
  superscript: format.superscript,
  fixed: (x, places) => x.toFixed(places),
};

/** @param {unknown} value what JSON has no word for is in quotes */
const revived = (value) => (["NaN", "Infinity", "-Infinity"].includes(String(value)) ? Number(value) : value);

const { about, ...functions } = read("scales");
for (const [name, cases] of Object.entries(functions))
  test(`${name} draws a number as the server draws it`, () => {
    assert.ok(FUNCTIONS[name], about);
    for (const [given, answer] of cases) {
      const [found, wanted] = [FUNCTIONS[name](...given.map(revived)), typeof answer === "string" ? answer : Number(answer)];
      if (typeof found === "string") assert.equal(found, wanted, JSON.stringify(given));
      else if (Number.isNaN(found)) assert.equal("NaN", wanted);
      else assert.ok(Math.abs(found - Number(wanted)) <= 1e-12 * Math.abs(found) + 1e-15, `${JSON.stringify(given)}: ${found}, not ${wanted}`);
    }
  });

const phases = read("phases");
const QUANTITIES = /** @type {Record<string, any>} */ ({ sigma_prime: "sigmaPrime" });

/** @param {string} name `send_back 3` @returns {import("../../static/js/phases.js").Phase} */
function phaseOf(name) {
  const [phase, layer] = name.split(" ");
  return { phase: /** @type {any} */ (phase), layer: layer ? Number(layer) : null };
}

test("a quantity is known from its phase on", () => {
  for (const [depth, quantities] of Object.entries(phases.known_after))
    for (const [quantity, layers] of Object.entries(quantities))
      for (const [layer, name] of Object.entries(layers)) {
        const [asked, n, wanted] = [QUANTITIES[quantity] ?? quantity, Number(depth), phaseOf(/** @type {string} */ (name))];
        assert.deepEqual(knownAfter(asked, Number(layer), n), wanted, `${quantity} ${layer}`);
        const order = phasesOf(n);
        const from = order.findIndex((phase) => phase.phase === wanted.phase && phase.layer === wanted.layer);
        const known = order.map((phase) => reachedAt(order, { step: 1, ...phase }, n)(asked, Number(layer)));
        assert.deepEqual(known, order.map((_, place) => place >= from), `${quantity} ${layer}`);
      }
});

test("each phase shows what it is about", () => {
  for (const [name, kind] of Object.entries(phases.customary)) assert.equal(customary(phaseOf(name)), kind, name);
  for (const [name, way] of Object.entries(phases.direction)) assert.equal(direction(phaseOf(name)), way, name);
});

/** What is on view in a network of so many layers. @param {number} depth @param {string} name of the phase @returns {any} */
function seenAt(depth, name) {
  const cursor = { step: 1, ...phaseOf(name) };
  return { frame: { cursor }, cursor, topology: { layers: Array(depth).fill(1) }, reached: reachedAt(phasesOf(depth), cursor, depth) };
}

test("connections stand out where something happens", () => {
  for (const [depth, name, kind, layer, answer] of phases.prominence)
    assert.equal(prominence(seenAt(depth, name), kind, layer), answer, `${name}, ${kind} of layer ${layer}`);
});

test("the strongest connections are those of the layer where something happens", () => {
  for (const [depth, name, kind, layers] of phases.competing) assert.deepEqual(competing(seenAt(depth, name), kind, null), layers, `${name}, ${kind}`);
});
