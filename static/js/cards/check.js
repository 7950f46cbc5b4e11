// Checks a number of a card by nudging: the server moves one number a little both ways and measures what the cost does.

import { Refusal } from "../server/api.js";
import { number, signedSix } from "../words/format.js";
import { t } from "../words/texts.js";

/** @typedef {import("../picture/pointing.js").Target} Target */
/** @typedef {import("./card.js").Nudged} Nudged */
/** @typedef {{analytic: number | null, measured: number | null, error: number | null, agrees: boolean | null, message: string | null}} Verdict */

const LETTERS = { weight: "w", bias: "b", activation: "a" };
/** Each way. */
const BY = 1e-5;

/**
 * What is to be nudged: a weight's own number is checked at its connection, the others at their neuron.
 * @param {Target} target
 * @param {Nudged} what
 */
const nudgeOf = (target, what) => ({ what, layer: target.layer, j: target.j, ...(target.kind === "connection" ? { k: target.k } : {}), by: BY });

/**
 * @param {Verdict} verdict
 * @param {number} by the nudge that was made
 * @param {Nudged} what
 */
export function sentence({ analytic, measured, error, agrees, message }, by, what) {
  const known = measured !== null && analytic !== null;
  const numbers = known ? t("check-numbers", { measured: signedSix(measured), analytic: signedSix(analytic), by: number(by, { digits: 1 }).replace(/^1·/, ""), of: LETTERS[what] }) : "";
  const apart = known && error !== null ? t("check-apart", { error: number(error) }) : "";
  const mark = agrees === null ? "" : agrees ? "✓" : "✗";
  return [mark, numbers, apart, agrees === true ? "" : (message ?? "")].filter(Boolean).join(" ");
}

/**
 * @param {import("../server/api.js").Api} api
 * @param {HTMLElement} line
 * @param {Target} target
 * @param {Nudged} what
 * @param {() => boolean} batch whether it is the mean over the mini-batch that is asked for
 * @param {() => string} of names the step, the example and the side that the answer belongs to
 */
export function checkable(api, line, target, what, batch, of) {
  const button = /** @type {HTMLButtonElement} */ (line.querySelector(".nudge"));
  const place = /** @type {HTMLElement} */ (line.querySelector(".checked"));
  button.textContent = t("check");
  button.title = t(`check-title-${what}`);
  button.addEventListener("click", async () => {
    const asked = of();
    button.setAttribute("aria-disabled", "true");
    const answer = await api.nudge(nudgeOf(target, what)).catch((/** @type {unknown} */ error) => error);
    button.removeAttribute("aria-disabled");
    if (asked !== of()) return;
    if (answer instanceof Error) show(place, answer instanceof Refusal ? answer.message : String(answer), null, asked);
    else show(place, sentence(batch() ? answer.batch : answer, answer.by, what), batch() ? answer.batch : answer, asked);
  });
}

/** @param {HTMLElement} place @param {string} text @param {Verdict | null} verdict @param {string} of */
function show(place, text, verdict, of) {
  place.hidden = false;
  place.textContent = text;
  place.dataset.of = of;
  place.dataset.agrees = String(verdict?.agrees ?? "");
  place.dataset.measured = String(verdict?.measured ?? "");
  place.dataset.analytic = String(verdict?.analytic ?? "");
}

/**
 * What was measured at another step, or of another example, is not shown beside this one's numbers.
 * @param {HTMLElement} card
 * @param {string} of
 */
export function forget(card, of) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll(".checked:not([hidden])")))
    if (place.dataset.of !== of) {
      place.hidden = true;
      place.textContent = "";
    }
}
