// The network's shape, changed on the picture itself: the buttons are submit buttons of the network's form, and stand over
// the heads of the layers, wherever the picture has them.

import { byPointer } from "../page/hand.js";
import { recall, remember } from "../page/memory.js";

/** @typedef {{layer: number, left: number, right: number}} Head where the words over a layer stand, px */
/** @typedef {{heads: {layer: number, left: number, width: number}[], inserts: {before: number, x: number}[], counts: boolean}} Arranged */

/** Room around the words of a head, and for the mark that says that it opens, px. */
const AROUND = 6;
const OPENS = 16;
/** Width of a button, and the least distance between two, px. */
const BUTTON = 24;
const APART = 3;
/** The note stays so far from the edges of the picture, px. */
const EDGE = 4;
/** Menus: their width as in the style sheet, the distance from the window's edges, and how low they may be at least, px. */
const WIDE = 280;
const FROM_EDGE = 12;
const LOW = 160;

/**
 * Where the buttons go: what there is no room for is left to the menus of the heads.
 * @param {Head[]} heads from left to right; all but the first and the last can have more and fewer neurons
 * @returns {Arranged}
 */
export function arrange(heads) {
  const counted = (/** @type {number} */ i) => i > 0 && i < heads.length - 1;
  /** @param {number} i @param {boolean} counts */
  const gap = (i, counts) => {
    const used = (counts && counted(i) ? BUTTON : 0) + (counts && counted(i + 1) ? BUTTON : 0);
    return { from: heads[i].right + OPENS + (counts && counted(i) ? BUTTON : 0), room: heads[i + 1].left - heads[i].right - OPENS - AROUND - used };
  };
  const gaps = heads.slice(1).map((_, i) => i);
  const counts = gaps.every((i) => gap(i, true).room >= APART);
  const inserts = gaps
    .map((i) => ({ before: heads[i + 1].layer, ...gap(i, counts) }))
    .filter(({ room }) => room >= BUTTON + 2 * APART)
    .map(({ before, from, room }) => ({ before, x: from + room / 2 }));
  return { heads: heads.map(({ layer, left, right }) => ({ layer, left: left - AROUND, width: right - left + AROUND + OPENS })), inserts, counts };
}

