// Hints in place: one at a time beside what it explains, until it has been done, or dismissed for good.

import { recall, remember } from "./memory.js";
import { say } from "../words/texts.js";
import { nodes } from "../words/typeset.js";

/** @typedef {import("../store.js").Seen} Seen */
/**
 * @typedef {object} Tip
 * @property {string} name
 * @property {string} behind what it stands behind
 * @property {string} [narrow] the same on a phone
 * @property {(seen: Seen) => boolean} relevant
 * @property {string} tried what shows, pressed or clicked, that it is known
 */

const PHONE = matchMedia("(width <= 700px)");
/** What is dismissed is kept under this name; `none`: no hints any more. */
const KEPT = "tips";
const NONE = "none";

/** After so many steps one knows how to take them, and has come somewhere. */
const FEW = 3;
/** Whoever points at something so long has seen what that does, ms. */
const POINTED_MS = 1000;
const POINTED = "#network :is(.hit, .neuron)";
/** What is in view is looked at so often at most, ms: it costs a layout. */
const LOOK_MS = 250;

/** @type {Tip[]} the first that is relevant is shown */
const TIPS = [
  { name: "step", behind: ".transport .next", narrow: "#legend .spring", relevant: ({ frame }) => frame.lastStep < FEW, tried: "#forward" },
  { name: "point", behind: "#legend .spring", relevant: ({ frame }) => frame.lastStep > 0, tried: POINTED },
  { name: "scrub", behind: "#legend .spring", relevant: ({ frame }) => frame.lastStep > 0, tried: "#timeline" },
  { name: "run", behind: "#cost-panel .run-where", relevant: ({ frame }) => frame.lastStep >= FEW, tried: "#cost-chart" },
  { name: "add", behind: "#map-panel .map-tools:has(#aim-mode)", relevant: ({ frame }) => frame.lastStep >= FEW, tried: "#aim-mode" },
];

/**
 * The hint to show: the first that is relevant, not known yet, and has its place in view.
 * @param {Tip[]} tips
 * @param {Set<string>} known
 * @param {(tip: Tip) => boolean} fits whether it is relevant and its place in view
 */
export const chosen = (tips, known, fits) => (known.has(NONE) ? null : (tips.find((tip) => !known.has(tip.name) && fits(tip)) ?? null));

export class Tips {
  #known = new Set((recall(KEPT) ?? "").split(" ").filter(Boolean));
  #node = made();
  /** @type {Tip | null} */
  #shown = null;
  /** @type {Seen | null} */
  #seen = null;
  #asked = 0;
  #pointing = 0;

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.#build();
    store.onDraw((seen) => {
      this.#seen = seen;
      this.#ask();
    });
    addEventListener("pointerdown", ({ target }) => this.#tried(target), true);
    addEventListener("pointerover", ({ target }) => this.#pointed(target));
    addEventListener("keydown", ({ key }) => key === "ArrowRight" && this.#learn("step"));
    for (const moved of ["resize", "scroll", "click", "close", "toggle"]) addEventListener(moved, () => this.#ask(), true);
    document.getElementById("tips-again")?.addEventListener("click", () => this.again());
  }

  #build() {
    this.#node.querySelector(".tip-close")?.addEventListener("click", () => this.#shown && this.#learn(this.#shown.name));
    this.#node.querySelector(".tip-none")?.addEventListener("click", () => this.#learn(NONE));
  }

  /** All hints are shown once more. */
  again() {
    this.#known.clear();
    remember(KEPT, null);
    this.#ask();
  }

  /** @param {string} name */
  #learn(name) {
    if (this.#known.has(name)) return;
    this.#known.add(name);
    remember(KEPT, [...this.#known].join(" "));
    this.#ask();
  }

  /** @param {EventTarget | null} target */
  #tried(target) {
    if (!(target instanceof Element)) return;
    for (const { name, tried } of TIPS) if (target.closest(tried)) this.#learn(name);
  }

  /** @param {EventTarget | null} target */
  #pointed(target) {
    clearTimeout(this.#pointing);
    if (target instanceof Element && target.closest(POINTED)) this.#pointing = setTimeout(() => this.#learn("point"), POINTED_MS);
  }

  #ask() {
    if (!this.#asked) this.#asked = setTimeout(() => this.#choose(), LOOK_MS);
  }

  #choose() {
    this.#asked = 0;
    const seen = this.#seen;
    const tip = seen && chosen(TIPS, this.#known, (one) => one.relevant(seen) && inView(placeOf(one)?.parentElement));
    if (tip === this.#shown && (!tip || this.#node.isConnected)) return;
    this.#shown = tip;
    this.#node.remove();
    if (!tip) return;
    this.#node.dataset.tip = tip.name;
    this.#node.querySelector("span")?.replaceChildren(...nodes(say(`tip-${tip.name}`, { hand: PHONE.matches ? "finger" : "pointer" })));
    placeOf(tip)?.after(this.#node);
  }
}

/** @returns {HTMLElement} */
function made() {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("tip"));
  return /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (template.content.firstElementChild).cloneNode(true));
}

/** @param {Tip} tip @returns {Element | null} */
const placeOf = ({ behind, narrow }) => document.querySelector((PHONE.matches && narrow) || behind);

/** @param {Element | null | undefined} place whether somebody sees it: nothing lies over it, and it is in the window */
function inView(place) {
  if (!place?.checkVisibility()) return false;
  const { left, top, width, height } = place.getBoundingClientRect();
  const found = document.elementFromPoint(left + width / 2, top + height / 2);
  return found !== null && (place.contains(found) || found.contains(place));
}
