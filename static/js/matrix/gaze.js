// What somebody looks at in the grid: by pointer, by keys, or for good by a click. A run stops there, and goes on from it.

/** @typedef {import("./state.js").Lit} Lit */

/** Leaving something has to last so long before a run goes on, ms. */
const GRACE_MS = 160;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] });

export class Gaze {
  /** @type {Lit | null} */
  pinned = null;
  /** Where a run that somebody looks into goes on. @type {number | null} */
  #resume = null;
  #leaving = 0;

  /**
   * @param {import("./state.js").State} state
   * @param {import("./shows.js").Shows} shows
   * @param {() => void} changed
   */
  constructor(state, shows, changed) {
    this.state = state;
    this.shows = shows;
    this.changed = changed;
  }

  /** @param {Lit | null} lit that stays lit; no run goes on */
  pin(lit) {
    this.#resume = null;
    this.pinned = lit;
  }

  /** Look at what is pinned, if anything is. */
  back() {
    if (this.pinned) this.look(this.pinned);
  }

  /** @param {Lit} lit a cell or a line */
  look(lit) {
    clearTimeout(this.#leaving);
    const { state, shows } = this;
    if (state.turning || shows.flipping) return;
    if (shows.running || this.#resume !== null) {
      if (this.#resume === null) this.#resume = shows.place;
      if (lit.type === "cell") return this.#lookInto(lit);
      shows.stop();
    }
    if (lit.type === "cell") shows.cell(lit.j, lit.k);
    else shows.line(lit);
  }

  /** A cell of a run: what comes before it has arrived. @param {Extract<Lit, {type: "cell"}>} cell */
  #lookInto(cell) {
    const { state, shows } = this;
    const order = state.order();
    this.#resume = Math.max(0, order.findIndex(([j, k]) => j === cell.j && k === cell.k));
    shows.stop();
    state.partial = "all";
    for (const [j, k] of order.slice(0, this.#resume)) state.arrived[state.at(j, k)] = 1;
    shows.cell(cell.j, cell.k, true);
  }

  leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.#left(), GRACE_MS);
  }

  #left() {
    const place = this.#resume;
    this.#resume = null;
    if (place !== null) this.shows.run(place);
    else if (this.pinned) this.look(this.pinned);
    else this.forget();
  }

  /** Nothing is lit, nothing runs. */
  forget() {
    this.pin(null);
    this.shows.stop();
    this.state.lit = null;
    this.state.settle();
    this.changed();
  }

  /** @param {import("./drawing.js").Drawing} drawing */
  bind(drawing) {
    for (const [j, row] of drawing.cells.entries())
      for (const [k, { group }] of row.entries()) {
        group.setAttribute("data-j", String(j + 1));
        group.setAttribute("data-k", String(k + 1));
        group.setAttribute("role", "button");
        group.setAttribute("tabindex", j + k === 0 ? "0" : "-1");
        this.#bind(group, { type: "cell", j, k });
      }
    for (const [lit, boxes] of drawing.lines()) for (const { group } of boxes) this.#bind(group, lit);
  }

  /** @param {SVGGElement} group @param {Lit} lit */
  #bind(group, lit) {
    group.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && !event.buttons && this.look(lit));
    group.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && !event.buttons && this.leave());
    group.addEventListener("focus", () => group.matches(":focus-visible") && this.look(lit));
    group.addEventListener("blur", () => this.leave());
    group.addEventListener("click", () => {
      this.pinned = JSON.stringify(this.pinned) === JSON.stringify(lit) ? null : lit;
      if (this.pinned) this.look(lit);
      else this.leave();
    });
  }

  /** To the cell beside it as seen on screen, turned or not. @param {import("./drawing.js").Drawing} drawing @param {Element} cell @param {string} arrow */
  walk(drawing, cell, arrow) {
    const [down, right] = ARROWS[arrow];
    const [dj, dk] = this.state.turned ? [right, down] : [down, right];
    const next = drawing.cells[Number(cell.getAttribute("data-j")) - 1 + dj]?.[Number(cell.getAttribute("data-k")) - 1 + dk];
    if (!next) return;
    cell.setAttribute("tabindex", "-1");
    next.group.setAttribute("tabindex", "0");
    next.group.focus();
  }
}
