// Presentation: large type, only the picture, its sentence and equation, and one line for the transport.

import { byPointer } from "./hand.js";

/** The pointer is hidden when it has rested so long, ms. */
const RESTS_MS = 3000;
/** The scene is made for a stage of this size, px, and enlarged to the one there is: that enlarges its letters too. */
const SMALL = { width: 740, height: 348 };
const LARGEST = 3;

/**
 * By how much the picture is enlarged.
 * @param {boolean} presenting
 * @param {number} width of the stage, px
 * @param {number} height px
 */
export function enlargement(presenting, width, height) {
  return presenting ? Math.min(Math.max(Math.min(width / SMALL.width, height / SMALL.height), 1), LARGEST) : 1;
}

export class Presentation {
  #full = false;
  #timer = 0;
  /** @type {Element | null} */
  #from = null;

  /** @param {() => void} changed called when it begins or ends */
  constructor(changed) {
    this.changed = changed;
    document.getElementById("present")?.addEventListener("click", () => this.enter());
    document.getElementById("leave")?.addEventListener("click", () => this.leave());
    // Before anybody else who listens to Escape: what is pinned stays pinned.
    addEventListener("keydown", (event) => this.#key(event), { capture: true });
    addEventListener("pointermove", () => this.on && this.#awake());
    document.addEventListener("fullscreenchange", () => {
      if (this.#full && !document.fullscreenElement) this.leave();
    });
  }

  get on() {
    return document.body.hasAttribute("data-present");
  }

  toggle() {
    if (this.on) this.leave();
    else this.enter();
  }

  enter() {
    if (document.body.hasAttribute("data-embed")) return;
    this.#from = document.activeElement;
    this.#set(true);
    this.#fill();
  }

  leave() {
    this.#set(false);
    if (this.#full && document.fullscreenElement) document.exitFullscreen().catch(() => {});
    this.#full = false;
    // Whoever came by keyboard goes on where they were.
    if (!byPointer() && this.#from instanceof HTMLElement) this.#from.focus({ preventScroll: true });
  }

  /** @param {boolean} on */
  #set(on) {
    document.body.toggleAttribute("data-present", on);
    document.body.removeAttribute("data-resting");
    clearTimeout(this.#timer);
    this.changed();
    // Whoever measures the page measures it again.
    dispatchEvent(new Event("resize"));
  }

  /** All of the screen, where a browser allows it; else all of the window. */
  #fill() {
    document.documentElement
      .requestFullscreen?.({ navigationUI: "hide" })
      .then(() => {
        this.#full = this.on;
        if (!this.on) document.exitFullscreen().catch(() => {});
      })
      .catch(() => {});
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || !this.on || document.querySelector("dialog[open], :popover-open, #examples:not([hidden])")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.leave();
  }

  #awake() {
    document.body.removeAttribute("data-resting");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.on && document.body.setAttribute("data-resting", ""), RESTS_MS);
  }
}
