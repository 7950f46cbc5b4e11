// The hand on the decision map: a click, a tap, or Enter at the crosshair of the keys chooses an example there or adds one.

import { Adding } from "./adding.js";
import { Refusal } from "../server/api.js";
import { paint } from "./crosshair.js";
import { className, listed } from "./examples.js";
import { byPointer } from "../page/hand.js";
import { nearest, shades } from "./points.js";
import { clamp } from "../picture/scales.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./points.js").Point} Point */
/** @typedef {import("./adding.js").Value} Value */
/** @typedef {import("./crosshair.js").Px} Px */
/** @typedef {Value & {inputs: number[]}} New */

/** An example is in reach of a pointer within so many px. */
const REACH = 12;
/** The crosshair goes such a part of the map's side with a key, and with Shift. */
const STRIDE = 1 / 24;
const FINE = 1 / 120;
/** Where the crosshair is, is said when it has stood so long, ms. */
const CALM_MS = 350;
/** Digits of an added example's inputs: finer than a pixel. */
const DIGITS = 4;
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {number} x rounded as it is sent */
export const rounded = (x) => Number(x.toPrecision(DIGITS));

export class Aim {
  #canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("map-aim"));
  #adding = new Adding();
  /** @type {Px | null} where the mouse is */
  #hover = null;
  /** @type {number[] | null} where the keys have the crosshair: the two inputs */
  #crosshair = null;
  /** @type {New[]} on their way to the server, or not yet among the points */
  #coming = [];
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** @type {Seen | null} */
  #seen = null;
  #undoes = -1;
  #timer = 0;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../run/transport.js").Transport} transport
   * @param {import("./maps.js").ResponseMaps} maps
   */
  constructor(store, transport, maps) {
    this.transport = transport;
    this.maps = maps;
    const canvas = this.#canvas;
    canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.#point([event.offsetX, event.offsetY]));
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("click", (event) => this.#act([event.offsetX, event.offsetY], REACH, event.altKey || event.ctrlKey || event.metaKey || event.shiftKey));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#aimAt(this.#aimed));
    canvas.addEventListener("blur", () => this.#paint());
    byId("aim-undo").addEventListener("click", () => transport.run((api) => api.call("POST", "/undo")));
    this.#adding.onChange = () => this.#changed();
    maps.onPainted = () => {
      this.#adding.repaint();
      this.#paint();
    };
    maps.points.onArrived = () => (this.#coming = []);
    store.onDraw((seen) => this.#draw(seen));
  }

  /** Another theme. */
  repaint() {
    this.#adding.repaint();
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    this.#adding.make(seen.topology);
    if (seen.frame.revision !== this.#undoes) byId("aim-said").hidden = true;
    this.#hint();
  }

  #changed() {
    this.#canvas.dataset.adds = String(this.#adding.on);
    this.#canvas.toggleAttribute("data-cuts", this.#adding.on);
    this.#refuse("");
    this.#hint();
    this.#paint();
  }

  #hint() {
    const added = this.#seen?.topology.data.n_added ?? 0;
    const parts = [this.#adding.on ? t("aim-hint-add") : t("aim-hint-choose"), ...(added > 0 ? [t("aim-added-count", { count: added })] : [])];
    if (byId("aim-hint").textContent !== parts.join(" ")) byId("aim-hint").textContent = parts.join(" ");
  }

  // -- where

  get #size() {
    return /** @type {const} */ ([this.#canvas.clientWidth, this.#canvas.clientHeight]);
  }

  /** @param {number[]} inputs @returns {Px} */
  #toPx = (inputs) => this.maps.toPx(inputs, ...this.#size);

  /** @param {Px} at px @param {number} reach px */
  #near = (at, reach) => nearest(this.maps.points.all, this.#toPx, at, reach);

  /** @param {Px | null} at px */
  #point(at) {
    this.#hover = at;
    this.#paint();
  }

  /** The crosshair begins at the example on view. @returns {Px} px */
  get #aimed() {
    return this.#toPx(this.#crosshair ?? [...(this.#seen?.frame.layers[0].a ?? [0, 0])]);
  }

  /** @param {Px} at px; it stays on the map */
  #aimAt([x, y]) {
    if (!this.maps.ready) return;
    const [width, height] = this.#size;
    this.#crosshair = this.maps.inputsAt(clamp(x, 0, width), clamp(y, 0, height), width, height);
    this.#paint();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(), CALM_MS);
  }

  /** Where the crosshair is, and what is next to it. */
  #say() {
    if (!this.maps.ready || !this.#seen) return;
    const where = listed(this.maps.inputsAt(...this.#aimed, ...this.#size).map(rounded));
    const near = this.#near(this.#aimed, Infinity);
    const said = near ? t("aim-spoken", { where, row: String(near.index), wanted: this.#name(near), at: listed(near.inputs.map(rounded)) }) : where;
    byId("aim-spoken").textContent = said;
  }

  /** @param {{label?: number | null, targets?: number[]}} example */
  #name({ label, targets }) {
    if (typeof label === "number" && this.#seen) return className(this.#seen.topology, label);
    return `y = ${listed(targets ?? [])}`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (byPointer() || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    if (way) {
      const [[x, y], [width, height]] = [this.#aimed, this.#size];
      const by = event.shiftKey ? FINE : STRIDE;
      this.#aimAt([x + way[0] * by * width, y + way[1] * by * height]);
    } else if (event.key === "Enter") this.#act(this.#aimed, Infinity, false);
    else return;
    event.preventDefault();
  }

  // -- what is done there

  /** @param {Px} at px @param {number} reach px @param {boolean} choose whatever a click does else */
  #act(at, reach, choose) {
    if (!this.maps.ready) return;
    this.#refuse("");
    if (this.#adding.on && !choose) return this.#add(this.maps.inputsAt(...at, ...this.#size).map(rounded));
    const near = this.#near(at, reach);
    if (near) this.#run((api) => api.change({ example: { index: near.index } }));
    return undefined;
  }

  /** @param {number[]} inputs */
  #add(inputs) {
    const value = this.#adding.value;
    if (!value) {
      this.#refuse(t("aim-no-number"));
      this.#adding.wrong[0]?.focus();
      return;
    }
    const example = { inputs, ...value };
    this.#coming.push(example);
    this.#paint();
    this.#run(async (api) => {
      try {
        const { revision } = await api.call("POST", "/examples", example);
        this.#added(example, revision);
      } catch (error) {
        this.#coming = this.#coming.filter((one) => one !== example);
        this.#paint();
        throw error;
      }
    });
  }

  /** @param {New} example @param {number} revision */
  #added(example, revision) {
    this.#undoes = revision;
    byId("aim-said-text").textContent = t("aim-added", { wanted: this.#name(example), where: listed(example.inputs) });
    byId("aim-said").hidden = false;
  }

  /**
   * One after the other, none let go: each click is a point.
   * @param {(api: import("../server/api.js").Api) => Promise<unknown>} call
   */
  #run(call) {
    let done = false;
    const once = async (/** @type {import("../server/api.js").Api} */ api) => {
      done = true;
      await call(api).catch((error) => this.#refuse(error instanceof Refusal ? (error.errors[0]?.msg ?? error.message) : String(error)));
    };
    this.#last = this.#last.then(async () => {
      while (!done) await this.transport.run(once);
    });
  }

  /** @param {string} sentence empty: all is well */
  #refuse(sentence) {
    byId("aim-refusal").textContent = sentence;
    byId("aim-refusal").hidden = sentence === "";
  }

  // -- how it looks

  #paint() {
    if (!this.maps.ready) return;
    const focused = document.activeElement === this.#canvas && this.#canvas.matches(":focus-visible");
    const near = this.#hover && !this.#adding.on ? this.#near(this.#hover, REACH) : focused && !this.#adding.on ? this.#near(this.#aimed, Infinity) : null;
    this.#canvas.dataset.near = near ? String(near.index) : "";
    paint(this.#canvas, { crosshair: focused ? this.#aimed : null, near: near && this.#toPx(near.inputs), added: this.#ghosts(focused) });
  }

  /** @param {boolean} focused @returns {import("./crosshair.js").Aimed["added"]} */
  #ghosts(focused) {
    const shade = shades(this.maps.points.all);
    const ghost = (/** @type {Px} */ at, /** @type {Value} */ { label, targets }) => ({ at, label: label ?? null, shade: targets ? shade(targets[0]) : 1 });
    const [at, value] = [this.#hover ?? (focused ? this.#aimed : null), this.#adding.on ? this.#adding.value : null];
    return [...this.#coming.map((one) => ghost(this.#toPx(one.inputs), one)), ...(at && value ? [ghost(at, value)] : [])];
  }
}
