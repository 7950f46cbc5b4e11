// The inspector: cards of what is pinned or pointed at, read from the float64 trace, with weights and biases edited in place.

import { Refusal } from "./api.js";
import { clone, field, fillConnection, fillNeuron } from "./cards.js";
import { parse } from "./format.js";
import { nameOf } from "./pointing.js";
import { Traces } from "./traces.js";

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {import("./pointing.js").Target} Target */
/** @typedef {{target: Target, element: HTMLElement}} Card */

/** While it plays, the trace is not read: the frames' numbers have to do, so often, ms. */
const PLAYING_MS = 250;

export class Inspector {
  #box = /** @type {HTMLElement} */ (document.getElementById("inspector"));
  #hint = document.getElementById("inspector-hint");
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** @type {Seen | null} */
  #seen = null;
  #filledAt = 0;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./store.js").Store} store
   * @param {import("./pointing.js").Pointing} pointing
   */
  constructor(api, store, pointing) {
    this.api = api;
    this.pointing = pointing;
    this.traces = new Traces(api);
    pointing.onChange = () => this.#arrange();
    store.onDraw((seen) => this.#draw(seen));
    this.#box.addEventListener("copy", (event) => copyExactly(event));
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], :popover-open")) pointing.release();
    });
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    const now = performance.now();
    if (seen.frame.playing && now - this.#filledAt < PLAYING_MS) return;
    this.#filledAt = now;
    for (const card of this.#cards.values()) this.#fill(card);
  }

  /** Cards for what is pinned, and for what is pointed at; one that stays keeps its element, and its focus. */
  #arrange() {
    const { pinned, hovered } = this.pointing;
    const targets = new Map([...(hovered ? [hovered] : []), ...pinned].map((target) => [nameOf(target), target]));
    for (const [name, { element }] of this.#cards)
      if (!targets.has(name)) {
        element.remove();
        this.#cards.delete(name);
      }
    for (const [name, target] of targets) {
      if (!this.#cards.has(name)) this.#cards.set(name, this.#make(target));
      const card = /** @type {Card} */ (this.#cards.get(name));
      const isPinned = pinned.some((one) => nameOf(one) === name);
      card.element.toggleAttribute("data-pinned", isPinned);
      const unpin = /** @type {HTMLElement | null} */ (card.element.querySelector(".unpin"));
      if (unpin) unpin.hidden = !isPinned;
      this.#fill(card);
    }
    if (this.#hint) this.#hint.hidden = targets.size > 0;
  }

  /** @param {Target} target @returns {Card} */
  #make(target) {
    const element = clone(`card-${target.kind}`);
    element.dataset.of = nameOf(target);
    element.querySelector(".unpin")?.addEventListener("click", () => this.pointing.toggle(target));
    const input = /** @type {HTMLInputElement | null} */ (element.querySelector("input.edit"));
    if (input) this.#editable(input, element, target);
    this.#box.prepend(element);
    return { target, element };
  }

  /** @param {Card} card */
  async #fill({ target, element }) {
    const seen = this.#seen;
    if (!seen) return;
    const { layer } = target;
    const write = (/** @type {any} */ exact, /** @type {any} */ other) => {
      if (target.kind === "connection") fillConnection(element, target, seen, exact, other);
      else fillNeuron(element, target, seen, exact, other);
    };
    write(null, null);
    if (seen.frame.playing) return;
    const beside = target.kind === "connection" ? layer - 1 : layer + 1;
    const [exact, other] = await Promise.all([
      layer === 1 && seen.frame.cursor.step === 0 ? null : this.traces.layer(seen, layer),
      beside > seen.topology.layers.length ? null : this.traces.layer(seen, beside),
    ]);
    if (seen === this.#seen) write(exact, other?.a.length || target.kind === "neuron" ? other : null);
  }

  /**
   * A weight or a bias is edited where it stands: Enter or leaving commits, Esc takes back.
   * @param {HTMLInputElement} input
   * @param {HTMLElement} card
   * @param {Target} target
   */
  #editable(input, card, target) {
    let before = "";
    input.addEventListener("focus", () => {
      before = input.value = (input.dataset.exact ?? "").replace("-", "−");
      input.select();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") input.value = before;
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        input.blur();
      }
    });
    input.addEventListener("blur", () => {
      if (input.value === before) return this.#restore(target);
      const value = parse(input.value);
      if (value === null) return this.#refuse(card, input, `“${input.value}” is not a number. Write one like −0.5 or 1e-3.`, target);
      return this.#commit(card, input, target, value);
    });
  }

  /** @param {HTMLElement} card @param {HTMLInputElement} input @param {Target} target @param {number} value */
  async #commit(card, input, target, value) {
    const { kind, layer, j } = target;
    try {
      await this.api.edit(kind === "connection" ? { weights: [{ layer, j, k: target.k, value }] } : { biases: [{ layer, j, value }] });
      this.#refuse(card, input, "", null);
    } catch (error) {
      this.#refuse(card, input, error instanceof Refusal ? error.errors[0]?.msg ?? error.message : String(error), target);
    }
  }

  /** @param {HTMLElement} card @param {HTMLInputElement} input @param {string} sentence empty: all is well @param {Target | null} target to show again as it is */
  #refuse(card, input, sentence, target) {
    const place = field(card, "refusal");
    if (place) {
      place.textContent = sentence;
      place.hidden = sentence === "";
    }
    input.setAttribute("aria-invalid", String(sentence !== ""));
    if (target) this.#restore(target);
  }

  /** @param {Target} target */
  #restore(target) {
    const card = this.#cards.get(nameOf(target));
    if (card) this.#fill(card);
  }
}

/** All digits go to the clipboard when one number is copied. @param {ClipboardEvent} event */
function copyExactly(event) {
  const anchor = getSelection()?.anchorNode;
  const element = anchor instanceof Element ? anchor : anchor?.parentElement;
  const cell = element?.closest("[data-exact]");
  if (!(cell instanceof HTMLElement) || !cell.dataset.exact || !cell.contains(getSelection()?.focusNode ?? null)) return;
  event.clipboardData?.setData("text/plain", cell.dataset.exact);
  event.preventDefault();
}
