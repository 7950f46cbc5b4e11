// Nudge: move one activation below and see every z above move by its weight, the cost change, and the slope settle on what was sent.

import { low, node } from "./drawing.js";
import { digits } from "./fitting.js";
import { nodes } from "../words/typeset.js";
import { blame, plain, value } from "../words/words.js";
import { say, t } from "../words/texts.js";
import { six } from "../words/format.js";

/** @typedef {{offsets: number[], cost: {before: number | null, after: (number | null)[]}, z: {before: number[], after: number[][]}, value: number}} Answer */
/** @typedef {import("./model.js").Model} Model */

/** The nudge is so large at most, and moves in steps of so much. */
export const REACH = 1;
const STEP = 0.025;
const STEPS = Math.round(REACH / STEP);
/** On letting go the nudge is halved so often, ms in all. */
const HALVINGS = 12;
const SETTLE_MS = 1600;
/** Of the plot, without the name under its axis. */
const [WIDTH, HEIGHT, MARGIN] = [260, 150, 10];

export class Nudging {
  #card = /** @type {HTMLElement} */ (document.getElementById("matrix-nudge"));
  #slider = /** @type {HTMLInputElement} */ (document.getElementById("nudge-by"));
  #choice = /** @type {HTMLSelectElement} */ (document.getElementById("nudge-neuron"));
  #plot = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("nudge-plot")));
  #words = /** @type {HTMLElement} */ (document.getElementById("nudge-words"));
  /** @type {Answer | null} */
  #answer = null;
  #of = "";
  #asking = false;
  /** Where the hand is, before there is an answer. @type {number | null} */
  #awaited = null;
  /** @type {{k: number, by: number, z: number[], cost: number | null} | null} what grid and network show meanwhile; cost: by how much it changes */
  shown = null;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("./clock.js").Clock} clock
   * @param {{changed: () => void, chosen: (k: number) => void, reduced: () => boolean}} page
   */
  constructor(api, clock, page) {
    this.api = api;
    this.clock = clock;
    this.page = page;
    this.#slider.addEventListener("input", () => this.move(Number(this.#slider.value)));
    this.#slider.addEventListener("change", () => this.settle());
    this.#choice.addEventListener("change", () => this.grab(Number(this.#choice.value) - 1));
    /** @type {Model | null} */
    this.model = null;
    this.step = 0;
    this.k = 0;
  }

  /**
   * The numbers of the step on view, and the neuron below that is asked about.
   * @param {Model} model @param {import("../store.js").Seen} seen @param {number | null} k from 0
   */
  take(model, seen, k) {
    const { cursor, revision, example } = seen.frame;
    this.model = model;
    if (k !== null) this.k = k;
    this.k = Math.min(this.k, model.n - 1);
    const known = cursor.step > 0 && model.delta !== null && !seen.frame.playing;
    this.#card.toggleAttribute("data-waits", !known);
    const of = known ? `${seen.cursor.step}/${revision}/${example.index}/${model.layer}/${this.k}` : "";
    if (of === this.#of) return;
    this.#forget();
    this.#of = of;
    this.#slider.disabled = !known;
    this.#fillChoice(model.n);
    this.#words.replaceChildren(...(known ? [] : nodes(say("nudge-waits"))));
    if (known) this.#ask();
  }

  /** Whether there is something to nudge. */
  get ready() {
    return !this.#slider.disabled;
  }

  /** How far it is nudged. */
  get by() {
    return Number(this.#slider.value);
  }

  /** @param {number} k the lower neuron that is nudged from now on, from 0 */
  grab(k) {
    this.clock.stop("settle");
    if (k === this.k) return;
    this.#forget();
    this.k = k;
    this.page.chosen(k);
  }

  /** Nothing is known of what is asked about from now on. */
  #forget() {
    this.#of = "";
    this.#answer = this.#awaited = null;
    this.shown = null;
    this.#slider.value = "0";
    this.#plot.replaceChildren();
    delete this.#card.dataset.measured;
    delete this.#card.dataset.sent;
  }

  /** @param {number} n */
  #fillChoice(n) {
    if (this.#choice.options.length !== n)
      this.#choice.replaceChildren(...Array.from({ length: n }, (_, i) => new Option(t("nudge-of", { k: String(i + 1) }), String(i + 1))));
    this.#choice.value = String(this.k + 1);
  }

  async #ask() {
    if (this.#asking || !this.model) return;
    this.#asking = true;
    const of = this.#of;
    const offsets = Array.from({ length: 2 * STEPS + 1 }, (_, i) => Number(((i - STEPS) * STEP).toFixed(6)));
    try {
      const answer = await this.#whatIf(offsets);
      if (of === this.#of) {
        this.#answer = answer;
        if (this.#awaited === null) this.#draw(0, answer.cost.before, null);
        else this.move(this.#awaited);
      }
    } catch {
      // Where the server does not answer, nothing is shown.
    }
    this.#asking = false;
    if (of !== this.#of && this.#of) this.#ask();
  }

  /** @param {number[]} offsets @returns {Promise<Answer>} */
  #whatIf(offsets) {
    return this.api.call("POST", "/what-if", { layer: Number(this.model?.layer) - 1, k: this.k + 1, offsets });
  }

  /** @param {number} by */
  move(by) {
    this.clock.stop("settle");
    this.#slider.value = String(by);
    const answer = this.#answer;
    this.#awaited = answer ? null : by;
    if (!answer) return;
    const place = Math.round(by / STEP) + STEPS;
    this.#show(answer, place);
  }

  /** @param {Answer} answer @param {number} place in its offsets */
  #show(answer, place) {
    const by = answer.offsets[place];
    const cost = answer.cost.after[place];
    const z = answer.z.after[place].map((x, j) => x - answer.z.before[j]);
    this.shown = by === 0 ? null : { k: this.k, by, z, cost: cost === null || answer.cost.before === null ? null : cost - answer.cost.before };
    this.#draw(by, cost, by === 0 ? null : z);
    this.page.changed();
  }

  /** Let go: the nudge becomes smaller and smaller, and the secant becomes the tangent. */
  async settle() {
    const { by } = this;
    if (!by || !this.#answer) return;
    const of = this.#of;
    const answer = await this.#whatIf(Array.from({ length: HALVINGS + 1 }, (_, i) => by / 2 ** i)).catch(() => null);
    if (!answer || of !== this.#of) return;
    const show = (/** @type {number} */ i) => this.#show(answer, i);
    let last = -1;
    const ended = await this.clock.run("settle", this.page.reduced() ? 1 : SETTLE_MS, (share) => {
      const i = Math.round(share * HALVINGS);
      if (i !== last) show((last = i));
    }, (share) => share);
    if (!ended || of !== this.#of) return;
    this.#slider.value = "0";
    this.shown = null;
    this.page.changed();
    await this.#compare(of);
  }

  /** The slope as nudging measures it, beside what was sent. @param {string} of */
  async #compare(of) {
    const found = await this.api.call("POST", "/nudge", { what: "activation", layer: Number(this.model?.layer) - 1, j: this.k + 1 }).catch(() => null);
    if (!found || of !== this.#of) return;
    const parts = say(found.agrees === false ? "nudge-differs" : "nudge-settled", { k: String(this.k + 1), measured: blame(found.measured, 6), sent: blame(found.analytic, 6) });
    this.#words.replaceChildren(...nodes(parts));
    this.#card.dataset.measured = String(found.measured);
    this.#card.dataset.sent = String(found.analytic);
    document.dispatchEvent(new CustomEvent("blameflow:did", { detail: "nudged" }));
  }

  /** @param {number} by @param {number | null} cost there @param {number[] | null} z by how much each moves */
  #draw(by, cost, z) {
    const answer = this.#answer;
    if (!answer || answer.cost.before === null || cost === null) return;
    const curve = answer.cost.after.map((c) => c ?? NaN);
    const finite = curve.filter(Number.isFinite);
    const [lowest, highest] = [Math.min(...finite), Math.max(...finite)];
    const x = (/** @type {number} */ offset) => MARGIN + ((offset + REACH) / (2 * REACH)) * (WIDTH - 2 * MARGIN);
    const y = (/** @type {number} */ c) => HEIGHT - MARGIN - ((c - lowest) / (highest - lowest || 1)) * (HEIGHT - 2 * MARGIN);
    const start = answer.cost.before;
    const sent = this.model?.received?.[this.k] ?? null;
    this.#plot.replaceChildren();
    node("path", { class: "nudge-axes", d: `M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}` }, this.#plot);
    node("text", { class: "nudge-axis", x: MARGIN + 5, y: MARGIN + 2 }, this.#plot).textContent = t("nudge-cost");
    node("text", { class: "nudge-axis end", x: WIDTH - MARGIN, y: HEIGHT + 6 }, this.#plot).textContent = `a${low(this.k + 1)}`;
    node("path", { class: "nudge-curve", d: curve.map((c, i) => (Number.isFinite(c) ? `${i ? "L" : "M"}${x(answer.offsets[i]).toFixed(1)} ${y(c).toFixed(1)}` : "")).join("") }, this.#plot);
    const through = (/** @type {number} */ slope, /** @type {string} */ name) => node("path", { class: name, d: `M${x(-REACH)} ${y(start - slope * REACH).toFixed(1)}L${x(REACH)} ${y(start + slope * REACH).toFixed(1)}` }, this.#plot);
    if (sent !== null) through(sent, "nudge-tangent");
    if (by) through((cost - start) / by, "nudge-secant");
    node("circle", { class: "nudge-start", cx: x(0), cy: y(start), r: 4 }, this.#plot);
    if (by) node("circle", { class: "nudge-here", cx: x(by), cy: y(cost), r: 6 }, this.#plot);
    this.#slider.setAttribute("aria-valuetext", t("nudge-value", { by: digits(by), cost: six(cost) }));
    if (!z) this.#words.replaceChildren(...nodes(say(sent === null ? "nudge-begin" : "nudge-start", { k: String(this.k + 1) })));
    else {
      const moves = z.slice(0, 4).flatMap((dz, j) => [j ? ", " : "", `z${low(j + 1)} `, value(dz)]);
      this.#words.replaceChildren(...nodes(say("nudge-moves", { k: String(this.k + 1), by: value(by), z: z.length > 4 ? [...moves, " …"] : moves, cost: plain(cost - start), slope: blame((cost - start) / by) })));
    }
  }
}
