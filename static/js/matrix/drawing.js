// The matrix as SVG: one object for each connection, which keeps its colour and its name while its row turns.

import { brush } from "../picture/brush.js";
import { clamp, WEIGHT_FULL } from "../picture/scales.js";
import { t } from "../words/texts.js";
import { digits, write, writeNumber } from "./fitting.js";
import { shrunk } from "./geometry.js";
import { product } from "./model.js";
import { grandTotal, sumOf } from "./sums.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./geometry.js").Grid} Grid */
/** @typedef {{group: SVGGElement, rect: Element, name: Element | null, value: Element | null, note: Element | null, row: number, column: number}} Box row, column: lines of the grid */

/** The weight that is painted at full strength where there is no room for numbers, as in the images of weights. */
const HEAT_FULL = 1;
/** What a sum of the way forward is called, before the bias. */
const PRODUCTS = { columns: "(wa)", rows: "(aW)", sums: "Σ" };
/** What stands at the margins where no box has a name of its own: what is sent forward and what comes of it, and backward. */
const MARGINS = { columns: ["a", "Wa", "δ", "Wᵀδ"], rows: ["a", "aW", "δ", "δWᵀ"], sums: ["a", "Σ", "δ", "Σ"] };
const LOW = "₀₁₂₃₄₅₆₇₈₉";
/** @param {...number} indices from 1 */
export const low = (...indices) => indices.map((i) => String(i).replace(/\d/g, (d) => LOW[Number(d)])).join(indices.some((i) => i > 9) ? "," : "");

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {Element | null} [parent]
 */
export function node(name, attributes = {}, parent = null) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  parent?.append(made);
  return made;
}

export class Drawing {
  #outlined = "";
  /** @type {SVGGElement[]} rows 0 to m + 1 */
  #rows = [];
  /** @type {Element[]} behind each row */
  #sticks = [];
  /** @type {Box[][]} cells by row and column, from 0 */
  cells = [];
  /** @type {Box[]} */
  #delta = [];
  /** @type {Box[]} */
  #a = [];
  /** @type {Box[]} */
  #right = [];
  /** @type {Box[]} */
  #bottom = [];

  /**
   * @param {SVGSVGElement} svg is emptied
   * @param {Grid} grid
   * @param {Model} model
   */
  constructor(svg, grid, model) {
    this.svg = svg;
    this.grid = grid;
    const { m, n } = model;
    svg.replaceChildren();
    const side = Math.ceil(grid.span + 8);
    svg.setAttribute("viewBox", `0 0 ${Math.ceil(grid.left * 2 + grid.span)} ${side}`);
    this.hinge = node("path", { class: "hinge", d: `M${grid.left} 0l${grid.span} ${grid.span}` }, svg);
    this.layer = /** @type {SVGGElement} */ (node("g", { class: "rows" }, svg));
    for (let j = 0; j <= m + 1; j++) this.#row();
    for (let j = 0; j < m; j++) {
      this.#delta.push(this.#box("head source", j + 1, 0));
      this.cells.push(Array.from({ length: n }, (_, k) => this.#box("cell", j + 1, k + 1)));
      this.#right.push(this.#box("head sum", j + 1, n + 1));
    }
    for (let k = 0; k < n; k++) {
      this.#a.push(this.#box("head source", 0, k + 1));
      this.#bottom.push(this.#box("head sum", m + 1, k + 1));
    }
    this.total = this.#box("head sum", m + 1, n + 1);
    this.columns = Array.from({ length: n }, () => node("rect", { class: "line-frame unused", rx: 10 }, svg));
    this.corners = grid.written && !grid.named ? [0, 1, 2].map(() => node("text", { class: "corner" }, svg)) : [];
    this.brackets = node("path", { class: "brackets" }, svg);
    this.ghosts = node("g", { class: "ghosts" }, svg);
    this.chips = node("g", { class: "terms" }, svg);
  }

  /** What a number may take of its cell, px. */
  get #room() {
    return this.grid.size - (this.grid.size > 40 ? 6 : 3);
  }

  /** A row, with what lies behind its cells. */
  #row() {
    const group = /** @type {SVGGElement} */ (node("g", { class: "matrix-row" }, this.layer));
    this.#sticks.push(node("rect", { class: "stick", rx: 10 }, group));
    this.#rows.push(group);
  }

