import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange } from "../../static/js/picture/shape.js";

/** Heads of so many layers, `width` px wide, their middles `pitch` px apart. @param {number} layers @param {number} pitch @param {number} width */
const heads = (layers, pitch, width) =>
  Array.from({ length: layers }, (_, i) => ({ layer: i + 1, left: 50 + i * pitch, right: 50 + i * pitch + width }));

test("with room enough there is a gap for a layer between all heads, in its middle", () => {
  const { inserts, counts } = arrange(heads(4, 200, 90));
  assert.equal(counts, true);
  assert.deepEqual(inserts.map(({ before }) => before), [2, 3, 4]);
  // From layer 2's words (340) with what opens (16) and + (24) to layer 3's (450) with − (24) and its rim (6).
  assert.equal(inserts[1].x, (340 + 16 + 24 + (450 - 24 - 6)) / 2);
});

test("buttons never lie on each other or on another head", () => {
  for (const pitch of [60, 90, 120, 150, 180, 300])
    for (const layers of [2, 3, 4, 8]) {
      const found = arrange(heads(layers, pitch, 58));
      const boxes = found.heads.map(({ left, width }, i) => {
        const count = found.counts && i > 0 && i < layers - 1 ? 24 : 0;
        return [left - count, left + width + count];
      });
      for (const { x } of found.inserts) boxes.push([x - 12, x + 12]);
      boxes.sort((p, q) => p[0] - q[0]);
      for (const [i, box] of boxes.slice(1).entries()) if (found.counts || found.inserts.length) assert.ok(box[0] >= boxes[i][1], `${layers} layers, ${pitch} px apart`);
    }
});

test("where it is narrow all is left to the menus", () => {
  const { inserts, counts } = arrange(heads(4, 90, 58));
  assert.equal(counts, false);
  assert.deepEqual(inserts, []);
});

test("a network without hidden layers can get one", () => {
  const { inserts, heads: placed } = arrange(heads(2, 300, 90));
  assert.deepEqual(inserts.map(({ before }) => before), [2]);
  assert.equal(placed.length, 2);
});
