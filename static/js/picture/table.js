// The table twin of the picture: the same numbers, in the same moment, layer by layer, for whoever reads rather than looks.

import { brush } from "./brush.js";
import { six, signedSix } from "../words/format.js";
import { neuron } from "./neurons.js";
import { connection } from "./quantities.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {{name: string, blame: boolean}} Column */

/** While it plays the table is written at most so often, ms. */
const PLAYING_MS = 250;
/** More rows than these of one layer's neurons are left to the parameters' file. */
const NEURONS = 300;

/** @type {Column[]} */
const OF_INPUT = [{ name: "a", blame: false }];
/** @type {Column[]} */
const OF_NEURON = [
  { name: "b", blame: false }, { name: "z", blame: false }, { name: "a", blame: false }, { name: "received", blame: true }, { name: "sigmaPrime", blame: false },
  { name: "delta", blame: true }, { name: "bAfter", blame: false },
];
/** @type {Column[]} */
const OF_CONNECTION = [
  { name: "w", blame: false }, { name: "sent", blame: true }, { name: "charged", blame: true }, { name: "ledger", blame: true }, { name: "after", blame: false },
];

export class Table {
  #box = /** @type {HTMLElement} */ (document.getElementById("table"));
  #shape = "";
  #writtenAt = 0;
  #timer = 0;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   */
  constructor(store, scene) {
    this.store = store;
    this.scene = scene;
    document.addEventListener("change", (event) => {
      const input = event.target;
      if (input instanceof HTMLInputElement && input.name === "view") this.show(input.value === "table");
    });
    store.onDraw((seen) => this.#draw(seen));
  }

  get shown() {
    return !this.#box.hidden;
  }

  /** @param {boolean} shown instead of the picture */
  show(shown) {
    this.#box.hidden = !shown;
    document.body.toggleAttribute("data-table", shown);
    const input = document.querySelector(`input[name="view"][value="${shown ? "table" : "picture"}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
    this.#writtenAt = 0;
    this.store.ask();
  }

  toggle() {
    this.show(!this.shown);
  }

  /** @param {Seen} seen */
  #draw(seen) {
    if (!this.shown) return;
    clearTimeout(this.#timer);
    const wait = seen.frame.playing ? this.#writtenAt + PLAYING_MS - performance.now() : 0;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.store.seen && this.#draw(this.store.seen), wait);
      return;
    }
    this.#writtenAt = performance.now();
    this.#build(seen);
    for (const row of this.#box.querySelectorAll("tr[data-layer]")) write(/** @type {HTMLTableRowElement} */ (row), seen);
  }

  /** The rows of the network, made anew where other connections are drawn. @param {Seen} seen */
  #build(seen) {
    const { layers, activations } = seen.topology;
    const places = this.scene.connections.places();
    const shape = `${layers}/${activations}/${this.scene.connections.pooled ? places.map(({ layer, j, k }) => `${layer}.${j}.${k}`).join() : ""}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#box.replaceChildren();
    for (let layer = 1; layer <= layers.length; layer++) {
      const into = places.filter((place) => place.layer === layer);
      if (into.length) this.#box.append(section(t("table-connections", { layer: String(layer) }), "way", OF_CONNECTION, into.map((place) => rowOf(place))));
      const n = Math.min(layers[layer - 1], NEURONS);
      const rows = Array.from({ length: n }, (_, j) => rowOf({ layer, j: j + 1 }));
      const name = layer === 1 ? t("table-inputs") : t("table-neurons", { layer: String(layer), activation: t(`option-activation-${activations[layer - 2]}`) });
      this.#box.append(section(name, "of", layer === 1 ? OF_INPUT : OF_NEURON, rows));
      if (n < layers[layer - 1]) this.#box.append(element("p", t("table-more", { more: layers[layer - 1] - n })));
    }
    if (this.scene.connections.note) this.#box.append(element("p", this.scene.connections.note));
  }
}

/** @param {string} name @param {string} [words] */
function element(name, words = "") {
  const made = document.createElement(name);
  made.textContent = words;
  return made;
}

/** @param {string} name @param {"of" | "way"} rowsAre @param {Column[]} columns @param {HTMLTableRowElement[]} rows */
function section(name, rowsAre, columns, rows) {
  const table = document.createElement("table");
  table.createCaption().textContent = name;
  const head = table.createTHead().insertRow();
  for (const { name: column } of [{ name: rowsAre }, ...columns]) {
    const dashed = column.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const cell = element("th", t(`table-head-${dashed}`));
    cell.setAttribute("scope", "col");
    head.append(cell);
  }
  for (const row of rows) for (const { name: column, blame } of columns) row.insertCell().dataset.field = blame ? `${column} blame` : column;
  table.createTBody().append(...rows);
  return table;
}

/** @param {{layer: number, j: number, k?: number}} place */
function rowOf({ layer, j, k }) {
  const row = document.createElement("tr");
  Object.assign(row.dataset, { layer: String(layer), j: String(j), ...(k ? { k: String(k) } : {}) });
  const head = element("th", k ? t("table-row-connection", { k: String(k), j: String(j) }) : String(j));
  head.setAttribute("scope", "row");
  row.append(head);
  return row;
}

/** @param {HTMLTableRowElement} row @param {Seen} seen */
function write(row, seen) {
  const [layer, j, k] = [row.dataset.layer, row.dataset.j, row.dataset.k].map(Number);
  const numbers = /** @type {Record<string, number | null>} */ (k ? connection(seen, layer, j - 1, k - 1) : neuron(seen, layer, j - 1));
  for (const cell of row.cells) {
    const [name, blame] = (cell.dataset.field ?? "").split(" ");
    if (!name) continue;
    const x = numbers[name];
    const pen = brush(cell);
    pen.text(x === null ? "–" : blame ? signedSix(x) : six(x));
    pen.set("data-value", x === null ? null : String(x));
    if (blame && x !== null) pen.sign(x);
    else pen.noSign();
  }
}
