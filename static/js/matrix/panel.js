// The matrix panel: one matrix with two readings, linked with the network both ways, and the turn that makes rows columns.

import { brush } from "../picture/brush.js";
import { NAMES, notation } from "../words/notation.js";
import { nodes } from "../words/typeset.js";
import { text } from "../words/words.js";
import { say, t } from "../words/texts.js";
import { Clock } from "./clock.js";
import { Drawing } from "./drawing.js";
import { Handles } from "./handles.js";
import { Gaze } from "./gaze.js";
import { Grid, needed } from "./geometry.js";
import { layerOf, modelOf, product } from "./model.js";
import { saying } from "./sayings.js";
import { Inverse } from "./inverse.js";
import { Lens } from "./lens.js";
import { Nudging } from "./nudging.js";
import { Questions } from "./questions.js";
import * as readings from "./readings.js";
import { Shows } from "./shows.js";
import { State } from "./state.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./state.js").Lit} Lit */
/** @typedef {"row" | "transpose" | "inverse"} Question */

const SPEEDS = /** @type {Record<string, number>} */ ({ 0.25: 0.25, 1: 1, 4: 4, max: 8 });
/** What each question is answered with. */
const CARDS = { row: "matrix-grid", transpose: "matrix-nudge", inverse: "matrix-inverse" };
/** Questions with a card of their own. */
const CARDED = ["transpose", "inverse"];
/** The panel's drawing is at least and at most so high, px. */
const [LEAST, MOST] = [280, 560];
/** What stands above and below it takes so much of the panel, px; less on a low screen. */
const [BESIDE, BESIDE_LOW] = [410, 348];
const low = matchMedia("(height < 800px)");
const narrow = matchMedia("(width <= 700px)");
/** So many rows or columns, with those of sources and sums, have their numbers in half the panel's width too. */
const HALF = 7;

