// A weight or a bias is edited where it stands in its card: Enter or leaving commits, Esc takes back.

import { Refusal } from "../server/api.js";
import { parse } from "../words/format.js";
import { t } from "../words/texts.js";

/** @typedef {import("../picture/pointing.js").Target} Target */
/**
 * @typedef {object} Desk
 * @property {import("../server/api.js").Api} api
 * @property {() => void} restore show the number again as it is
 */

/** @param {Target} target @param {number} value */
const editOf = ({ kind, layer, j, ...rest }, value) =>
  kind === "connection" ? { weights: [{ layer, j, k: /** @type {{k: number}} */ (rest).k, value }] } : { biases: [{ layer, j, value }] };

/**
 * @param {HTMLElement} line with the input in it
 * @param {Target} target
 * @param {Desk} desk
 */
export function editable(line, target, { api, restore }) {
  const input = /** @type {HTMLInputElement} */ (line.querySelector("input.edit"));
  let before = "";
  input.addEventListener("focus", () => {
    before = (input.dataset.exact ?? "").replace("-", "−");
    if (input.dataset.unsent === undefined) input.value = before;
    input.select();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = before;
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    input.blur();
  });
  input.addEventListener("blur", async () => {
    delete input.dataset.unsent;
    if (input.value === before) return refuse(line, "", restore);
    const value = parse(input.value);
    if (value === null) return refuse(line, t("card-no-number", { text: input.value }), restore);
    try {
      await api.edit(editOf(target, value));
      return refuse(line, "", null);
    } catch (error) {
      // What could not be sent is not lost: it stays there, to be sent once more.
      if (error instanceof Refusal && error.status === 0) {
        input.dataset.unsent = "";
        return refuse(line, error.message, null);
      }
      return refuse(line, error instanceof Refusal ? (error.errors[0]?.msg ?? error.message) : String(error), restore);
    }
  });
}

/** @param {HTMLElement} line @param {string} sentence empty: all is well @param {(() => void) | null} restore */
function refuse(line, sentence, restore) {
  const place = /** @type {HTMLElement} */ (line.querySelector(".refusal"));
  place.textContent = sentence;
  place.hidden = sentence === "";
  line.querySelector("input.edit")?.setAttribute("aria-invalid", String(sentence !== ""));
  restore?.();
}
