// How formulas are written: the book's columns, rows as programs have them (X @ W, the weights stored the other way round), or sums.

import { recall, remember } from "../page/memory.js";

/** @typedef {"columns" | "rows" | "sums"} Name */

/** @type {Name[]} */
export const NAMES = ["columns", "rows", "sums"];

/** @param {unknown} name @returns {name is Name} */
const known = (name) => NAMES.includes(/** @type {Name} */ (name));

class Notation {
  /** @type {Name} */
  name = "columns";
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** What the address says comes before what is remembered. @param {string} address */
  start(address) {
    const name = [address, recall("notation")].find(known);
    if (name) this.name = name;
  }

  /** @param {() => void} listener called whenever another is chosen */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  /** @param {Name} name @param {boolean} [kept] whether the reader chose it */
  choose(name, kept = true) {
    if (kept) remember("notation", name);
    if (name === this.name) return;
    this.name = name;
    for (const listener of this.#listeners) listener();
  }

  /**
   * The indices of the weight from neuron k to neuron j as they are written: the row of the matrix first.
   * @template T, U
   * @param {T} j @param {U} k
   * @returns {[T | U, T | U]}
   */
  order(j, k) {
    return this.name === "rows" ? [k, j] : [j, k];
  }
}

/** That of this page. */
export const notation = new Notation();