  /** @param {string} kind @param {number} row @param {number} column @returns {Box} */
  #box(kind, row, column) {
    const { grid } = this;
    const s = grid.size;
    const group = /** @type {SVGGElement} */ (node("g", { class: kind }, this.#rows[row]));
    const rect = node("rect", { class: "box", x: -s / 2, y: -s / 2, width: s, height: s, rx: Math.min(8, s / 6) }, group);
    if (!grid.written) return { group, rect, name: null, value: null, note: null, row, column };
    const name = grid.named ? node("text", { class: "box-name", y: -s / 2 + 12 }, group) : null;
    const noted = grid.pitch >= 52;
    // Without a note below it the number makes room for the name above.
    const value = node("text", { class: "box-value", y: !name ? 4.5 : noted ? 4 : 9 }, group);
    const note = noted ? node("text", { class: "box-note", y: s / 2 - 6 }, group) : null;
    return { group, rect, name, value, note, row, column };
  }

  /** The boxes at the margins, with the line that each stands for. @returns {[import("./state.js").Lit, Box[]][]} */
  lines() {
    return [
      ...this.#delta.map((box, j) => /** @type {[import("./state.js").Lit, Box[]]} */ ([{ type: "row", j }, [box, this.#right[j]]])),
      ...this.#a.map((box, k) => /** @type {[import("./state.js").Lit, Box[]]} */ ([{ type: "column", k }, [box, this.#bottom[k]]])),
    ];
  }

  /** @param {Model} model @param {State} state */
  draw(model, state) {
    const { grid, svg } = this;
    const pen = brush(svg);
    pen.set("data-direction", state.direction);
    pen.set("data-flip", state.flip.toFixed(3));
    pen.toggle("turning", state.turning);
    this.#turn(state);
    for (let j = 0; j < model.m; j++) for (let k = 0; k < model.n; k++) this.#cell(model, state, j, k);
    this.#heads(model, state);
    this.#corners(model, state);
    this.#frames(model, state);
    this.#chips(model, state);
    brush(this.hinge).toggle("unused", !state.turning && state.ghost === null);
    this.#brackets(model, state, grid.size);
    this.#outline(model, state);
  }

  /** Where nothing moves: where the next row is, where it will stand, and the way it takes. @param {Model} model @param {State} state */
  #outline({ n }, { ghost, turned }) {
    const name = `${ghost}/${turned}`;
    if (this.#outlined === name) return;
    this.#outlined = name;
    this.ghosts.replaceChildren();
    if (ghost === null) return;
    const { grid } = this;
    const s = grid.size + 8;
    const u = grid.row(ghost + 1);
    const [from, length] = [grid.column(0) - s / 2, grid.column(n) - grid.column(0) + s];
    const lying = { x: grid.left + from, y: u - s / 2, width: length, height: s };
    const standing = { x: grid.left + u - s / 2, y: from, width: s, height: length };
    node("rect", { rx: 12, ...(turned ? standing : lying) }, this.ghosts);
    node("rect", { rx: 12, class: "there", ...(turned ? lying : standing) }, this.ghosts);
    const reach = (grid.column(n) - u) * 0.9;
    const [a, b] = [`${grid.left + u + reach} ${u + s / 2 + 4}`, `${grid.left + u + s / 2 + 4} ${u + reach}`];
    if (reach > s) node("path", { d: turned ? `M${b}A${reach} ${reach} 0 0 0 ${a}` : `M${a}A${reach} ${reach} 0 0 1 ${b}` }, this.ghosts);
  }

  /** Rows turn about their own diagonal cells; what is written on them stays upright. @param {State} state */
  #turn(state) {
    const { grid } = this;
    let [top, steepest] = [-1, 0];
    for (const [j, group] of this.#rows.entries()) {
      const angle = grid.angle(state.flip, j);
      const degrees = (angle * 180) / Math.PI;
      const u = grid.row(j);
      brush(group).set("transform", degrees ? `rotate(${degrees.toFixed(2)} ${(grid.left + u).toFixed(1)} ${u.toFixed(1)})` : null);
      if (Math.sin(2 * angle) > steepest + 1e-3) [top, steepest] = [j, Math.sin(2 * angle)];
      const upright = grid.written && degrees ? ` rotate(${(-degrees).toFixed(2)}) scale(${shrunk(angle).toFixed(3)})` : "";
      for (const box of this.#boxesOf(j)) brush(box.group).set("transform", `translate(${(grid.left + grid.column(box.column)).toFixed(1)} ${u.toFixed(1)})${upright}`);
    }
    if (top >= 0 && this.layer.lastChild !== this.#rows[top]) this.layer.append(this.#rows[top]);
  }

  /** @param {number} row @returns {Box[]} */
  #boxesOf(row) {
    if (row === 0) return this.#a;
    if (row === this.#rows.length - 1) return [...this.#bottom, this.total];
    return [this.#delta[row - 1], ...this.cells[row - 1], this.#right[row - 1]];
  }

  /** @param {Model} model @param {State} state @param {number} j @param {number} k */
  #cell(model, state, j, k) {
    this.#fill(model, state, j, k);
    const { group, name, value, note } = this.cells[j][k];
    // What is read is what is seen, and where it is.
    const seen = [name, value, note].map((one) => one?.textContent ?? "").join("");
    brush(group).set("aria-label", [seen, t("matrix-cell", { j: String(j + 1), k: String(k + 1) })].filter(Boolean).join(", "));
  }

  /** @param {Model} model @param {State} state @param {number} j @param {number} k */
  #fill(model, state, j, k) {
    const { group, rect, name, value, note } = this.cells[j][k];
    const back = state.direction === "backward";
    const w = back ? model.back(j, k) : model.w(j, k);
    const shown = state.product[state.at(j, k)];
    const x = product(model, state.direction, j, k);
    const own = state.has(j, k);
    const pen = brush(group);
    pen.toggle("dim", !own && !state.turning);
    pen.toggle("lit", state.lit !== null && own);
    pen.toggle("foreign", back && model.operator !== null);
    pen.set("data-w", Number.isNaN(w) ? null : String(Number(w.toPrecision(7))));
    pen.set("data-product", Number.isNaN(x) ? null : String(Number(x.toPrecision(7))));
    const tint = brush(rect);
    tint.sign(w);
    tint.style("fill-opacity", w === 0 || Number.isNaN(w) ? "0" : (this.grid.written ? 0.05 + 0.34 * clamp(Math.abs(w) / WEIGHT_FULL, 0, 1) : 0.06 + 0.9 * clamp(Math.abs(w) / HEAT_FULL, 0, 1)).toFixed(2));
    if (!value) return;
    const showsProduct = shown > 0.5 && !Number.isNaN(x);
    const left = showsProduct && state.gone[state.at(j, k)] > 0;
    brush(group).toggle("with-product", showsProduct);
    brush(group).toggle("left", left);
    if (name) brush(name).text(back && model.operator ? `B${low(...state.named(j, k).reverse())}` : `w${low(...state.named(j, k))}`);
    const nudged = state.nudge?.k === k ? state.nudge.by : null;
    const written = nudged !== null ? model.w(j, k) * nudged : showsProduct ? x : w;
    writeNumber(value, written, nudged === null && showsProduct && state.direction !== "forward", this.#room, this.grid.pitch > 60 ? 19 : 15);
    tone(value, nudged !== null ? 0 : showsProduct ? x : null, nudged !== null ? "forward" : state.direction);
    if (!note) return;
    if (nudged !== null) {
      write(note, `${digits(w)} × ${digits(nudged)}`, this.grid.size - 4, 11);
      return;
    }
    const factors = state.direction === "forward" ? [w, model.a?.[k]] : back ? [w, model.delta?.[j]] : [model.a?.[k], w, model.delta?.[j]];
    write(note, showsProduct ? factors.map((f) => digits(f ?? null)).join(" × ") : "", this.grid.size - 4, 11);
  }

  /** @param {Model} model @param {State} state */
  #heads(model, state) {
    const { direction, lit } = state;
    const [up, back] = [direction !== "backward", direction !== "forward"];
    const litRow = (/** @type {number} */ j) => !lit || lit.type === "column" || lit.j === j;
    const litColumn = (/** @type {number} */ k) => !lit || lit.type === "row" || lit.k === k;
    for (const [j, box] of this.#delta.entries()) {
      this.#head(box, back, { x: model.delta?.[j] ?? null, name: `δ${low(j + 1)}`, lit: litRow(j) || state.turning, blame: true });
      const sum = sumOf(model, state, "row", j);
      const note = direction === "forward" && model.z && model.b && !sum.partial ? `+ ${digits(model.b[j])} = ${digits(model.z[j])}` : "";
      if (state.nudge) this.#head(this.#right[j], true, { x: state.nudge.z[j], name: `Δz${low(j + 1)}`, lit: true });
      else this.#head(this.#right[j], up, { x: sum.value, name: direction === "ledger" ? `δ${low(j + 1)}·(z−b)` : `${PRODUCTS[state.notation]}${low(j + 1)}`, lit: litRow(j), partial: sum.partial, blame: back, note });
    }
    for (const [k, box] of this.#a.entries()) {
      this.#head(box, up, { x: model.a?.[k] ?? null, name: `a${low(k + 1)}`, lit: litColumn(k) });
      const sum = sumOf(model, state, "column", k);
      const gate = direction === "backward" && model.sigmaPrime && model.deltaBelow && !sum.partial ? `× ${digits(model.sigmaPrime[k])} = ${digits(model.deltaBelow[k])}` : "";
      this.#head(this.#bottom[k], back, { x: sum.value, name: direction === "ledger" ? `a${low(k + 1)}·sent` : t("matrix-to", { k: String(k + 1) }), lit: litColumn(k) || state.turning, partial: sum.partial, blame: true, note: gate });
    }
    const waits = state.ledger >= 1 && state.ledger < 4;
    this.#head(this.total, direction === "ledger", { x: waits ? null : known(grandTotal(model)), name: "", lit: true, partial: waits, blame: true });
  }

  /**
   * @param {Box} box @param {boolean} shown
   * @param {{x: number | null, name: string, lit: boolean, partial?: boolean, blame?: boolean, note?: string}} content
   */
  #head({ group, rect, name, value, note: noted }, shown, { x, name: called, lit, partial = false, blame = false, note = "" }) {
    const pen = brush(group);
    pen.toggle("unused", !shown);
    if (!shown) return;
    pen.toggle("dim", !lit);
    pen.toggle("partial", partial);
    pen.set("data-value", x === null ? null : String(Number(x.toPrecision(7))));
    brush(rect).sign(x ?? 0);
    if (name) brush(name).text(called);
    if (value) {
      writeNumber(value, x, blame, this.#room, this.grid.pitch > 60 ? 17 : 14);
      tone(value, blame ? x : null, "backward");
    }
    if (noted) write(noted, note, this.grid.pitch - 1, 11);
  }

  /** The corners say what the lines beside them are. @param {Model} model @param {State} state */
  #corners({ m, n, operator }, state) {
    const [a, forward, delta, backward] = MARGINS[state.notation];
    const came = operator && state.direction === "backward" ? backward.replace(/Wᵀ/, "B") : backward;
    const [up, back] = [state.direction !== "backward", state.direction !== "forward"];
    const written = [up && back ? "" : up ? a : delta, up ? forward : "", back ? came : ""];
    const places = /** @type {[number, number][]} */ ([[0, 0], [0, n + 1], [m + 1, 0]]);
    for (const [i, corner] of this.corners.entries()) {
      const [x, y] = this.grid.place(state.flip, ...places[i]);
      const pen = brush(corner);
      pen.set("x", x.toFixed(1));
      pen.set("y", (y + 4.5).toFixed(1));
      pen.text(written[i]);
      pen.toggle("unused", state.turning);
    }
  }

