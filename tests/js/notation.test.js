import assert from "node:assert/strict";
import { test } from "node:test";

import * as equations from "../../static/js/words/equations.js";
import { notation } from "../../static/js/words/notation.js";
import { text } from "../../static/js/words/words.js";
import { seen } from "./made.js";

const back = seen({ step: 1, phase: "gate", layer: 2 });
const written = () => [equations.weightedInput(), equations.gate(back, 2, 0), equations.sum(back, 2, 0, 0)].map(text);

test("equations are written as the reader chose, the weights' indices too", () => {
  const before = written();
  assert.match(before[0], /σ\(wlal−1 \+ bl\)/);
  assert.match(before[1], /= \(w3\)Tδ3 ⊙/);
  assert.match(before[2], /w3j1δ3j/);
  let told = 0;
  notation.onChange(() => told++);
  notation.choose("rows");
  const rows = written();
  assert.match(rows[0], /σ\(al−1wl \+ bl\)/);
  assert.match(rows[1], /= δ3\(w3\)T ⊙/);
  assert.match(rows[2], /w31jδ3j/);
  notation.choose("sums");
  const sums = written();
  assert.match(sums[0], /σ\(∑kwljkal−1k \+ blj\)/);
  assert.match(sums[1], /= \(∑jw3jkδ3j\) · σ′\(z2k\)/);
  assert.equal(sums[2], before[2]);
  notation.choose("columns");
  assert.deepEqual(written(), before);
  assert.equal(told, 3);
});

test("only names that there are come from the address", () => {
  notation.start("nonsense");
  assert.equal(notation.name, "columns");
  notation.start("sums");
  assert.equal(notation.name, "sums");
  notation.choose("columns");
});
