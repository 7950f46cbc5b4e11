// The inspector: cards of what is pinned or pointed at. They stay live while it trains and while somebody looks around.

import { Card } from "./cards.js";
import { copyExactly } from "./copying.js";
import { nameOf, targetOf } from "../picture/pointing.js";
import { makeRoom } from "./room.js";
import { Traces } from "../server/traces.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../picture/pointing.js").Target} Target */

/** While it plays, cards are filled from the frames, so often, ms. */
const PLAYING_MS = 250;
/** A card that was only pointed at stays for so long, so that one can get to it, ms. */
const GRACE_MS = 600;

export class Inspector {
  #box = /** @type {HTMLElement} */ (document.getElementById("inspector"));
  #hint = document.getElementById("inspector-hint");
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** @type {Seen | null} */
  #seen = null;
  #filledAt = 0;
  /** @type {Target | null} what was pointed at last, as long as its card may stay */
  #lingering = null;
  #leaving = 0;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("../store.js").Store} store
   * @param {import("../picture/pointing.js").Pointing} pointing
   */
  constructor(api, store, pointing) {
    this.api = api;
    this.pointing = pointing;
    this.traces = new Traces(api);
    pointing.onChange = () => this.#pointed();
    store.onDraw((seen) => this.#draw(seen));
    this.#box.addEventListener("copy", (event) => copyExactly(event));
    this.#box.addEventListener("pointerenter", () => clearTimeout(this.#leaving));
    this.#box.addEventListener("pointerleave", () => this.#leave());
    this.#box.addEventListener("focusout", () => this.#leave());
    addEventListener("keydown", (event) => this.#key(event));
  }

  /** The theme has changed. */
  repaint() {
    for (const card of this.#cards.values()) card.repaint();
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    const now = performance.now();
    // Between key frames weights are older than blame: their products would not add up.
    if (seen.frame.playing && (!seen.frame.weightsFresh || now - this.#filledAt < PLAYING_MS)) return;
    this.#filledAt = now;
    for (const card of this.#cards.values()) card.fill();
    this.pointing.remark();
  }

  #pointed() {
    const { hovered } = this.pointing;
    if (hovered) this.#lingering = hovered;
    clearTimeout(this.#leaving);
    if (!hovered && !this.#box.matches(":hover")) this.#leave();
    this.#arrange();
  }

  /** Nothing is pointed at any more: after a moment its card goes. */
  #leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => {
      if (this.pointing.hovered || this.#box.matches(":hover, :focus-within")) return;
      this.#lingering = null;
      this.#arrange();
    }, GRACE_MS);
  }

  /** Cards for what is pinned, and for what is pointed at; one that stays keeps its element, and its focus. */
  #arrange() {
    const { pinned } = this.pointing;
    const hovered = this.pointing.hovered ?? this.#lingering;
    const targets = new Map([...(hovered ? [hovered] : []), ...pinned].map((target) => [nameOf(target), target]));
    for (const [name, { element }] of this.#cards)
      if (!targets.has(name)) {
        element.remove();
        this.#cards.delete(name);
      }
    for (const [name, target] of targets) {
      if (!this.#cards.has(name)) this.#cards.set(name, this.#make(target));
      /** @type {Card} */ (this.#cards.get(name)).pin(pinned.some((one) => nameOf(one) === name));
    }
    if (this.#hint) this.#hint.hidden = targets.size > 0;
    makeRoom(this.#box, [...this.#cards.keys()]);
  }

  /** @param {Target} target */
  #make(target) {
    const card = new Card(target, {
      api: this.api,
      traces: this.traces,
      seen: () => this.#seen,
      unpin: () => this.pointing.toggle(target),
      pin: () => this.pointing.pin(target),
      point: (on) => this.pointing.show(on ? target : null),
    });
    this.#box.prepend(card.element);
    card.fill();
    return card;
  }

  /** Esc lets go; `i` goes from the picture to the card of what has the focus, and back. @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], :popover-open")) return;
    if (event.key === "Escape") this.#release();
    else if (event.key.toLowerCase() === "i" && !(event.target instanceof HTMLInputElement && event.target.type === "text") && this.#jump(event.target)) event.preventDefault();
  }

  #release() {
    const back = this.#cardOf(document.activeElement)?.target ?? null;
    this.#lingering = null;
    this.pointing.release();
    this.#arrange();
    if (back) this.pointing.focus(back);
  }

  /** @param {EventTarget | null} from @returns {boolean} whether there was somewhere to go */
  #jump(from) {
    const card = this.#cardOf(from instanceof Element ? from : null);
    if (card) return this.pointing.focus(card.target);
    const target = targetOf(from) ?? this.pointing.pinned[0] ?? null;
    if (!target) return false;
    this.pointing.pin(target);
    this.#cards.get(nameOf(target))?.element.focus();
    return true;
  }

  /** @param {Element | null} element */
  #cardOf(element) {
    const name = /** @type {HTMLElement | null} */ (element?.closest("#inspector .card"))?.dataset.of;
    return name ? (this.#cards.get(name) ?? null) : null;
  }
}