export class MatrixPanel {
  #panel = /** @type {HTMLElement} */ (document.getElementById("matrix"));
  #svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("matrix-grid")));
  #caption = /** @type {HTMLElement} */ (document.getElementById("matrix-saying"));
  #pair = /** @type {HTMLSelectElement} */ (document.getElementById("matrix-pair"));
  #slider = /** @type {HTMLInputElement} */ (document.getElementById("matrix-flip"));
  #notation = /** @type {HTMLSelectElement} */ (document.getElementById("matrix-notation"));
  state = new State();
  #lens = new Lens();
  /** @type {Drawing | null} */
  #drawing = null;
  /** @type {Model | null} */
  #model = null;
  #built = "";
  #builtLayer = 0;
  #layer = 0;
  /** Whether the pair of layers follows the phase. */
  #follows = true;
  /** @type {import("../words/words.js").Part[] | null} */
  #told = null;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../picture/scene.js").Scene} scene
   * @param {import("../picture/motion.js").Motion} motion
   * @param {import("../picture/pointing.js").Pointing} pointing
   * @param {import("../server/api.js").Api} api
   * @param {import("../run/transport.js").Transport} transport
   */
  constructor(store, scene, motion, pointing, api, transport) {
    this.store = store;
    this.scene = scene;
    this.motion = motion;
    this.pointing = pointing;
    this.clock = new Clock(() => SPEEDS[motion.speed] ?? 1, () => this.#draw());
    this.shows = new Shows(this.clock, this.state, () => this.#model, { reduced: () => motion.reduced, changed: () => this.#changed() });
    this.gaze = new Gaze(this.state, this.shows, () => this.#changed());
    this.nudging = new Nudging(api, this.clock, { changed: () => this.#nudged(), chosen: (k) => this.#pin({ type: "column", k }), reduced: () => motion.reduced });
    this.handles = new Handles(scene, this.nudging);
    this.inverse = new Inverse(api, transport);
    this.questions = new Questions(this);
    this.#listen();
    this.#write();
    store.onDraw((seen) => this.#take(seen));
    store.onMove((seen) => this.#take(seen));
    pointing.onHover((target) => this.#pointed(target));
    new ResizeObserver(() => this.shown && this.store.ask()).observe(this.#panel);
  }

  get shown() {
    return document.body.hasAttribute("data-matrix");
  }

  /** @param {boolean} shown */
  show(shown) {
    if (shown === this.shown) return;
    document.body.toggleAttribute("data-matrix", shown);
    this.#panel.hidden = !shown;
    document.getElementById("open-matrix")?.setAttribute("aria-pressed", String(shown));
    if (!shown) {
      this.shows.stop();
      this.#light(null);
      this.#draw();
    }
    this.#built = "";
    this.store.ask();
  }

  toggle() {
    this.show(!this.shown);
  }

  /** @param {number} layer the upper one of the pair @param {boolean} [stay] whatever the phase */
  choose(layer, stay = true) {
    this.#follows = !stay;
    this.#layer = layer;
    this.store.ask();
  }

  /** What an address says of the panel. */
  get address() {
    const { question = "" } = this.#panel.dataset;
    if (!this.shown) return { matrix: "", question: "" };
    return { matrix: this.#follows ? "phase" : String(this.#layer), question: CARDED.includes(question) ? question : "" };
  }

  /** Be as an address says. @param {{matrix: string, question: string}} address */
  arrive({ matrix, question }) {
    if (!matrix) return;
    if (/^\d{1,3}$/.test(matrix)) this.choose(Number(matrix));
    this.show(true);
    if (CARDED.includes(question)) this.questions.show(/** @type {Question} */ (question));
  }

  // --- drawing

  /** @param {Seen} seen */
  #take(seen) {
    if (!this.shown) return;
    const layers = seen.topology.layers.length;
    const concerned = layerOf(seen);
    if (this.#follows && concerned) this.#layer = concerned;
    if (this.#layer < 2 || this.#layer > layers) this.#layer = layers;
    this.#model = modelOf(seen, this.#layer);
    this.#build(this.#model, seen);
    this.#followPhase(seen);
    this.nudging.take(this.#model, seen, this.gaze.pinned?.type === "column" ? this.gaze.pinned.k : null);
    this.inverse.take(this.#model, seen);
    this.#draw();
  }

  /** The numbers on view. */
  get model() {
    return this.#model;
  }

  get grid() {
    return this.#drawing?.grid ?? null;
  }

  /** @param {Model} model @param {Seen} seen */
  #build(model, seen) {
    // The picture of an answer stands beside the grid where both have room: neither is scrolled away.
    const answers = CARDED.includes(this.#panel.dataset.question ?? "");
    this.#panel.toggleAttribute("data-beside", answers && !narrow.matches && Math.max(model.m, model.n) + 2 <= HALF);
    const least = needed(model.m, model.n);
    // A matrix that has its numbers, and is wider than a phone, is drawn aside.
    const room = Math.max(this.#svg.parentElement?.clientWidth ?? 500, least.width);
    const left = this.#panel.clientHeight - (low.matches ? BESIDE_LOW : BESIDE);
    const high = Math.min(Math.max(left, LEAST, least.height), MOST);
    const name = `${model.layer}/${model.m}/${model.n}/${room}/${high}`;
    if (name === this.#built) return;
    this.#built = name;
    const same = this.#builtLayer === model.layer;
    this.#builtLayer = model.layer;
    this.shows.stop();
    this.state.lit = null;
    if (!same) this.gaze.pin(null);
    this.state.resize(model.m, model.n);
    const grid = new Grid(model.m, model.n, room, high);
    this.#svg.style.minWidth = `${least.width}px`;
    this.#drawing = new Drawing(this.#svg, grid, model);
    this.#svg.setAttribute("aria-label", t("matrix-label", { layer: String(model.layer), m: model.m, n: model.n }));
    this.gaze.bind(this.#drawing);
    this.#fillPairs(seen);
    this.state.settle();
    this.gaze.back();
  }

  /** While blame is on its way in the phase on view, the panel is that phase: the same moment here and there. @param {Seen} seen */
  #followPhase(seen) {
    const model = this.#model;
    if (!model || this.shows.running || this.clock.runs("show")) return;
    const { state } = this;
    const sends = seen.cursor.phase === "send_back" && seen.cursor.layer === model.layer - 1;
    if (!sends || seen.progress >= 1) {
      if (state.partial === "all") state.clear();
      return;
    }
    if (state.direction !== "backward") this.#choose("backward", "scatter", false);
    state.partial = "all";
    for (let j = 0; j < model.m; j++) {
      const come = model.flying(j) ?? 1;
      for (let k = 0; k < model.n; k++) {
        const at = state.at(j, k);
        state.product[at] = come > 0 ? 1 : 0;
        state.gone[at] = Math.min(Math.max(come, 0), 1);
        state.arrived[at] = come >= 1 ? 1 : 0;
      }
    }
  }

  /** @param {Lit | null} lit that stays lit @returns {Promise<void>} once it has been played */
  async #pin(lit) {
    this.gaze.pin(lit);
    this.#told = null;
    if (this.store.seen) this.#take(this.store.seen);
    if (lit && lit.type !== "cell") await this.shows.line(lit);
    else if (lit) this.shows.cell(lit.j, lit.k);
    if (this.store.seen) this.#take(this.store.seen);
  }

  /**
   * For whoever shows something with the panel: a reading at rest, with a line that stays lit.
   * @param {import("./model.js").Direction} direction @param {import("./state.js").How} how @param {Lit | null} lit
   */
  async stage(direction, how, lit) {
    this.show(true);
    // The panel, and the picture beside it, take their places first.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    this.state.flip = this.state.rest;
    this.#choose(direction, how, false);
    await this.#pin(lit);
  }

  /** @param {Question | ""} question whose card is open @returns {void} */
  open(question) {
    this.#panel.dataset.question = question;
    if (this.store.seen) this.#take(this.store.seen);
    // It is below the grid: where there is no room for both, the panel goes there.
    if (question && !this.#panel.hasAttribute("data-beside")) document.getElementById(CARDS[question])?.scrollIntoView({ block: "nearest", behavior: this.motion.reduced ? "auto" : "smooth" });
  }

  /** From the top; or where a question is open, there. */
  look() {
    this.#panel.scrollTop = 0;
    this.open(/** @type {Question | ""} */ (this.#panel.dataset.question));
  }

  /** @param {import("../words/words.js").Part[] | null} parts what is said instead, until something else is lit */
  tell(parts) {
    this.#told = parts;
    this.#say();
  }

  /** What is played makes way for the hand. */
  #nudged() {
    if (this.clock.runs("show")) this.shows.stop();
    this.#draw();
  }

  /** Another thing is lit, or something has come to its end: words and network follow. */
  #changed() {
    this.#told = null;
    this.#draw();
    this.#say();
    this.#light(this.state.lit);
    this.#buttons();
  }

  #draw() {
    const model = this.#model;
    this.handles.draw(model, this.shown && this.nudging.ready && this.#panel.dataset.question === "transpose");
    if (!model || !this.#drawing || !this.shown) return;
    this.state.nudge = this.nudging.shown;
    this.#drawing.draw(model, this.state);
    this.#lens.draw(model, this.state, this.#drawing.grid.written);
    this.#sendPulses(model);
    const pen = brush(this.#slider);
    const come = Math.abs(this.state.flip - this.state.rest);
    if (Number(this.#slider.value) !== come) this.#slider.value = String(come);
    pen.set("aria-valuetext", t(this.state.transposed ? "matrix-turned" : "matrix-not-turned"));
    if (!this.shows.running) this.#say();
  }

  #say() {
    if (!this.#model) return;
    const parts = this.#told ?? saying(this.#model, this.state);
    const words = text(parts);
    if (this.#caption.dataset.said === words) return;
    this.#caption.dataset.said = words;
    this.#caption.replaceChildren(...nodes(parts));
    this.#caption.setAttribute("aria-live", this.shows.running || this.state.turning ? "off" : "polite");
  }

  /** What slides in the grid travels on the wires too. @param {Model} model */
  #sendPulses(model) {
    const { state, scene } = this;
    /** @type {import("../picture/traffic.js").Guest[]} */
    const guests = [];
    const up = state.direction === "forward" || (state.direction === "ledger" && state.ledger === 2);
    if (this.clock.runs("show"))
      for (let j = 0; j < model.m; j++)
        for (let k = 0; k < model.n; k++) {
          const gone = state.gone[state.at(j, k)];
          if (gone > 0 && gone < 1) guests.push({ layer: model.layer, j: j + 1, k: k + 1, value: product(model, state.direction, j, k), t: up ? gone : 1 - gone, up });
        }
    scene.host(guests);
  }

  // --- the network and the grid, linked

  /** @param {Lit | null} lit */
  #light(lit) {
    const layer = this.#layer;
    const { state } = this;
    if (!lit || !this.shown) return this.pointing.light(null);
    const neuron = lit.type === "row" ? { layer, j: lit.j + 1 } : lit.type === "column" ? { layer: layer - 1, j: lit.k + 1 } : null;
    return this.pointing.light({ layer, has: (j, k) => state.has(j - 1, k - 1), neuron });
  }

  /** @param {import("../picture/pointing.js").Target | null} target that the pointer is on in the network */
  #pointed(target) {
    if (!this.shown || !this.#model || this.handles.held) return;
    const lit = this.#litOf(target);
    if (lit) this.gaze.look(lit);
    else this.gaze.leave();
  }

  /** @param {import("../picture/pointing.js").Target | null} target @returns {Lit | null} */
  #litOf(target) {
    const layer = this.#layer;
    if (target?.kind === "connection") return target.layer === layer ? { type: "cell", j: target.j - 1, k: target.k - 1 } : null;
    if (target?.kind !== "neuron") return null;
    if (target.layer === layer) return { type: "row", j: target.j - 1 };
    return target.layer === layer - 1 ? { type: "column", k: target.j - 1 } : null;
  }

  // --- hands

  /**
   * @param {import("./model.js").Direction} direction
   * @param {import("./state.js").How} how
   * @param {boolean} run
   */
  #choose(direction, how, run) {
    this.state.direction = direction;
    this.state.how = how;
    this.gaze.forget();
    if (run && this.#known()) this.shows.run();
  }

  /** Whether the numbers of the reading are there. */
  #known() {
    const { direction } = this.state;
    return (direction === "backward" || this.#model?.a) && (direction === "forward" || this.#model?.delta);
  }

  /** Play the reading cell by cell, or stop where it is. */
  play() {
    const { clock, shows } = this;
    if (shows.running || shows.flipping) clock.paused = !clock.paused;
    else if (this.#known()) {
      this.gaze.pin(null);
      shows.run();
    }
    this.#buttons();
  }

  /** Let the rows stand up, or lie down again. */
  async transpose() {
    if (!this.shown) this.show(true);
    if (!this.#drawing) return;
    if (this.state.notation === "sums") return this.tell(say("matrix-sums-turn"));
    if (!this.gaze.pinned) this.shows.stop();
    const ended = await this.shows.flip(this.state.turned ? 0 : 1, this.#drawing.grid.swings);
    if (ended && this.state.transposed) document.dispatchEvent(new CustomEvent("blameflow:did", { detail: "turned" }));
    this.#buttons();
  }

  #buttons() {
    const { shows, clock } = this;
    readings.write(this.#panel, this.state);
    const run = document.getElementById("matrix-run");
    const going = shows.running && !clock.paused;
    if (run) brush(run).set("aria-pressed", String(going));
  }

  /** Another way to write it: the grid stands as the matrix is stored, and names and formulas follow. */
  #write() {
    const { state } = this;
    this.shows.stop();
    this.clock.stop("flip");
    state.notation = notation.name;
    state.flip = state.rest;
    this.#notation.value = state.notation;
    this.#panel.dataset.notation = state.notation;
    this.#changed();
    this.gaze.back();
  }

  #listen() {
    notation.onChange(() => this.#write());
    this.#notation.addEventListener("change", () => notation.choose(NAMES.find((name) => name === this.#notation.value) ?? "columns"));
    document.getElementById("open-matrix")?.addEventListener("click", () => this.toggle());
    document.getElementById("close-matrix")?.addEventListener("click", () => this.show(false));
    document.getElementById("matrix-run")?.addEventListener("click", () => this.play());
    document.getElementById("matrix-transpose")?.addEventListener("click", () => this.transpose());
    this.#slider.addEventListener("input", () => this.#scrub(Number(this.#slider.value)));
    this.#slider.addEventListener("change", () => this.#drawing && this.shows.flip(this.state.flip < 0.5 ? 0 : 1, this.#drawing.grid.swings));
    this.#pair.addEventListener("change", () => (this.#pair.value === "phase" ? this.choose(this.#layer, false) : this.choose(Number(this.#pair.value))));
    this.#panel.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button[data-direction]") : null;
      if (!(button instanceof HTMLElement)) return;
      const { direction, how } = button.dataset;
      this.#choose(/** @type {import("./model.js").Direction} */ (direction), /** @type {import("./state.js").How} */ (how ?? this.state.how), true);
    });
    this.#panel.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {number} flip */
  #scrub(flip) {
    this.clock.stop("flip");
    this.shows.stop();
    const come = this.motion.reduced ? Math.round(flip) : flip;
    this.state.flip = this.state.rest ? 1 - come : come;
    this.#draw();
    this.#buttons();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = event.target instanceof Element ? event.target.closest("g.cell") : null;
    if (event.key === "Escape") {
      if (this.gaze.pinned || this.shows.running) this.gaze.forget();
      else this.show(false);
    } else if (cell && this.#drawing && event.key.startsWith("Arrow")) this.gaze.walk(this.#drawing, cell, event.key);
    else if (event.key === " " && !(event.target instanceof Element && event.target.closest("button, input, select"))) this.play();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Seen} seen */
  #fillPairs({ topology }) {
    const options = topology.layers.slice(1).map((m, i) => ({ value: String(i + 2), words: t("matrix-pair", { layer: String(i + 2), m: String(m), n: String(topology.layers[i]) }) }));
    this.#pair.replaceChildren(...[{ value: "phase", words: t("matrix-pair-phase") }, ...options].map(({ value: name, words }) => new Option(words, name)));
    this.#pair.value = this.#follows ? "phase" : String(this.#layer);
  }
}

