// The pixels of a large image in the picture, painted as one image: hundreds of squares would each have to be styled anew.

import { brush } from "./brush.js";
import { channels, colours } from "./colours.js";
import { clamp } from "./scales.js";

/** @typedef {import("../store.js").Seen} Seen */

export class Ink {
  /** @type {Element | null} */
  #image = null;
  /** @type {Float32Array | null | undefined} */
  #painted = null;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   */
  constructor(store, scene) {
    this.store = store;
    scene.onBound((svg) => {
      this.#image = svg.querySelector("image.ink");
      this.repaint();
    });
    store.onDraw((seen) => this.#draw(seen));
  }

  /** Another theme, or another picture. */
  repaint() {
    this.#painted = null;
    if (this.store.seen) this.#draw(this.store.seen);
  }

  /** @param {Seen} seen */
  #draw({ frame, topology }) {
    const [image, pixels, shape] = [this.#image, frame.layers[0].a, topology.data.image_shape];
    if (!image || !shape || !pixels || pixels === this.#painted || equal(pixels, this.#painted)) return;
    this.#painted = pixels;
    brush(image).set("href", painted(pixels, shape, channels(colours().ink)));
  }
}

/** @param {Float32Array} one @param {Float32Array | null | undefined} other */
const equal = (one, other) => other?.length === one.length && one.every((x, i) => x === other[i]);

/**
 * @param {Float32Array} pixels from 0 to 1, row by row
 * @param {[number, number]} shape
 * @param {number[]} colour
 * @returns {string} as a data URL
 */
function painted(pixels, [rows, columns], [r, g, b]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const data = new ImageData(columns, rows);
  for (const [i, x] of pixels.entries()) data.data.set([r, g, b, 255 * clamp(x, 0, 1)], 4 * i);
  canvas.getContext("2d")?.putImageData(data, 0, 0);
  return canvas.toDataURL();
}
