// What the panel shows beside its numbers: direction, what is lit, how far each product and each row has come.

/** @typedef {{type: "row", j: number} | {type: "column", k: number} | {type: "cell", j: number, k: number}} Lit from 0 */
/** @typedef {import("./model.js").Direction} Direction */
/** @typedef {"gather" | "scatter"} How */
/** @typedef {{from: [number, number], to: [number, number], t: number, value: number}[]} Walking a sender's number on its way along its line, in lines of the grid */

export class State {
  /** @type {Direction} */
  direction = "backward";
  /** How formulas are written; where weights are stored the other way round, the grid at rest is turned.
   *  @type {import("../words/notation.js").Name} */
  notation = "columns";
  /** @type {How} */
  how = "gather";
  flip = 0;
  /** @type {number | null} the row that is about to turn, where nothing moves */
  ghost = null;
  /** @type {Lit | null} */
  lit = null;
  /** @type {Walking} */
  walking = [];
  /** Whether sums count only what has arrived: of all lines, of the lit one, or all the same. @type {"all" | "lit" | null} */
  partial = null;
  /** How far the ledger has come: 0 at rest, 1 shares, 2 rows, 3 columns, 4 the total. */
  ledger = 0;
  ledgerSlide = 0;
  /** @type {import("./nudging.js").Nudging["shown"]} an activation that is moved, and by how much each z above moves */
  nudge = null;
  m = 0;
  n = 0;
  /** How much of each cell's product is seen, from 0 to 1. */
  product = new Float32Array(0);
  /** How far each product is on its way to its sum, from 0 to 1. */
  gone = new Float32Array(0);
  /** Whether it has arrived there. */
  arrived = new Uint8Array(0);

  /** @param {number} m @param {number} n */
  resize(m, n) {
    this.m = m;
    this.n = n;
    this.product = new Float32Array(m * n);
    this.gone = new Float32Array(m * n);
    this.arrived = new Uint8Array(m * n);
    this.clear();
  }

  /** Nothing moves, nothing is half way. */
  clear() {
    this.product.fill(0);
    this.gone.fill(0);
    this.arrived.fill(0);
    this.walking = [];
    this.partial = null;
    this.ledger = this.ledgerSlide = 0;
  }

  /** At rest. The ledger has its shares in the cells then, too. */
  settle() {
    if (this.direction === "ledger") this.product.fill(1);
  }

  /** @param {number} j @param {number} k */
  at(j, k) {
    return j * this.n + k;
  }

  /** @param {number} j @param {number} k whether a cell belongs to what is lit; all do if nothing is */
  has(j, k) {
    const { lit } = this;
    if (!lit) return true;
    if (lit.type === "row") return lit.j === j;
    if (lit.type === "column") return lit.k === k;
    return lit.j === j && lit.k === k;
  }

  /** Whether cells are taken row by row. */
  get byRow() {
    return (this.direction === "forward") === (this.how === "gather");
  }

  /** Whether rows are on their way. */
  get turning() {
    return this.flip > 0.001 && this.flip < 0.999;
  }

  get turned() {
    return this.flip > 0.5;
  }

  /** Where the matrix stands as it is stored. @returns {0 | 1} */
  get rest() {
    return this.notation === "rows" ? 1 : 0;
  }

  /** Whether the transpose is on view. */
  get transposed() {
    return this.turned !== (this.rest === 1);
  }

  /** The indices of a cell as they are written, from 1. @param {number} j @param {number} k from 0 @returns {[number, number]} */
  named(j, k) {
    return this.notation === "rows" ? [k + 1, j + 1] : [j + 1, k + 1];
  }

  /** All cells in the order of the reading. @returns {[number, number][]} */
  order() {
    /** @type {[number, number][]} */
    const cells = [];
    const [outer, inner] = this.byRow ? [this.m, this.n] : [this.n, this.m];
    for (let i = 0; i < outer; i++) for (let o = 0; o < inner; o++) cells.push(this.byRow ? [i, o] : [o, i]);
    return cells;
  }
}
