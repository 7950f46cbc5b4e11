// What each feedback operator would send, beside the gradient that the server measures: a dial of angles for each layer.

import { watching } from "../server/api.js";
import { number } from "../words/format.js";
import { measured, misses } from "./misses.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {{norm: number | null, cosine: number | null, angle: number | null}} Arrow */
/** @typedef {{step: number, feedback: string, measured: {layer: number, norm: number}[], operators: {name: string, layers: {layer: number, chain: Arrow, one_hop: Arrow}[]}[]}} Comparison */

/** While it plays the server is asked at most so often, ms. */
const PLAYING_MS = 600;
const SVG = "http://www.w3.org/2000/svg";
const [RADIUS, CENTRE_X, CENTRE_Y] = [46, 60, 58];

export class Compass {
  #panel = /** @type {HTMLDetailsElement | null} */ (document.getElementById("compass-panel"));
  #dials = document.getElementById("compass-dials");
  #table = document.getElementById("compass-table");
  #words = document.getElementById("compass-words");
  #chip = document.getElementById("operator-chip");
  #aside = document.getElementById("compass-aside");
  /** @type {Seen | null} */
  #seen = null;
  #of = "";
  #askedAt = 0;
  #asking = false;
  #timer = 0;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("../store.js").Store} store
   * @param {import("../run/transport.js").Transport} transport
   */
  constructor(api, store, transport) {
    this.api = api;
    this.store = store;
    this.#table?.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button) transport.run((to) => to.change({ feedback: { name: button.value } }));
    });
    this.#panel?.addEventListener("toggle", () => this.#want());
    store.onDraw((seen) => {
      this.#seen = seen;
      this.#want();
    });
  }

  /** Ask for the comparison of the step on view, unless it is here, or nobody looks. */
  #want() {
    if (!this.#seen || !this.#panel || this.#asking) return;
    const { cursor, revision, playing, example } = this.#seen.frame;
    const operator = this.#seen.topology.feedback;
    if (this.#aside) this.#aside.textContent = named(operator);
    const other = operator !== "transpose";
    if (this.#chip) this.#chip.hidden = !other;
    if (!this.#panel.open && !other) return;
    if (this.#seen.topology.layers.length < 3) return this.#tell(t("compass-no-hidden"));
    if (cursor.step === 0) return this.#tell(t("compass-waits"));
    const of = `${cursor.step}/${revision}/${example.index}/${operator}`;
    if (of === this.#of) return;
    const wait = playing ? this.#askedAt + PLAYING_MS - performance.now() : 0;
    clearTimeout(this.#timer);
    if (wait > 0) this.#timer = setTimeout(() => this.#want(), wait);
    else this.#ask(of);
  }

  /** @param {string} of */
  async #ask(of) {
    this.#asking = true;
    this.#askedAt = performance.now();
    try {
      const found = /** @type {Comparison} */ (await this.api.call("GET", "/feedback-comparison"));
      this.#of = of;
      measured(found.step, found.feedback, found.operators.find(({ name }) => name === found.feedback)?.layers ?? []);
      this.#draw(found);
      this.store.ask();
    } catch {
      // The panel keeps what it has; the next frame asks again.
    }
    this.#asking = false;
  }

  /** @param {string} words */
  #tell(words) {
    this.#of = "";
    measured(0, "", []);
    this.#name();
    this.#dials?.replaceChildren();
    this.#table?.replaceChildren();
    if (this.#words) this.#words.textContent = words;
  }

  /** In the picture: what stands in the transpose's place, and how far off each layer is. */
  #name() {
    if (!this.#chip || !this.#seen) return;
    const angles = misses(this.#seen.topology.feedback);
    const operator = named(this.#seen.topology.feedback);
    this.#chip.textContent = angles ? t("operator-chip-off", { operator, angles }) : t("operator-chip", { operator });
  }

  /** @param {Comparison} found */
  #draw({ step, feedback, operators, measured }) {
    this.#name();
    const chosen = this.#seen?.topology.feedback ?? feedback;
    const about = { step: String(step), operator: named(feedback), chosen: named(chosen) };
    if (this.#words) this.#words.textContent = t(chosen === feedback ? "compass-about" : "compass-would", about);
    const own = operators.find(({ name }) => name === chosen);
    this.#dials?.replaceChildren(...(own?.layers ?? []).map((one) => dial(one, measured.find(({ layer }) => layer === one.layer)?.norm ?? 0)));
    this.#table?.replaceChildren(...rows(operators, chosen));
  }
}

/** @param {string} operator */
const named = (operator) => t(`option-feedback-${operator.replaceAll("_", "-")}`);

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [words] */
function svg(name, attributes, words = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = words;
  return made;
}

/** @param {number} angle degrees, 0 to the right @param {number} length px */
const at = (angle, length) => [CENTRE_X + length * Math.cos((angle * Math.PI) / 180), CENTRE_Y - length * Math.sin((angle * Math.PI) / 180)];

/**
 * One layer: where the gradient points (to the right), and where what is sent points.
 * @param {{layer: number, chain: Arrow, one_hop: Arrow}} one
 * @param {number} truth norm of the gradient
 */
function dial({ layer, chain }, truth) {
  const figure = document.createElement("figure");
  figure.className = "dial";
  figure.dataset.layer = String(layer);
  figure.dataset.angle = chain.angle === null ? "" : String(chain.angle);
  figure.dataset.norm = String(chain.norm);
  const picture = svg("svg", { viewBox: "0 0 120 66", role: "img", "aria-label": t("compass-dial", { layer: String(layer), angle: written(chain.angle) }) });
  picture.append(svg("path", { class: "dial-arc", d: `M${CENTRE_X - RADIUS} ${CENTRE_Y}A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE_X + RADIUS} ${CENTRE_Y}` }));
  for (const degrees of [0, 45, 90, 135, 180]) {
    const [[x0, y0], [x1, y1]] = [at(degrees, RADIUS - 3), at(degrees, RADIUS + 3)];
    picture.append(svg("path", { class: "dial-tick", d: `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}` }));
  }
  if (chain.angle !== null) {
    const [x, y] = at(chain.angle, RADIUS - 6);
    picture.append(svg("path", { class: "dial-needle", d: `M${CENTRE_X} ${CENTRE_Y}L${x.toFixed(1)} ${y.toFixed(1)}` }));
  }
  picture.append(svg("circle", { class: "dial-hub", cx: CENTRE_X, cy: CENTRE_Y, r: 3.5 }));
  const caption = document.createElement("figcaption");
  const name = document.createElement("b");
  name.textContent = written(chain.angle);
  const ratio = truth > 0 && chain.norm !== null ? `${number(chain.norm / truth)}×` : "–";
  caption.append(t("compass-layer", { layer: String(layer) }), " ", name, ` · ${ratio}`);
  figure.append(picture, caption);
  return figure;
}

/** @param {number | null} angle degrees */
const written = (angle) => (angle === null ? "–" : `${angle < 0.05 ? "0" : angle.toFixed(1)}°`);

/** @param {Comparison["operators"]} operators @param {string} feedback the one that is chosen */
function rows(operators, feedback) {
  const layers = operators[0]?.layers ?? [];
  const head = document.createElement("tr");
  for (const words of [t("compass-operator"), ...layers.map(({ layer }) => t("compass-layer", { layer: String(layer) }))]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = words;
    head.append(cell);
  }
  const body = operators.map(({ name, layers: of }) => {
    const row = document.createElement("tr");
    row.dataset.operator = name;
    if (name === feedback) row.setAttribute("aria-current", "true");
    const first = document.createElement("th");
    first.scope = "row";
    const choose = document.createElement("button");
    choose.type = "button";
    choose.className = "compass-choose";
    choose.value = name;
    choose.disabled = watching();
    choose.setAttribute("aria-pressed", String(name === feedback));
    if (!watching()) choose.title = t("compass-choose");
    choose.textContent = named(name);
    first.append(choose);
    row.append(first);
    for (const { chain } of of) row.insertCell().textContent = written(chain.angle);
    return row;
  });
  return [head, ...body];
}
