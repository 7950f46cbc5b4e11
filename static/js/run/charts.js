// The panel of the run: curves of cost and accuracy, the playhead over them, the numbers below, and kept runs beside them.

import { Comparison } from "./comparison.js";
import { Curves, doneStep, has } from "./curves.js";
import { Epochs } from "./epochs.js";
import { recall, remember } from "../page/memory.js";
import { Playhead } from "./playhead.js";
import { Plot } from "./plot.js";
import { Readout, tell } from "./readout.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./naming.js").Action} Action */

const POINTS = 500;
/** With more points than these the server is asked for a thinner curve. */
const TOO_MANY = 1500;
/** The chart is drawn at most so often, ms. */
const DRAWN_MS = 100;
/** The most ticks that epochs have. */
const EPOCH_TICKS = 25;
/** After these the history says something else. */
const REWRITTEN = new Set(["edited", "undone", "redone"]);

export class CostChart {
  #box = /** @type {HTMLElement} */ (document.getElementById("cost-chart"));
  #curves = new Curves();
  /** @type {Action[]} */
  #actions = [];
  /** @type {Epochs | null} */
  #epochs = null;
  /** @type {Plot | null} once uPlot is loaded */
  #plot = null;
  /** @type {Seen | null} */
  #seen = null;
  #readout = new Readout();
  #comparison;
  #playhead;
  /** @type {number | null} the step under the pointer */
  #pointed = null;
  /** Whether the history is another than the one that was asked for last. */
  #stale = true;
  /** The curve has all its points up to this step: those of the history, and since then every frame's. */
  #reach = 0;
  #asking = false;
  #timer = 0;
  /** @type {import("./curves.js").Measure} */
  #chosen = recall("measure") === "accuracy" ? "accuracy" : "cost";

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("../store.js").Store} store
   * @param {import("./transport.js").Transport} transport
   */
  constructor(api, store, transport) {
    this.api = api;
    this.#comparison = new Comparison(api, transport, () => this.#soon());
    this.#playhead = new Playhead(transport, (step) => this.#point(step));
    store.onTopology(() => (this.#stale = true));
    store.onDraw((seen) => this.#draw(seen));
    for (const input of document.querySelectorAll('input[name="measure"]')) input.addEventListener("change", () => this.#choose(/** @type {HTMLInputElement} */ (input).value));
    new ResizeObserver(() => this.#plot?.resize()).observe(this.#box);
    this.#load();
  }

  async #load() {
    const module = await import(new URL("../../vendor/uplot/dist/uPlot.esm.js", import.meta.url).href);
    this.#plot = new Plot(this.#box, module.default, () => this.#fit());
    this.#update();
  }

  /** @param {{reason: string}} state what the stream says of the session */
  told({ reason }) {
    if (!REWRITTEN.has(reason)) return;
    this.#stale = true;
    this.#ask();
  }

  /** Another theme. */
  rebuild() {
    this.#plot?.repaint();
  }

  /** @param {string} measure */
  #choose(measure) {
    this.#chosen = measure === "accuracy" ? "accuracy" : "cost";
    remember("measure", this.#chosen);
    this.#update();
  }

  /** What is drawn: of a regression there is no accuracy. */
  get #measure() {
    return has(this.#curves.points, "accuracy") ? this.#chosen : "cost";
  }

  /** @param {Seen} seen */
  #draw(seen) {
    const moved = seen.frame !== this.#seen?.frame;
    this.#seen = seen;
    if (!moved) return;
    const { lastStep, playing } = seen.frame;
    this.#curves.add(seen.frame);
    // Steps that were made in one go are told of by no frame. While it plays, the frames are dense enough.
    this.#stale ||= lastStep > this.#reach + 1 && !playing;
    this.#reach = lastStep;
    if (this.#stale || this.#curves.points.steps.length > TOO_MANY) this.#ask();
    this.#soon();
  }

  async #ask() {
    if (this.#asking || !this.#seen) return;
    this.#asking = true;
    this.#stale = false;
    try {
      const history = await this.api.history(POINTS);
      this.#curves.replace(history);
      this.#actions = history.actions;
      this.#epochs = new Epochs(history.schedule);
      this.#curves.add(this.#seen.frame);
      this.#soon();
    } catch {
      // The curve goes on with what the frames say.
    }
    this.#asking = false;
    if (this.#stale) this.#ask();
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#update();
    }, DRAWN_MS);
  }

  #update() {
    const seen = this.#seen;
    if (!seen) return;
    const { frame, topology } = seen;
    this.#comparison.follow(topology, this.#actions, frame);
    const ghosts = this.#comparison.comparable(this.#measure);
    this.#toggle();
    this.#plot?.draw({
      points: this.#curves.points,
      measure: this.#measure,
      at: doneStep(frame.cursor),
      last: frame.lastStep,
      epochEnds: this.#epochs?.ends(frame.lastStep, EPOCH_TICKS).steps ?? [],
      actions: this.#actions.map(({ after }) => after).filter((after) => after <= frame.lastStep),
      ghosts: ghosts.map((ghost) => ({
        mark: this.#comparison.mark(ghost), last: ghost.last, curve: { steps: ghost.points.steps, values: ghost.points[this.#measure].train },
      })),
    });
    Object.assign(this.#box.dataset, { points: this.#curves.points.steps.length, last: frame.lastStep, ghosts: ghosts.map((ghost) => this.#comparison.mark(ghost)).join("") });
    this.#say();
  }

  #toggle() {
    const box = document.getElementById("measure");
    if (box) box.hidden = !has(this.#curves.points, "accuracy");
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name="measure"]'))) input.checked = input.value === this.#measure;
  }

  #fit() {
    const plot = this.#plot;
    if (!plot) return;
    this.#playhead.fit({ area: plot.area, high: plot.high, place: (step) => plot.place(step), step: (place) => plot.step(place) });
  }

  /** @param {number | null} step */
  #point(step) {
    this.#pointed = step;
    this.#say();
  }

  #say() {
    const seen = this.#seen;
    if (!seen) return;
    const run = { points: this.#curves.points, measure: this.#measure, epochs: this.#epochs, tested: seen.topology.data.n_test > 0, actions: this.#actions };
    const here = tell(doneStep(seen.frame.cursor), run);
    this.#playhead.draw(seen, here.spoken);
    this.#readout.show(this.#pointed === null ? here : tell(this.#pointed, run));
  }
}
