// What went wrong, and the way back: refusals in the banner, numbers that left the computer's range below.

import { number } from "../words/format.js";
import { say, t } from "../words/texts.js";
import { nodes } from "../words/typeset.js";
import { text } from "../words/words.js";

/** @typedef {import("../store.js").Seen} Seen */

const banner = () => /** @type {HTMLElement} */ (document.getElementById("problem"));
let shown = false;

/** @param {string} sentence */
export function tell(sentence) {
  show(sentence);
}

/** A call went well: what was refused before is over. */
export function settle() {
  if (shown) hide();
}

/** @param {string} sentence */
function show(sentence) {
  shown = true;
  const place = document.getElementById("problem-text");
  if (place) place.textContent = sentence;
  banner().hidden = false;
}

function hide() {
  shown = false;
  banner().hidden = true;
}

/**
 * The sentence about numbers that are not finite.
 * @param {Seen} seen
 * @returns {import("../words/words.js").Part[]}
 */
export function trouble({ frame, topology }) {
  const { step, layer, what } = frame.notFinite ?? { step: frame.cursor.step, layer: null, what: "" };
  const rate = topology.config.optimizer?.learning_rate;
  const names = { step: String(step), layer: String(layer), what };
  return [
    ...say(layer === null ? "trouble" : "trouble-in-layer", names), " ",
    ...(typeof rate === "number" ? [...say("trouble-rate", { rate: number(rate) }), " "] : []),
    ...say("trouble-earlier"),
  ];
}

export class Trouble {
  #say = /** @type {HTMLElement} */ (document.getElementById("say"));
  #box = document.getElementById("trouble");
  #back = document.getElementById("trouble-back");
  #restart = document.getElementById("trouble-restart");
  /** @type {Seen | null} */
  #seen = null;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../words/say.js").Say} say
   * @param {import("../run/transport.js").Transport} transport
   */
  constructor(store, say, transport) {
    this.say = say;
    document.getElementById("problem-close")?.addEventListener("click", hide);
    this.#back?.addEventListener("click", () => transport.run((api) => api.seek({ step: this.#before(), phase: "update", layer: null })));
    this.#restart?.addEventListener("click", () => transport.run(async (api) => {
      await api.seek({ step: 0, phase: "start", layer: null });
      return api.change({ optimizer: { learning_rate: this.#smaller() } });
    }));
    store.onDraw((seen) => this.#draw(seen));
  }

  /** The last step whose numbers are all finite. */
  #before() {
    return Math.max(0, (this.#seen?.frame.notFinite?.step ?? 1) - 1);
  }

  #smaller() {
    return Number(((this.#seen?.topology.config.optimizer?.learning_rate ?? 1) / 10).toPrecision(2));
  }

  /** @param {Seen} seen */
  #draw(seen) {
    const bad = !seen.frame.finite;
    if (bad === this.say.silenced && (!bad || sameTrouble(seen, this.#seen))) return;
    this.#seen = seen;
    this.say.silenced = bad;
    document.body.toggleAttribute("data-trouble", bad);
    this.#say.toggleAttribute("data-bad", bad);
    if (this.#box) this.#box.hidden = !bad;
    if (!bad) {
      this.say.forget();
      this.say.draw(seen);
      return;
    }
    const parts = trouble(seen);
    document.getElementById("sentence")?.replaceChildren(...nodes(parts));
    document.getElementById("equation")?.replaceChildren();
    const live = document.getElementById("live");
    if (live) live.textContent = text(parts);
    label(this.#back, t("trouble-back", { step: String(this.#before()) }));
    label(this.#restart, t("trouble-restart", { rate: number(this.#smaller()) }));
  }
}

/** @param {Seen} now @param {Seen | null} then */
const sameTrouble = (now, then) => now.frame.notFinite?.step === then?.frame.notFinite?.step && now.frame.notFinite?.what === then?.frame.notFinite?.what;

/** @param {HTMLElement | null} button its icon stays @param {string} words */
function label(button, words) {
  if (!button) return;
  const place = button.querySelector("span") ?? [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  if (place) place.textContent = words;
  else button.append(words);
}