  /** The line that is lit, and the sticks that turn. @param {Model} model @param {State} state */
  #frames(model, state) {
    const { grid } = this;
    const s = grid.size + Math.min(10, grid.pitch / 5);
    const upward = state.direction === "forward";
    for (const [j, stick] of this.#sticks.entries()) {
      const lit = state.lit?.type === "row" && state.lit.j === j - 1;
      const angle = grid.angle(state.flip, j);
      const inner = j >= 1 && j <= model.m;
      // A margin that this direction leaves empty hides nothing on its way.
      const held = inner || (j === 0 ? state.direction !== "backward" : !upward);
      const raised = held && state.turning && Math.sin(2 * angle) > 0.02;
      const pen = brush(stick);
      const [first, last] = upward && !state.turning ? [1, model.n + 1] : inner ? [0, model.n] : [1, model.n];
      pen.set("x", (grid.left + grid.column(first) - s / 2).toFixed(1));
      pen.set("width", (grid.column(last) - grid.column(first) + s).toFixed(1));
      pen.set("y", (grid.row(j) - s / 2).toFixed(1));
      pen.set("height", s.toFixed(1));
      pen.toggle("lit", inner && lit);
      pen.toggle("raised", raised);
      pen.toggle("unused", !raised && !(inner && (lit || state.turning)));
    }
    for (const [k, frame] of this.columns.entries()) {
      const lit = state.lit?.type === "column" && state.lit.k === k && !state.turning;
      const pen = brush(frame);
      pen.toggle("unused", !lit);
      if (!lit) continue;
      const [from, to] = upward ? [0, model.m] : [1, model.m + 1];
      const [[x0, y0], [x1, y1]] = [grid.place(state.flip, from, k + 1), grid.place(state.flip, to, k + 1)];
      pen.set("x", (Math.min(x0, x1) - s / 2).toFixed(1));
      pen.set("y", (Math.min(y0, y1) - s / 2).toFixed(1));
      pen.set("width", (Math.abs(x1 - x0) + s).toFixed(1));
      pen.set("height", (Math.abs(y1 - y0) + s).toFixed(1));
    }
  }

  /** @param {Model} model @param {State} state @param {number} s */
  #brackets({ m, n }, state, s) {
    const { grid } = this;
    const [x, y] = [grid.left + grid.column(1) - s / 2, grid.row(1) - s / 2];
    const [rows, columns] = state.turned ? [n, m] : [m, n];
    const line = (/** @type {number} */ count) => (count - 1) * grid.pitch + s;
    const [w, h] = [line(columns), line(rows)];
    const pen = brush(this.brackets);
    pen.set("d", `M${x + 8} ${y - 3}H${x - 3}V${y + h + 3}H${x + 8}M${x + w - 8} ${y - 3}H${x + w + 3}V${y + h + 3}H${x + w - 8}`);
    pen.toggle("faint", state.turning);
  }

  /** What slides into its sum, and what walks along its line. @param {Model} model @param {State} state */
  #chips(model, state) {
    const { grid, chips } = this;
    let used = 0;
    const put = (/** @type {[number, number]} */ place, /** @type {number} */ x, /** @type {boolean} */ source) => {
      const chip = /** @type {SVGGElement} */ (chips.children[used] ?? makeChip(chips));
      used++;
      const [plate, text] = chip.children;
      const written = digits(x, state.direction !== "forward");
      const width = Math.max(26, written.length * 8.2 + 12);
      const pen = brush(chip);
      pen.set("transform", `translate(${place[0].toFixed(1)} ${place[1].toFixed(1)})`);
      pen.toggle("unused", false);
      pen.toggle("source", source);
      pen.sign(state.direction === "forward" ? 0 : x);
      brush(plate).set("x", (-width / 2).toFixed(1));
      brush(plate).set("width", width.toFixed(1));
      brush(text).text(written);
    };
    for (const { from, to, t, value } of state.walking) put(grid.place(state.flip, from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t), value, true);
    const across = state.direction === "forward" || (state.direction === "ledger" && state.ledger === 2);
    for (let j = 0; j < model.m; j++)
      for (let k = 0; k < model.n; k++) {
        const gone = state.gone[state.at(j, k)];
        if (gone <= 0 || gone >= 1) continue;
        const to = across ? [j + 1, k + 1 + (model.n - k) * gone] : [j + 1 + (model.m - j) * gone, k + 1];
        put(grid.place(state.flip, to[0], to[1]), product(model, state.direction, j, k), false);
      }
    for (const chip of [...chips.children].slice(used)) brush(chip).toggle("unused", true);
  }
}

/** @param {Element} chips */
function makeChip(chips) {
  const chip = node("g", { class: "term" }, chips);
  node("rect", { class: "term-plate", y: -12, height: 24, rx: 12 }, chip);
  node("text", { class: "term-text", y: 4.5 }, chip);
  return chip;
}

/** @param {number} x */
const known = (x) => (Number.isNaN(x) ? null : x);

/** @param {Element} text @param {number | null} x @param {import("./model.js").Direction} direction */
function tone(text, x, direction) {
  const pen = brush(text);
  pen.toggle("blame", x !== null && direction !== "forward");
  pen.toggle("carried", x !== null && direction === "forward");
  if (x === null || direction === "forward") pen.noSign();
  else pen.sign(x);
}