export class Shape {
  #bar = /** @type {HTMLElement | null} */ (document.getElementById("shape"));
  #note = /** @type {HTMLElement} */ (document.getElementById("shape-note"));
  /** @type {HTMLElement | null} the button of the picture that was pressed last */
  #pressed = null;

  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    const bar = this.#bar;
    if (!bar) return;
    scene.onBound(() => this.place());
    new ResizeObserver(() => this.place()).observe(scene.stage);
    document.fonts?.ready.then(() => this.place());
    bar.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.#tell(buttonOf(event.target)));
    bar.addEventListener("focusin", ({ target }) => byPointer() || this.#tell(buttonOf(target)));
    for (const event of ["pointerleave", "focusout"]) bar.addEventListener(event, () => this.#tell(null));
    bar.addEventListener("keydown", (event) => this.#walk(event));
    document.addEventListener("click", ({ target }) => this.#press(buttonOf(target)), { capture: true });
    document.addEventListener("htmx:after:swap", () => this.#refused());
    for (const menu of menus()) menu.addEventListener("beforetoggle", () => this.#openAt(menu));
    this.#return();
  }

  /** Where the picture is not seen as a whole, the heads are elsewhere. @param {boolean} hidden */
  hide(hidden) {
    if (this.#bar) this.#bar.hidden = hidden;
    if (hidden) this.#note.hidden = true;
  }

  /** Put every button over its head. */
  place() {
    const bar = /** @type {HTMLElement} */ (this.#bar);
    const origin = this.scene.stage.getBoundingClientRect();
    /** @type {Head[]} */
    const heads = [...this.scene.svg.querySelectorAll("text.head")].map((text) => {
      const { left, right } = text.getBoundingClientRect();
      return { layer: Number(/** @type {SVGElement} */ (text).dataset.layer), left: left - origin.left, right: right - origin.left };
    });
    const places = arrange(heads);
    bar.toggleAttribute("data-counts", places.counts);
    for (const { layer, left, width } of places.heads) {
      const group = /** @type {HTMLElement | null} */ (bar.querySelector(`.shape-layer[data-layer="${layer}"]`));
      const head = /** @type {HTMLElement | null} */ (group?.querySelector(".shape-head"));
      if (!group || !head) continue;
      const before = places.counts && group.querySelector(".shape-count") ? BUTTON : 0;
      group.style.left = `${left - before}px`;
      head.style.width = `${width}px`;
    }
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (bar.querySelectorAll(".shape-insert"))) {
      const found = places.inserts.find(({ before }) => button.value === `insert-${before}`);
      button.hidden = !found;
      if (found) button.style.left = `${found.x - BUTTON / 2}px`;
    }
    this.#rove(bar.querySelector("[tabindex='0']:not([hidden])") ?? this.#buttons()[0]);
  }

  /** The buttons that are there, from left to right. */
  #buttons() {
    const all = /** @type {NodeListOf<HTMLButtonElement>} */ (this.#bar?.querySelectorAll("button"));
    return [...all].filter((button) => button.checkVisibility() && !button.disabled);
  }

  /** One of them is reached by Tab, the others from it. @param {HTMLElement | undefined | null} one */
  #rove(one) {
    for (const button of this.#bar?.querySelectorAll("button") ?? []) button.tabIndex = button === one ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const button = buttons[Math.min(Math.max(to, 0), buttons.length - 1)];
    this.#rove(button);
    button.focus();
  }

  /** What a button does is said under it. @param {HTMLElement | null} button */
  #tell(button) {
    const note = this.#note;
    if (note.classList.contains("refusal")) return;
    const said = button?.dataset.note ?? "";
    note.hidden = said === "";
    if (!button || !said) return;
    note.textContent = said;
    this.#under(button);
  }

  /** @param {HTMLElement} button */
  #under(button) {
    const [origin, at] = [this.scene.stage.getBoundingClientRect(), button.getBoundingClientRect()];
    const half = this.#note.offsetWidth / 2;
    const middle = (at.left + at.right) / 2 - origin.left;
    this.#note.style.left = `${Math.min(Math.max(middle, half + EDGE), origin.width - half - EDGE)}px`;
  }

  /** @param {HTMLElement | null} button */
  #press(button) {
    this.#note.classList.remove("refusal");
    this.#note.hidden = true;
    this.#pressed = button?.getAttribute("form") === "network-form" ? button : null;
    // The new run has a page of its own: whoever came by keyboard goes on from the same place there.
    if (this.#pressed && !byPointer()) remember("shape", /** @type {HTMLButtonElement} */ (button).value);
  }

  /** The form came back with a sentence: it is said where the button was pressed, too. */
  #refused() {
    const sentence = document.querySelector("#network-form .refusal")?.textContent;
    if (!this.#pressed || !sentence) return;
    const menu = /** @type {HTMLElement | null} */ (this.#pressed.closest("[popover]"));
    const beside = menu ? headOf(menu) : this.#pressed;
    menu?.hidePopover();
    remember("shape", null);
    Object.assign(this.#note, { textContent: sentence, hidden: false });
    this.#note.classList.add("refusal");
    this.#note.setAttribute("role", "alert");
    if (beside) this.#under(beside);
    this.#pressed = null;
  }

  /** @param {HTMLElement} menu */
  #openAt(menu) {
    const at = headOf(menu)?.getBoundingClientRect();
    if (!at) return;
    const width = Math.min(WIDE, innerWidth - 2 * FROM_EDGE);
    menu.style.left = `${Math.min(Math.max(at.left, FROM_EDGE), innerWidth - width - FROM_EDGE)}px`;
    menu.style.top = `${at.bottom + 4}px`;
    menu.style.maxHeight = `${Math.max(innerHeight - at.bottom - FROM_EDGE, LOW)}px`;
  }

  #return() {
    const pressed = recall("shape");
    if (pressed === null) return;
    remember("shape", null);
    const layer = /\d+/.exec(pressed)?.[0];
    const heads = this.#buttons().filter((button) => button.matches(".shape-head"));
    const head = heads.find((one) => one.getAttribute("popovertarget") === `shape-menu-${layer}`);
    const button = this.#buttons().find((one) => one.value === pressed) ?? head ?? heads.at(-1);
    this.#rove(button);
    button?.focus();
  }
}

/** @param {EventTarget | null} target @returns {HTMLButtonElement | null} */
const buttonOf = (target) => (target instanceof Element ? target.closest("button") : null);

/** @returns {NodeListOf<HTMLElement>} */
const menus = () => document.querySelectorAll(".shape-menu");

/** @param {HTMLElement} menu @returns {HTMLElement | null} */
const headOf = (menu) => document.querySelector(`.shape-head[popovertarget="${menu.id}"]`);
