import assert from "node:assert/strict";
import { test } from "node:test";

import { add, has, say, t } from "../../static/js/words/texts.js";
import { blame, strong } from "../../static/js/words/words.js";

add("en", `
plain = Layer { $layer }
counted = { $count ->
    [one] <b>{ $count }</b> example
   *[other] <b>{ $count }</b> examples
}
sends = { $who } sends { $blame } back to <b>{ $name }</b>.
chosen = { $unit ->
    [step] a step
   *[phase] a phase
}
`);

test("a text takes its arguments", () => {
  assert.equal(t("plain", { layer: "3" }), "Layer 3");
  assert.equal(t("chosen", { unit: "step" }), "a step");
});

test("numbers are counted with", () => {
  assert.deepEqual(say("counted", { count: 1 }), [strong("1"), " example"]);
  assert.deepEqual(say("counted", { count: 1437 }), [strong("1,437"), " examples"]);
});

test("parts stay parts, and no name is taken for markup", () => {
  const said = say("sends", { who: ["Neuron ", strong(2)], blame: blame(-0.5), name: "<b>x" });
  assert.deepEqual(said, ["Neuron ", strong(2), " sends ", blame(-0.5), " back to ", strong("<b>x"), "."]);
});

test("what is missing is an error", () => {
  assert.throws(() => t("no-such-text"), /no text no-such-text/);
  assert.throws(() => t("plain"), /layer/);
  assert.throws(() => t("plain", { layer: -1 }), /not a count/);
  assert.equal(has("no-such-text"), false);
});

test("the English file is there", () => {
  assert.ok(t("page-description").length > 0);
});
