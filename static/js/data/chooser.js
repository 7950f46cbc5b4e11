// Choosing the example on view: all of them, the wrong ones first on request, each with what the network says of it.

import { Refusal, watching } from "../server/api.js";
import * as examples from "./examples.js";
import { option, paint } from "./thumbs.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./examples.js").Example} Example */

/** Where the panel takes the whole place of the picture, as in the style sheet. */
const NARROW = "(width <= 700px)";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Chooser {
  #panel = byId("examples");
  #list = byId("examples-list");
  #order = /** @type {HTMLSelectElement} */ (byId("examples-order"));
  /** @type {Example[]} */
  #shown = [];
  /** @type {import("./examples.js").Page | null} */
  #page = null;
  /** What the list depends on; empty: no frame has come yet that it belongs to. */
  #listOf = "";
  #asked = 0;
  /** @type {Seen | null} */
  #seen = null;
  /** @type {Element | null} what had the focus before */
  #opener = null;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../run/transport.js").Transport} transport
   * @param {import("./maps.js").ResponseMaps | null} maps
   */
  constructor(store, transport, maps) {
    this.transport = transport;
    this.maps = maps;
    this.#list.role = "listbox";
    this.#list.setAttribute("aria-labelledby", "examples-title");
    document.addEventListener("click", ({ target }) => target instanceof Element && target.closest("[data-examples]") && this.toggle());
    document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.#escape(event));
    // On a phone another part of the page takes the same place.
    document.getElementById("tabs")?.addEventListener("click", () => this.open && this.close());
    byId("examples-close").addEventListener("click", () => this.close());
    byId("examples-part").addEventListener("change", () => this.#load());
    this.#order.addEventListener("change", () => this.#load());
    byId("examples-again").addEventListener("click", () => this.#load());
    byId("examples-more").addEventListener("click", () => this.#load(this.#shown.length));
    this.#list.addEventListener("click", ({ target }) => this.#choose(target));
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    store.onDraw((seen) => this.#draw(seen));
  }

  get open() {
    return !this.#panel.hidden;
  }

  toggle() {
    if (this.open) this.close();
    else this.show();
  }

  show() {
    this.#opener = document.activeElement;
    this.#arrange(true);
    if (this.#seen) this.#draw(this.#seen);
    if (!this.#page || this.#stale()) this.#load(0, true);
    else {
      this.repaint();
      this.#focus(this.#current());
    }
  }

  close() {
    const inside = this.#panel.contains(document.activeElement);
    this.#arrange(false);
    // The picture, and all in it, may be another one by now.
    const opener = this.#opener?.isConnected ? this.#opener : document.getElementById(this.#opener?.id ?? "");
    if (inside) /** @type {HTMLElement | null} */ (opener)?.focus();
  }

  /** The panel takes the place of the settings. @param {boolean} open */
  #arrange(open) {
    this.#panel.hidden = !open;
    byId("left").inert = open;
    document.body.toggleAttribute("data-choosing", open);
  }

  /** Paint the pictures again: another theme. */
  repaint() {
    if (!this.open) return;
    for (const [i, option] of [...this.#list.children].entries()) this.#paint(/** @type {HTMLElement} */ (option), this.#shown[i]);
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (!this.open || document.querySelector("dialog[open], :popover-open")) return;
    event.preventDefault();
    this.close();
  }

  /** @returns {examples.Part} */
  get #part() {
    return /** @type {examples.Part} */ (/** @type {HTMLInputElement} */ (this.#panel.querySelector("input[name='examples-part']:checked")).value);
  }

  #stale() {
    const [seen, page] = [this.#seen, this.#page];
    if (!seen || !page) return false;
    // The list may be newer than the frame on view.
    if (!this.#listOf && examples.resultOf(seen.frame) === page.step) this.#listOf = examples.dependsOn(seen, this.#part);
    return examples.dependsOn(seen, this.#part) !== this.#listOf;
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    if (!this.open) return;
    for (const count of /** @type {NodeListOf<HTMLElement>} */ (this.#panel.querySelectorAll("[data-count]")))
      count.textContent = examples.countOf(seen, /** @type {examples.Part} */ (count.dataset.count)).toLocaleString("en");
    const classes = seen.topology.data.kind === "classification";
    /** @type {HTMLOptionElement} */ (this.#order.options[1]).hidden = !classes;
    const again = byId("examples-again");
    again.hidden = !this.#page || !this.#stale();
    if (!again.hidden && this.#page) again.textContent = t("examples-again", { step: this.#page.step });
    this.#markCurrent();
  }

  /**
   * @param {number} [offset] how many are there already
   * @param {boolean} [focus] whether to go to the list
   */
  async #load(offset = 0, focus = false) {
    const seen = this.#seen;
    if (!seen) return;
    const [part, order, turn] = [this.#part, /** @type {examples.Order} */ (this.#order.value), ++this.#asked];
    this.#list.setAttribute("aria-busy", "true");
    try {
      const page = await this.transport.api.call("GET", examples.query(part, order, offset));
      const outputs = page.wrong === null && page.inputs?.length ? (await this.transport.api.call("POST", "/predict", { inputs: page.inputs })).outputs : null;
      if (turn !== this.#asked) return;
      this.#refuse("");
      if (offset === 0) this.#listOf = "";
      this.#take(page, examples.rows(page, outputs), offset, seen);
      if (focus) this.#focus(this.#current());
    } catch (error) {
      if (turn === this.#asked) this.#refuse(error);
    }
    this.#list.removeAttribute("aria-busy");
  }

  /** @param {examples.Page} page @param {Example[]} found @param {number} offset @param {Seen} seen */
  #take(page, found, offset, seen) {
    this.#page = page;
    if (offset === 0) {
      this.#shown = [];
      this.#list.replaceChildren();
      this.#list.scrollTop = 0;
      this.#list.dataset.kind = seen.topology.data.image_shape ? "images" : "rows";
    }
    for (const example of found) {
      const made = option(example, seen);
      if (watching()) made.setAttribute("aria-disabled", "true");
      this.#shown.push(example);
      this.#list.append(made);
      this.#paint(made, example);
    }
    byId("examples-said").textContent = said(page, seen);
    byId("examples-key").hidden = !seen.topology.data.image_shape;
    const left = (this.#order.value === "index" ? page.total : page.examined) - this.#shown.length;
    const more = byId("examples-more");
    more.hidden = left <= 0;
    more.textContent = t("examples-more", { count: Math.min(left, examples.PAGE), left });
    this.#draw(this.#seen ?? seen);
    this.#rove(this.#current());
  }

  /** @param {unknown} error empty: all is well */
  #refuse(error) {
    const place = byId("examples-refusal");
    place.textContent = error instanceof Refusal ? error.message : String(error);
    place.hidden = error === "";
  }

  /** @param {HTMLElement} element @param {Example} example */
  #paint(element, example) {
    if (this.#seen) paint(element, example, this.#seen.topology, this.maps);
  }

  #markCurrent() {
    for (const [i, element] of [...this.#list.children].entries()) {
      const current = this.#shown[i].index === this.#seen?.frame.example.index;
      if ((element.getAttribute("aria-selected") === "true") === current) continue;
      element.setAttribute("aria-selected", String(current));
      const spoken = element.querySelector(".spoken");
      if (spoken && this.#seen) spoken.textContent = examples.spoken(this.#shown[i], this.#seen.topology, current);
    }
  }

  #current() {
    return /** @type {HTMLElement | null} */ (this.#list.querySelector("[aria-selected='true']") ?? this.#list.firstElementChild);
  }

  /** @param {HTMLElement | null} one that Tab reaches */
  #rove(one) {
    for (const element of this.#list.children) /** @type {HTMLElement} */ (element).tabIndex = element === one ? 0 : -1;
  }

  /** @param {HTMLElement | null} one */
  #focus(one) {
    if (!one) return;
    this.#rove(one);
    one.focus();
    one.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const options = /** @type {HTMLElement[]} */ ([...this.#list.children]);
    const at = options.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0) return;
    if (event.key === "Enter" || event.key === " ") this.#choose(options[at]);
    else {
      const to = step(event.key, at, options.length, columns(options));
      if (to === null) return;
      if (to >= options.length && !byId("examples-more").hidden) byId("examples-more").focus();
      else this.#focus(options[Math.min(Math.max(to, 0), options.length - 1)]);
    }
    event.preventDefault();
  }

  /** @param {EventTarget | null} target */
  #choose(target) {
    const element = target instanceof Element ? target.closest("[role='option']") : null;
    const example = element && this.#shown[[...this.#list.children].indexOf(element)];
    if (!example || watching()) return;
    this.#rove(/** @type {HTMLElement} */ (element));
    this.transport.run(async (api) => {
      try {
        await api.change({ example: { index: example.index } });
        this.#refuse("");
        // Where the list hides the picture, it makes way.
        if (matchMedia(NARROW).matches) this.close();
      } catch (error) {
        this.#refuse(error);
      }
    });
  }
}

/** @param {examples.Page} page @param {Seen} seen */
const said = (page, seen) => (page.part === "test" && seen.topology.data.n_test === 0 ? t("examples-no-test", { count: seen.topology.data.n_train }) : examples.summary(page));

/**
 * Where an arrow key leads in a grid.
 * @param {string} key @param {number} at @param {number} count @param {number} across
 * @returns {number | null} null: it is none of the grid's keys; beyond the end: to what comes after the grid
 */
export function step(key, at, count, across) {
  if (key === "ArrowLeft") return at - 1;
  if (key === "ArrowRight") return at + 1;
  if (key === "ArrowUp") return at - across < 0 ? at : at - across;
  if (key === "ArrowDown") return at + across >= count && at < count - 1 && Math.floor(at / across) < Math.floor((count - 1) / across) ? count - 1 : at + across;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** @param {HTMLElement[]} options */
function columns(options) {
  const next = options.findIndex((option) => option.offsetTop !== options[0].offsetTop);
  return next < 0 ? options.length : next;
}
