// Writes to one element what has changed, and only that: the browser restyles nothing else.

import { Slices } from "./slices.js";

/** @typedef {string | number | null} Written null: the attribute is not there */

export class Brush {
  /** @type {Map<string, Written | boolean>} */
  #written = new Map();
  /** @type {unknown[]} */
  #of = [];
  /** @type {(() => void) | null} */
  #later = null;

  /** @param {Element} element */
  constructor(element) {
    this.element = element;
  }

  /**
   * @param {string} name of an attribute
   * @param {Written} value
   */
  set(name, value) {
    if (this.#written.get(name) === value) return;
    this.#written.set(name, value);
    if (value === null) this.element.removeAttribute(name);
    else this.element.setAttribute(name, String(value));
  }

  /**
   * Whether the drawing depends on the same as the last one: then there is nothing to be worked out again.
   * @param {...unknown} of
   */
  holds(...of) {
    const same = of.length === this.#of.length && of.every((one, i) => one === this.#of[i]);
    this.#of = of;
    return same;
  }

  /**
   * Numbers for whoever reads the page by program, which nobody sees.
   * @param {Record<string, number | null>} numbers by their attributes
   * @param {(x: number) => string} write
   * @param {boolean} soon they may come a little later than what is seen
   */
  note(numbers, write, soon) {
    this.#later = () => {
      for (const [name, x] of Object.entries(numbers)) this.set(name, x === null ? null : write(x));
    };
    if (soon) takeUp(this);
    else this.catchUp();
  }

  /** Write what has been left for later. */
  catchUp() {
    this.#later?.();
    this.#later = null;
  }

  /** @param {string} content */
  text(content) {
    if (this.#written.get("#text") === content) return;
    this.#written.set("#text", content);
    this.element.textContent = content;
  }

  /**
   * @param {string} name of a class
   * @param {boolean} on
   */
  toggle(name, on) {
    if (this.#written.get(`.${name}`) === on) return;
    this.#written.set(`.${name}`, on);
    this.element.classList.toggle(name, on);
  }

  /**
   * A style that has to win over the style sheet.
   * @param {string} property
   * @param {string} value empty: as the style sheet says
   */
  style(property, value) {
    if ((this.#written.get(`:${property}`) ?? "") === value) return;
    this.#written.set(`:${property}`, value);
    /** @type {SVGElement | HTMLElement} */ (this.element).style.setProperty(property, value);
  }

  /** @param {number} x the sign as a class: plus, minus or zero */
  sign(x) {
    this.toggle("plus", x > 0);
    this.toggle("minus", x < 0);
    this.toggle("zero", x === 0);
  }

  noSign() {
    for (const name of ["plus", "minus", "zero"]) this.toggle(name, false);
  }
}

/** @type {Set<Brush>} brushes with something left for later, those that have waited longest first */
const waiting = new Set();

const slices = new Slices(() => {
  const [first] = waiting;
  waiting.delete(first);
  first.catchUp();
});

/** @param {Brush} one */
function takeUp(one) {
  if (waiting.has(one)) return;
  waiting.add(one);
  slices.start(waiting.size);
}

/** @type {WeakMap<Element, Brush>} */
const brushes = new WeakMap();

/**
 * The one brush of an element: whoever writes to it sees what was written before.
 * @param {Element} element
 */
export function brush(element) {
  let found = brushes.get(element);
  if (!found) brushes.set(element, (found = new Brush(element)));
  return found;
}

/** @param {Element} parent @param {string} selector @returns {Brush | null} */
export function brushOf(parent, selector) {
  const element = parent.querySelector(selector);
  return element && brush(element);
}
