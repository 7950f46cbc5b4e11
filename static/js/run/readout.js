// The numbers of one point of the run under the curves: of the step under the pointer, else of the cursor.

import { pointAt } from "./curves.js";
import { number, percent } from "../words/format.js";
import { told } from "./naming.js";
import { count as whole, t } from "../words/texts.js";

/** @typedef {import("./curves.js").Measure} Measure */
/** @typedef {import("./curves.js").Value} Value */

/** @param {Measure} measure @param {Value} value @param {boolean} finite whether a missing cost is one that is not finite */
const written = (measure, value, finite = false) =>
  value === null ? (measure === "cost" && !finite ? t("number-not-finite") : "–") : measure === "cost" ? number(value) : percent(value);

/**
 * @typedef {object} Told
 * @property {string} where step and epoch
 * @property {string} train
 * @property {string | null} test null: there is none
 * @property {string} spoken all of it
 */

/**
 * What is known of a step.
 * @param {number} step
 * @param {{points: import("./curves.js").Points, measure: Measure, epochs: import("./epochs.js").Epochs | null, tested: boolean, actions: import("./naming.js").Action[]}} run
 * @returns {Told}
 */
export function tell(step, { points, measure, epochs, tested, actions }) {
  const point = pointAt(points, step);
  const place = step === 0 ? t("run-start") : epochs ? t("run-place", { step: whole(step), epoch: whole(epochs.of(step)) }) : t("run-step", { step: whole(step) });
  const action = actions.find(({ after }) => after === step);
  // Between two points of the curve, the numbers are those of the point before.
  const from = point && point.step !== step ? t("run-from", { step: whole(point.step) }) : "";
  const where = [place, from, action ? told(action) : ""].filter(Boolean).join(" · ");
  const train = written(measure, point ? point[measure].train : null, !point);
  const test = tested ? written(measure, point ? point[measure].test : null, !point) : null;
  const of = t(measure === "cost" ? "run-cost" : "run-accuracy", { value: train });
  return { where, train, test, spoken: [where, of, ...(test === null ? [] : [t("run-test", { value: test })])].join(", ") };
}

export class Readout {
  #where = document.getElementById("cost-where");
  #train = document.getElementById("cost-train");
  #test = document.getElementById("cost-test");

  /** @param {Told} what */
  show({ where, train, test }) {
    write(this.#where, where);
    write(this.#train, train);
    write(this.#test, test ?? "");
    const box = this.#test?.closest("span.line");
    if (box instanceof HTMLElement) box.hidden = test === null;
  }
}

/** @param {HTMLElement | null} place @param {string} text */
function write(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}
