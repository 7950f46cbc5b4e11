// Where a matrix is too large for numbers in its cells: those of the line or cell that is lit, the largest first.

import { low } from "./drawing.js";
import { digits } from "./fitting.js";
import { product } from "./model.js";
import { t } from "../words/texts.js";

/** So many numbers at most. */
const MOST = 24;

export class Lens {
  #box = /** @type {HTMLElement} */ (document.getElementById("matrix-lens"));
  #shown = "";

  /** @param {import("./model.js").Model} model @param {import("./state.js").State} state @param {boolean} written whether the cells have numbers themselves */
  draw(model, state, written) {
    const { lit, direction } = state;
    this.#box.hidden = written;
    if (written) return;
    const cells = lit ? cellsOf(lit, model).map(([j, k]) => ({ j, k, w: direction === "backward" ? model.back(j, k) : model.w(j, k), x: product(model, direction, j, k) })) : [];
    const size = (/** @type {{w: number, x: number}} */ { w, x }) => Math.abs(Number.isNaN(x) ? w : x);
    cells.sort((one, other) => size(other) - size(one));
    const name = `${direction}/${state.notation}/${cells.slice(0, MOST).map(({ j, k, w, x }) => `${j}.${k}.${w}.${x}`).join()}`;
    if (name === this.#shown) return;
    this.#shown = name;
    const hint = cells.length ? [] : [item("lens-hint", t("matrix-lens"))];
    const more = cells.length > MOST ? [item("lens-hint", t("matrix-lens-more", { more: cells.length - MOST }))] : [];
    this.#box.replaceChildren(...hint, ...cells.slice(0, MOST).map((cell) => chip(cell, state)), ...more);
  }
}

/** @param {import("./state.js").Lit} lit @param {import("./model.js").Model} model @returns {[number, number][]} */
function cellsOf(lit, { m, n }) {
  if (lit.type === "cell") return [[lit.j, lit.k]];
  return lit.type === "row" ? Array.from({ length: n }, (_, k) => [lit.j, k]) : Array.from({ length: m }, (_, j) => [j, lit.k]);
}

/** @param {{j: number, k: number, w: number, x: number}} cell @param {import("./state.js").State} state */
function chip({ j, k, w, x }, state) {
  const { direction } = state;
  const made = item("lens-chip", `w${low(...state.named(j, k))} ${digits(w)}`);
  const known = !Number.isNaN(x);
  const blame = direction !== "forward";
  if (known) made.append(item(blame ? (x > 0 ? "blame-plus" : "blame-minus") : "", ` → ${digits(x, blame)}`));
  return made;
}

/** @param {string} name @param {string} words */
function item(name, words) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = words;
  return made;
}
