// What each neuron answers over the plane of two inputs, and what the network decides there.

import { channels, colours } from "../picture/colours.js";
import { brush } from "../picture/brush.js";
import { contour, image, prepare, signedImage } from "./plane.js";
import { Points } from "./points.js";
import { clamp } from "../picture/scales.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("./plane.js").Field} Field */
/** @typedef {{x: [number, number], y: [number, number], layers: {layer: number, maps: Field[]}[]}} Maps */

/** While it plays, maps are asked for at most so often, ms. */
const PLAYING_MS = 500;
const RESOLUTION = 48;
/** On a smaller map lines are thin, px. */
const SMALL = 100;

export class ResponseMaps {
  /** @type {Maps | null} */
  #maps = null;
  #decision = /** @type {HTMLCanvasElement | null} */ (document.getElementById("decision-map"));
  /** @type {Seen | null} */
  #seen = null;
  /** @type {{shade: Field, lines: Field[]} | null} of the maps, worked out once */
  #fields = null;
  #mapsOf = "";
  #asking = false;
  #askedAt = 0;
  #timer = 0;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("../store.js").Store} store
   * @param {import("../picture/scene.js").Scene} scene
   */
  constructor(api, store, scene) {
    this.api = api;
    this.store = store;
    this.scene = scene;
    this.points = new Points(api, store);
    this.points.onChange = () => this.#paintDecision();
    scene.onBound(() => this.repaint());
    store.onDraw((seen) => this.#draw(seen));
    addEventListener("resize", () => this.#paintDecision());
  }

  /** @param {Seen} seen */
  #draw(seen) {
    const moved = !this.#seen || this.#seen.frame.example.index !== seen.frame.example.index;
    this.#seen = seen;
    if (moved && this.#maps) {
      this.#placeExample();
      this.#paintDecision();
    }
    this.#want();
  }

  /** Ask for the maps of the parameters at the cursor, unless they are here. */
  #want() {
    if (!this.#seen) return;
    const { cursor, revision, playing } = this.#seen.frame;
    const complete = cursor.phase === "update" || cursor.phase === "start";
    const of = `${complete ? cursor.step : cursor.step - 1}/${playing ? "" : revision}`;
    if (of === this.#mapsOf || this.#asking) return;
    const wait = playing ? this.#askedAt + PLAYING_MS - performance.now() : 0;
    clearTimeout(this.#timer);
    if (wait > 0) this.#timer = setTimeout(() => this.#want(), wait);
    else this.#ask(of);
  }

  /** @param {string} of */
  async #ask(of) {
    this.#asking = true;
    this.#askedAt = performance.now();
    try {
      this.#maps = await this.api.responseMaps(RESOLUTION);
      this.#fields = null;
      this.#mapsOf = of;
      this.repaint();
      // Where there is a map now, a tint has to go.
      this.store.ask();
    } catch {
      // The picture keeps the maps it has; the next frame asks again.
    }
    this.#asking = false;
    if (this.#seen && !this.#seen.frame.playing) setTimeout(() => this.#want(), 100);
  }

  /** What repaints with the maps: called when they are others. */
  onPainted = () => {};

  /** Paint everything again: other numbers, another theme, another picture. */
  repaint() {
    if (!this.#maps) return;
    const { "value-plus": plus, "value-minus": minus } = colours();
    for (const { layer, maps } of this.#maps.layers)
      for (const [j, field] of maps.entries()) {
        const element = this.scene.svg.querySelector(`#neuron-${layer}-${j + 1} > image.map`);
        if (!element) continue;
        const full = layer === 1 ? Math.max(...this.#maps.x.map(Math.abs), ...this.#maps.y.map(Math.abs)) : 1;
        element.setAttribute("href", signedImage(field, plus, minus, full).toDataURL());
        element.classList.remove("unused");
      }
    this.#placeExample();
    this.#paintDecision();
  }

  /** The example on view as a point on every map. */
  #placeExample() {
    const maps = this.#maps;
    const x = this.#seen?.frame.layers[0].a;
    if (!maps || !x || x.length !== 2) return;
    for (const here of this.scene.svg.querySelectorAll("circle.here")) {
      const { x: cx, y: cy, size } = /** @type {SVGGElement} */ (here.parentNode).dataset;
      const [across, up] = [share(x[0], maps.x), share(x[1], maps.y)];
      const pen = brush(here);
      pen.set("cx", (Number(cx) + (across - 0.5) * Number(size)).toFixed(1));
      pen.set("cy", (Number(cy) + (0.5 - up) * Number(size)).toFixed(1));
      pen.toggle("unused", false);
    }
  }

  /**
   * Where an example stands on every map, from 0 to 1, rightward and upward; null: there is no map yet.
   * @param {ArrayLike<number>} x
   * @returns {[number, number] | null}
   */
  placeOf(x) {
    return this.#maps && [share(x[0], this.#maps.x), share(x[1], this.#maps.y)];
  }

  #paintDecision() {
    const prepared = this.#maps && this.#decision && prepare(this.#decision);
    if (!prepared) return;
    const { pen, width, height } = prepared;
    this.paintGround(pen, width, height);
    this.#paintExamples(pen, width, height);
    this.onPainted();
  }

  /**
   * What the network answers at each place, and the lines between its decisions.
   * @param {CanvasRenderingContext2D} pen @param {number} width @param {number} height px
   */
  paintGround(pen, width, height) {
    const top = this.#maps?.layers.at(-1)?.maps;
    if (!top) return;
    const fields = (this.#fields ??= boundaries(top, this.#seen?.topology.data.kind === "regression"));
    const ink = channels(colours().ink);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(image(fields.shade, (x) => [...ink, 6 + 48 * clamp(x, 0, 1)]), 0, 0, width, height);
    this.#paintContours(pen, fields.lines, width, height);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Field[]} lines @param {number} width @param {number} height */
  #paintContours(pen, lines, width, height) {
    pen.strokeStyle = colours().ink;
    pen.lineWidth = width > SMALL ? 2 : 1;
    pen.lineCap = "round";
    for (const field of lines) {
      const n = field.length - 1;
      pen.beginPath();
      for (const [x0, y0, x1, y1] of contour(field)) {
        pen.moveTo((x0 / n) * width, height - (y0 / n) * height);
        pen.lineTo((x1 / n) * width, height - (y1 / n) * height);
      }
      pen.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} width @param {number} height */
  #paintExamples(pen, width, height) {
    this.points.paint(pen, (x) => this.toPx(x, width, height));
    const here = this.#seen?.frame.layers[0].a;
    if (!here || here.length !== 2) return;
    const [px, py] = this.toPx(here, width, height);
    pen.beginPath();
    pen.arc(px, py, 8, 0, 2 * Math.PI);
    pen.strokeStyle = colours().backward;
    pen.lineWidth = 2;
    pen.stroke();
  }

  /** Whether there is a plane yet. */
  get ready() {
    return this.#maps !== null;
  }

  /**
   * Where two inputs are on a map of so many px.
   * @param {ArrayLike<number>} x @param {number} width @param {number} height
   * @returns {[number, number]} px from the left and from the top
   */
  toPx(x, width, height) {
    const [across, up] = this.placeOf(x) ?? [NaN, NaN];
    return [across * width, height - up * height];
  }

  /**
   * The two inputs at a place of a map of so many px.
   * @param {number} px @param {number} py @param {number} width @param {number} height
   * @returns {[number, number]}
   */
  inputsAt(px, py, width, height) {
    const { x, y } = /** @type {Maps} */ (this.#maps);
    return [x[0] + (px / width) * (x[1] - x[0]), y[0] + (1 - py / height) * (y[1] - y[0])];
  }
}

/** @param {number} x @param {[number, number]} range */
const share = (x, [low, high]) => (x - low) / (high - low);

/**
 * How strongly each place is shaded (0 to 1), and the fields whose zeros are the lines between decisions.
 * @param {Field[]} top maps of the output neurons
 * @param {boolean} regression
 * @returns {{shade: Field, lines: Field[]}}
 */
export function boundaries(top, regression) {
  if (regression) {
    const all = top[0].flat();
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const shade = top[0].map((row) => row.map((x) => share(x, [low, high || low + 1])));
    return { shade, lines: [1 / 4, 1 / 2, 3 / 4].map((level) => shade.map((row) => row.map((x) => x - level))) };
  }
  if (top.length === 1) return { shade: top[0], lines: [top[0].map((row) => row.map((x) => x - 0.5))] };
  const combine = (/** @type {(all: number[], place: number) => number} */ f, /** @type {number} */ j) =>
    top[0].map((row, r) => row.map((_, c) => f(top.map((field) => field[r][c]), j)));
  const lead = (/** @type {number[]} */ all, /** @type {number} */ j) => all[j] - Math.max(...all.filter((_, i) => i !== j));
  if (top.length === 2) return { shade: combine((all) => (lead(all, 0) + 1) / 2, 0), lines: [combine(lead, 0)] };
  const shade = combine((all) => all.indexOf(Math.max(...all)) / (top.length - 1), 0);
  return { shade, lines: top.map((_, j) => combine(lead, j)) };
}
