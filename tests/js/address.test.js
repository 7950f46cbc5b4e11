import assert from "node:assert/strict";
import { test } from "node:test";

import { read, readParts, settled, write, writeParts } from "../../static/js/page/address.js";
import { enlargement } from "../../static/js/page/present.js";

test("what an address says is read, and written again in one order", () => {
  const search = "?present=1&theme=dark&hide=left,cost&connections=sent&neurons=delta&notation=rows&focus=neuron-2-3&pinned=neuron-2-1,connection-3-1-2&view=table&matrix=3&question=inverse&unit=step&speed=4&step=121&phase=send_back&layer=3";
  const address = read(search);
  assert.deepEqual(address.hide, ["data", "network", "training", "batch", "cost"]);
  assert.deepEqual(address.point, { step: 121, phase: "send_back", layer: 3 });
  assert.equal(write(address), search);
});

test("nothing to say is an address without a question mark", () => {
  assert.equal(write(read("")), "");
  assert.equal(write(read("?step=0&theme=blue&hide=nonsense&present=no&step=-1")), "");
  assert.equal(write({ point: { step: 0, phase: "start", layer: null } }), "");
});

test("the end of a step needs no phase, and the place before a step is the end of the one before", () => {
  assert.equal(write({ point: { step: 7, phase: "update", layer: null } }), "?step=7");
  assert.equal(write({ point: { step: 7, phase: "start", layer: null } }), "?step=7");
  assert.deepEqual(settled({ step: 7, phase: "start", layer: null }), { step: 7, phase: "update", layer: null });
  assert.deepEqual(read("?step=7").point, { step: 7, phase: "update", layer: null });
});

test("a column is written by its name once all of it is hidden", () => {
  assert.equal(writeParts(["data", "network", "training", "batch", "map"]), "left,map");
  assert.equal(writeParts(readParts("right,left")), "left,right");
  assert.equal(writeParts(readParts("inspector,cost")), "cost,inspector");
  assert.deepEqual(readParts("nonsense,,cost,cost"), ["cost"]);
});

test("numbers that are none are no point", () => {
  for (const step of ["x", "1.5", "-3", "1e3", "", "9999999999", "0"]) assert.equal(read(`?step=${step}`).point, null);
  assert.deepEqual(read("?step=3&phase=gate&layer=two").point, { step: 3, phase: "gate", layer: null });
});

test("only a presentation enlarges the picture, within bounds", () => {
  assert.equal(enlargement(false, 1280, 500), 1);
  assert.equal(enlargement(true, 300, 300), 1);
  assert.equal(enlargement(true, 9000, 9000), 3);
  const large = enlargement(true, 1280, 507);
  assert.ok(large > 1.4 && large < 1.8, String(large));
});
