// The hidden neurons of a network that looks at images: each shows its incoming weights as an image, where it is large enough for one.

import { brush } from "./brush.js";
import { channels, colours } from "./colours.js";
import { clamp, imageFull } from "./scales.js";
import { Slices } from "./slices.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {[number, number, number]} Colour */

/** A square that is smaller on screen shows one tint, px; and one with less room than this for each weight, which would be a grey. */
const SMALLEST = 13;
const FOR_EACH = 0.8;
/** The opacity of full strength, 0 to 255. */
const STRONGEST = 0.92 * 255;
/** While it plays the images are painted at most so often, ms. */
const PLAYING_MS = 200;

export class WeightImages {
  /** @type {Element[]} the images, neuron by neuron */
  #images = [];
  /** @type {Float32Array | null} those that are painted: (n_2, n_1) */
  #weights = null;
  #of = "";
  #paintedAt = 0;
  #canvas = document.createElement("canvas");
  /** @type {ImageData | null} */
  #data = null;
  #slices = new Slices((j) => this.#paint(j));
  /** Whether the squares are large enough on screen. */
  #large = false;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   * @param {import("./zoom.js").Zoom} zoom
   */
  constructor(store, scene, zoom) {
    this.store = store;
    this.scene = scene;
    this.zoom = zoom;
    scene.onBound((svg) => {
      this.#images = [...svg.querySelectorAll('g.neuron[data-layer="2"] > image.map')];
      this.#fit();
      this.repaint();
    });
    zoom.onScale(() => this.#fit());
    store.onDraw((seen) => this.#draw(seen));
  }

  /** Paint everything again: another theme, or another picture. */
  repaint() {
    if (this.#weights && this.#large) this.#slices.start(this.#images.length);
  }

  get #side() {
    const { width } = this.scene.svg.dataset;
    const scaled = (this.scene.svg.clientWidth || Number(width)) / Number(width);
    return Number(this.#images[0]?.getAttribute("width") ?? 0) * this.zoom.scale * scaled;
  }

  /** Images come and go with the size that the squares have on screen; one that is shrunk is smoothed. */
  #fit() {
    const [rows, columns] = this.store.topology?.data.image_shape ?? [Infinity, Infinity];
    const side = this.#side;
    this.#large = side >= Math.max(SMALLEST, FOR_EACH * Math.max(rows, columns));
    brush(this.scene.svg).set("data-images", !this.#large ? "none" : side < columns ? "smooth" : "sharp");
    if (this.#large) this.repaint();
    else {
      this.#slices.stop();
      for (const image of this.#images) brush(image).toggle("unused", true);
    }
    this.store.ask();
  }

  /** @param {Seen} seen */
  #draw(seen) {
    const { frame: { cursor, revision, playing, weightsFresh, layers: [, layer] }, topology } = seen;
    const shape = topology.data.image_shape;
    const of = `${cursor.step}/${revision}/${seen.reached("after", 2)}`;
    const due = !playing || performance.now() - this.#paintedAt > PLAYING_MS;
    if (!shape || of === this.#of || !weightsFresh || !due) return;
    const w = seen.reached("after", 2) && layer.wAfter ? layer.wAfter : layer.w;
    if (!w || shape[0] * shape[1] !== topology.layers[0]) return;
    const first = this.#weights === null;
    this.#of = of;
    this.#weights = w;
    this.#paintedAt = performance.now();
    if (first) this.#fit();
    else this.repaint();
  }

  /** @param {number} j from 0 */
  #paint(j) {
    const shape = this.store.topology?.data.image_shape;
    const pen = this.#canvas.getContext("2d", { willReadFrequently: true });
    if (!shape || !pen || !this.#weights || !this.#images[j]) return;
    const [rows, columns] = shape;
    if (this.#data?.width !== columns || this.#data.height !== rows) {
      [this.#canvas.width, this.#canvas.height] = [columns, rows];
      this.#data = new ImageData(columns, rows);
    }
    const { "value-plus": plus, "value-minus": minus } = colours();
    const n = rows * columns;
    tint(this.#data.data, this.#weights.subarray(j * n, (j + 1) * n), imageFull(n), channels(plus), channels(minus));
    pen.putImageData(this.#data, 0, 0);
    const image = this.#images[j];
    // Where an image appears its neuron's tint goes.
    if (image.classList.contains("unused")) this.store.ask();
    brush(image).set("href", this.#canvas.toDataURL());
    brush(image).toggle("unused", false);
  }
}

/**
 * Numbers as pixels: the sign as colour, the size as opacity.
 * @param {Uint8ClampedArray} pixels red, green, blue, opacity
 * @param {Float32Array} numbers
 * @param {number} full the size at full strength
 * @param {Colour} plus @param {Colour} minus
 */
export function tint(pixels, numbers, full, plus, minus) {
  for (let at = 0, to = 0; at < numbers.length; at++) {
    const x = numbers[at];
    const colour = x < 0 ? minus : plus;
    pixels[to++] = colour[0];
    pixels[to++] = colour[1];
    pixels[to++] = colour[2];
    pixels[to++] = STRONGEST * clamp(Math.abs(x) / full, 0, 1);
  }
}
