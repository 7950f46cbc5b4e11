// What the panel plays: one cell, one line, all cells in order, the ledger, the turn. Each can be stopped at any moment.

import { ease } from "../picture/flights.js";
import { clamp } from "../picture/scales.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./state.js").Lit} Lit */

/** ms at speed 1 */
const COPY = 320;
const PRODUCT = 180;
const READ = 260;
const SLIDE = 520;
const BEAT = 140;
const WALK = 420;
const STEP = 240;
const ROW = 800;
const GATHERED = 500;

const SHOW = "show";
const FLIP = "flip";
const straight = (/** @type {number} */ t) => t;

export class Shows {
  running = false;
  /** Where the run stands in its order of cells. */
  place = 0;
  #ticket = 0;

  /**
   * @param {import("./clock.js").Clock} clock
   * @param {State} state
   * @param {() => Model | null} model
   * @param {{reduced: () => boolean, changed: () => void}} page
   */
  constructor(clock, state, model, page) {
    this.clock = clock;
    this.state = state;
    this.model = model;
    this.page = page;
  }

  /** @param {number} ms @param {(t: number) => void} [frame] @param {(t: number) => number} [easing] */
  #go(ms, frame, easing) {
    return this.clock.run(SHOW, ms, frame, easing);
  }

  /** Whether rows are turning, or about to. */
  get flipping() {
    return this.clock.runs(FLIP);
  }

  /** Everything stands still, as it is at rest. */
  stop() {
    this.#ticket++;
    this.clock.stop(SHOW);
    this.clock.paused = false;
    this.running = false;
    this.state.clear();
  }

  /** A single cell with its product. @param {number} j @param {number} k @param {boolean} [keep] what has arrived */
  cell(j, k, keep = false) {
    this.#ticket++;
    this.clock.stop(SHOW);
    if (!keep) this.state.clear();
    this.state.lit = { type: "cell", j, k };
    this.state.product[this.state.at(j, k)] = 1;
    this.page.changed();
  }

  /**
   * A row or a column: the factors come to their cells, the products go to their sums.
   * @param {Exclude<Lit, {type: "cell"}>} lit
   */
  async line(lit) {
    this.stop();
    const mine = this.#ticket;
    const { state } = this;
    const model = this.model();
    if (!model) return;
    state.lit = lit;
    const row = lit.type === "row";
    const cells = Array.from({ length: row ? model.n : model.m }, (_, i) => (row ? [lit.j, i] : [i, lit.k]));
    const all = (/** @type {Float32Array | Uint8Array} */ of, /** @type {number} */ x) => cells.forEach(([j, k]) => (of[state.at(j, k)] = x));
    if (state.direction === "ledger" || this.page.reduced()) {
      all(state.product, 1);
      all(state.arrived, 1);
      this.page.changed();
      return;
    }
    state.partial = "lit";
    this.page.changed();
    const gathers = (state.direction === "forward") === row;
    const [first, last] = [cells[0], /** @type {number[]} */ (cells.at(-1))];
    const walks = gathers
      ? cells.map(([j, k]) => this.#walk(model, j, k))
      : [{ ...this.#walk(model, first[0], first[1]), to: /** @type {[number, number]} */ ([last[0] + 1, last[1] + 1]) }];
    const walked = await this.#go(gathers ? WALK : STEP * Math.min(cells.length, 12), (t) => {
      state.walking = t < 1 ? walks.map((walk) => ({ ...walk, t })) : [];
      if (!gathers) cells.forEach(([j, k], i) => (state.product[state.at(j, k)] = clamp((t * cells.length - i) * 2, 0, 1)));
    }, gathers ? ease : straight);
    if (!walked) return;
    if (gathers && !(await this.#go(PRODUCT, (t) => all(state.product, t)))) return;
    if (!(await this.#go(READ))) return;
    // A gather slides one after the other into one sum, a scatter all together into many.
    if (gathers)
      for (const [j, k] of cells) {
        if (!(await this.#go(SLIDE * 0.8 * Math.min(1, 8 / cells.length), (t) => (state.gone[state.at(j, k)] = t)))) return;
        state.arrived[state.at(j, k)] = 1;
      }
    else {
      if (!(await this.#go(SLIDE, (t) => all(state.gone, t)))) return;
      all(state.arrived, 1);
    }
    if (mine === this.#ticket) this.page.changed();
  }

  /**
   * The way of a sender's number to a cell, in lines of the grid.
   * @param {Model} model @param {number} j @param {number} k from 0
   * @returns {Omit<import("./state.js").Walking[number], "t">}
   */
  #walk(model, j, k) {
    const up = this.state.direction === "forward";
    return { from: up ? [0, k + 1] : [j + 1, 0], to: [j + 1, k + 1], value: (up ? model.a?.[k] : model.delta?.[j]) ?? NaN };
  }

  /** All cells in the order of the reading. @param {number} [from] the place in that order */
  async run(from = 0) {
    this.stop();
    const mine = this.#ticket;
    const { state } = this;
    this.running = true;
    if (state.direction === "ledger") {
      await this.#ledger(mine);
      return;
    }
    const cells = state.order();
    state.partial = "all";
    for (const [j, k] of cells.slice(0, from)) state.arrived[state.at(j, k)] = 1;
    const brisk = Math.min(1, 24 / cells.length);
    for (let place = from; place < cells.length; place++) {
      this.place = place;
      const [j, k] = cells[place];
      state.lit = { type: "cell", j, k };
      this.page.changed();
      if (!(await this.#step(j, k, brisk))) return;
      const last = !cells[place + 1] || (state.byRow ? cells[place + 1][0] !== j : cells[place + 1][1] !== k);
      if (!(await this.#go((BEAT + (last && state.how === "gather" ? GATHERED : 0)) * brisk))) return;
      state.product[state.at(j, k)] = state.gone[state.at(j, k)] = 0;
    }
    if (mine === this.#ticket) this.#over();
  }

  /** @param {number} j @param {number} k @param {number} brisk */
  async #step(j, k, brisk) {
    const { state } = this;
    const model = this.model();
    if (!model) return false;
    const at = state.at(j, k);
    if (this.page.reduced()) {
      state.product[at] = 1;
      if (!(await this.#go(900 * brisk))) return false;
      state.arrived[at] = 1;
      return this.#go(500 * brisk);
    }
    const walk = this.#walk(model, j, k);
    if (!(await this.#go(COPY * brisk, (t) => (state.walking = t < 1 ? [{ ...walk, t }] : [])))) return false;
    if (!(await this.#go(PRODUCT * brisk, (t) => (state.product[at] = t)))) return false;
    if (!(await this.#go(READ * brisk))) return false;
    if (!(await this.#go(SLIDE * brisk, (t) => (state.gone[at] = t)))) return false;
    state.arrived[at] = 1;
    state.gone[at] = 1;
    return true;
  }

  /** @param {number} mine */
  async #ledger(mine) {
    const { state } = this;
    const still = this.page.reduced();
    const slide = async (/** @type {number} */ stage) => {
      state.ledger = stage;
      this.page.changed();
      state.gone.fill(0);
      return (await this.#go(still ? 700 : 900, (t) => !still && state.gone.fill(t))) && (await this.#go(300));
    };
    state.lit = null;
    state.ledger = 1;
    this.page.changed();
    if (!(await this.#go(400, (t) => state.product.fill(t)))) return;
    if (!(await this.#go(READ * 2))) return;
    if (!(await slide(2))) return;
    if (!(await slide(3))) return;
    state.gone.fill(0);
    state.ledger = 4;
    this.page.changed();
    if (await this.#go(600)) this.#over(mine);
  }

  /** @param {number} [_mine] */
  #over(_mine) {
    const { state } = this;
    this.running = false;
    state.lit = null;
    state.clear();
    if (state.direction === "ledger") state.product.fill(1);
    this.page.changed();
  }

  /**
   * Turn the rows, or lay them down again; where nothing may move, each is outlined and then stands there.
   * @param {0 | 1} to
   * @param {number} swings that it takes
   */
  async flip(to, swings) {
    this.clock.stop(FLIP);
    const { state } = this;
    const from = state.flip;
    if (from === to) return true;
    if (this.page.reduced()) return this.#jump(to);
    const done = await this.clock.run(FLIP, ROW * swings * Math.abs(to - from), (t) => (state.flip = from + (to - from) * t), straight);
    if (done) state.flip = to;
    this.page.changed();
    return done;
  }

  /** @param {0 | 1} to */
  async #jump(to) {
    const { state } = this;
    for (let j = 0; j < Math.min(state.m, 8); j++) {
      state.ghost = j;
      this.page.changed();
      if (!(await this.clock.run(FLIP, 1000))) {
        state.ghost = null;
        return false;
      }
    }
    state.ghost = null;
    state.flip = to;
    this.page.changed();
    return true;
  }
}
