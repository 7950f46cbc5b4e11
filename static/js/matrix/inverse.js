// Why not the inverse: both arrows of one matrix, the wedge that the inverse cannot leave, and a slider for the condition number.

import { watching } from "../server/api.js";
import { node } from "./drawing.js";
import { nodes } from "../words/typeset.js";
import { plain, strong } from "../words/words.js";
import { say, t } from "../words/texts.js";

/** @typedef {{shape: [number, number], rank: number, condition: number | null, worst_cosine: number | null, cosine: number | null, angle: number | null, transpose: {norm: number}, inverse: {norm: number}, weights: number[][] | null}} Spectrum */

/** Where both arrows begin, in px of the picture: neither turns from the other by more than 90 degrees. */
const FOOT = /** @type {const} */ ([30, 150]);
const LONG = 118;
/** The slider goes from 1 to 10 to this power. */
const DECADES = 3;
const WAIT_MS = 60;

export class Inverse {
  #card = /** @type {HTMLElement} */ (document.getElementById("matrix-inverse"));
  #slider = /** @type {HTMLInputElement} */ (document.getElementById("inverse-kappa"));
  #picture = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("inverse-picture")));
  #words = /** @type {HTMLElement} */ (document.getElementById("inverse-words"));
  #double = /** @type {HTMLInputElement} */ (document.getElementById("inverse-double"));
  #use = /** @type {HTMLButtonElement} */ (document.getElementById("inverse-use"));
  /** @type {Spectrum | null} */
  #found = null;
  #of = "";
  #timer = 0;
  #layer = 0;
  #tried = false;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("../run/transport.js").Transport} transport
   */
  constructor(api, transport) {
    this.api = api;
    this.transport = transport;
    this.#slider.addEventListener("input", () => {
      this.#tried = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
    });
    document.getElementById("inverse-own")?.addEventListener("click", () => {
      this.#tried = false;
      this.#ask();
    });
    this.#double.addEventListener("change", () => this.#draw());
    this.#use.addEventListener("click", () => this.#put());
  }

  get kappa() {
    return 10 ** (Number(this.#slider.value) * DECADES);
  }

  /** @param {import("./model.js").Model} model @param {import("../store.js").Seen} seen */
  take(model, seen) {
    const { cursor, revision, example } = seen.frame;
    const known = cursor.step > 0 && model.delta !== null && !seen.frame.playing;
    const of = known ? `${seen.cursor.step}/${revision}/${example.index}/${model.layer}` : "";
    if (of === this.#of) return;
    this.#of = of;
    this.#layer = model.layer;
    this.#tried = false;
    this.#found = null;
    if (known) this.#ask();
    else {
      this.#picture.replaceChildren();
      this.#words.replaceChildren(...nodes(say("inverse-waits")));
    }
  }

  async #ask() {
    const of = this.#of;
    const query = `/spectrum?layer=${this.#layer}${this.#tried ? `&kappa=${this.kappa}` : ""}`;
    const found = await this.api.call("GET", query).catch(() => null);
    if (!found || of !== this.#of) return;
    this.#found = found;
    if (!this.#tried && found.condition) this.#slider.value = String(Math.min(1, Math.log10(found.condition) / DECADES));
    this.#draw();
  }

  #draw() {
    const found = this.#found;
    if (!found) return;
    const [m, n] = found.shape;
    const scale = this.#double.checked ? 2 : 1;
    this.#card.dataset.condition = String(found.condition);
    this.#card.dataset.cosine = String(found.cosine);
    this.#use.hidden = !this.#tried || !found.weights || watching();
    this.#slider.setAttribute("aria-valuetext", found.condition === null ? t("inverse-no-condition") : t("inverse-kappa-value", { kappa: found.condition.toPrecision(3) }));
    this.#picture.replaceChildren();
    if (found.worst_cosine !== null) this.#wedge(Math.acos(Math.min(1, found.worst_cosine)));
    const [down, up] = [found.transpose.norm * scale, found.inverse.norm / scale];
    const longest = Math.max(found.transpose.norm * 2, found.inverse.norm, 1e-12);
    this.#arrow(0, (down / longest) * LONG, "inverse-transpose", "T");
    if (found.angle !== null) this.#arrow((found.angle * Math.PI) / 180, (up / longest) * LONG, "inverse-arrow", m === n ? "−1" : "+");
    this.#picture.setAttribute("aria-label", t("inverse-picture", { angle: found.angle === null ? "–" : found.angle.toFixed(1) }));
    const parts = [
      ...say("inverse-angle", { angle: strong(found.angle === null ? "–" : `${found.angle.toFixed(1)}°`), cosine: plain(found.cosine), kappa: plain(found.condition) }),
      " ",
      ...(found.worst_cosine === null ? say("inverse-no-bound") : say("inverse-worst", { worst: plain(found.worst_cosine) })),
      " ",
      ...say(m === n ? "inverse-square" : m > n ? "inverse-tall" : "inverse-wide", { m: String(m), n: String(n) }),
      " ",
      ...say("inverse-lengths", { down: plain(down), up: plain(up) }),
    ];
    this.#words.replaceChildren(...nodes(parts));
  }

  /** Where the inverse may be: within this angle on both sides. @param {number} half radians */
  #wedge(half) {
    const [x, y] = FOOT;
    const at = (/** @type {number} */ angle) => `${(x + LONG * Math.cos(angle)).toFixed(1)} ${(y - LONG * Math.sin(angle)).toFixed(1)}`;
    node("path", { class: "inverse-wedge", d: `M${x} ${y}L${at(0)}A${LONG} ${LONG} 0 0 0 ${at(half)}Z` }, this.#picture);
  }

  /** @param {number} angle @param {number} length px @param {string} name @param {string} power */
  #arrow(angle, length, name, power) {
    const [x, y] = FOOT;
    const reach = Math.max(length, 14);
    const group = node("g", { class: name, transform: `translate(${x} ${y}) rotate(${((-angle * 180) / Math.PI).toFixed(2)})` }, this.#picture);
    node("path", { d: `M0 0H${(reach - 8).toFixed(1)}` }, group);
    node("path", { class: "tip", d: `M${reach.toFixed(1)} 0l-13 -6v12z` }, group);
    const label = node("text", { class: name, x: (x + (reach + 22) * Math.cos(angle)).toFixed(1), y: (y - (reach + 22) * Math.sin(angle) + (angle < 0.35 && name === "inverse-transpose" ? 16 : 0)).toFixed(1) }, this.#picture);
    label.textContent = "W";
    const raised = node("tspan", { dy: -6, class: "power" }, label);
    raised.textContent = power;
    const delta = node("tspan", { dy: 6 }, label);
    delta.textContent = "δ";
  }

  /** The weights of the slider become the network's own. */
  #put() {
    const { weights } = this.#found ?? {};
    if (!weights) return;
    const edits = weights.flatMap((row, j) => row.map((x, k) => ({ layer: this.#layer, j: j + 1, k: k + 1, value: x })));
    this.transport.run((api) => api.edit({ weights: edits }));
  }
}
