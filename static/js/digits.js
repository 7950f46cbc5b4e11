// Networks that look at images: hidden neurons as images of their weights, and the blame at each pixel.

import { colours, channels } from "./colours.js";
import { image, prepare, signedImage } from "./plane.js";
import { clamp, pulseRadius } from "./scales.js";
import { sent } from "./protocol.js";
import { t } from "./texts.js";

/** @typedef {import("./store.js").Seen} Seen */

/** The weight that is painted at full strength. */
const FULL = 1;
/** Weight images are painted at most so often while it plays, ms. */
const PLAYING_MS = 200;

export class Digits {
  #canvas = /** @type {HTMLCanvasElement | null} */ (document.getElementById("digit"));
  #note = document.getElementById("map-note");
  /** @type {Seen | null} */
  #seen = null;
  #weightsOf = "";
  #paintedAt = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   */
  constructor(store, scene) {
    this.scene = scene;
    scene.onBound(() => this.repaint());
    store.onDraw((seen) => this.#draw(seen));
    addEventListener("resize", () => this.#paintPixels());
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    if (!seen.topology.data.image_shape) return;
    const { cursor, revision, playing } = seen.frame;
    const after = seen.reached("after", 2);
    const of = `${cursor.step}/${revision}/${after}`;
    const due = !playing || performance.now() - this.#paintedAt > PLAYING_MS;
    if (of !== this.#weightsOf && seen.frame.weightsFresh && due) {
      this.#weightsOf = of;
      this.#paintWeights();
    }
    this.#paintPixels();
  }

  repaint() {
    this.#paintWeights();
    this.#paintPixels();
  }

  #paintWeights() {
    const shape = this.#seen?.topology.data.image_shape;
    if (!shape || !this.#seen) return;
    this.#paintedAt = performance.now();
    const [rows, columns] = shape;
    const layer = this.#seen.frame.layers[1];
    const w = this.#seen.reached("after", 2) && layer.wAfter ? layer.wAfter : layer.w;
    if (!w || rows * columns !== this.#seen.topology.layers[0]) return;
    const { "value-plus": plus, "value-minus": minus } = colours();
    for (let j = 0; j < this.#seen.topology.layers[1]; j++) {
      const element = this.scene.svg.querySelector(`#neuron-2-${j + 1} > image.map`);
      if (!element) continue;
      const row = w.subarray(j * rows * columns, (j + 1) * rows * columns);
      element.setAttribute("href", signedImage(asImage(row, rows, columns), plus, minus, FULL).toDataURL());
      element.classList.remove("unused");
    }
  }

  #paintPixels() {
    const [canvas, seen] = [this.#canvas, this.#seen];
    const shape = seen?.topology.data.image_shape;
    const pixels = seen?.frame.layers[0].a;
    if (!canvas || !seen || !shape || !pixels) return;
    const prepared = prepare(canvas);
    if (!prepared) return;
    const { pen, width, height } = prepared;
    const blame = seen.reached("sent", 2) ? pixelBlame(seen) : null;
    pen.imageSmoothingEnabled = false;
    const [r, g, b] = channels(colours().ink);
    pen.drawImage(image(asImage(pixels, ...shape), (x) => [r, g, b, 255 * clamp(x, 0, 1) * (blame ? 0.12 : 0.9)]), 0, 0, width, height);
    if (blame) paintBlame(pen, blame, shape, width, height);
    if (this.#note) this.#note.textContent = t(blame ? "map-pixels-blame" : "map-pixels-image");
  }
}

/**
 * What each pixel would be sent: the sum of what all neurons of layer 2 send it.
 * @param {Seen} seen
 */
export function pixelBlame({ frame, topology }) {
  const above = frame.layers[1];
  const [n, m] = topology.layers;
  const blame = new Float32Array(n);
  if (!above.delta || !(above.w || above.feedback)) return blame;
  for (let j = 0; j < m; j++) for (let k = 0; k < n; k++) blame[k] += sent(above, n, j, k);
  return blame;
}

/**
 * Rows from below upward, as fields are painted.
 * @param {Float32Array} flat row by row from the top
 * @param {number} rows
 * @param {number} columns
 */
const asImage = (flat, rows, columns) =>
  Array.from({ length: rows }, (_, row) => [...flat.subarray((rows - 1 - row) * columns, (rows - row) * columns)]);

/**
 * Squares for positive blame, circles for negative.
 * @param {CanvasRenderingContext2D} pen
 * @param {Float32Array} blame
 * @param {[number, number]} shape
 * @param {number} width @param {number} height
 */
function paintBlame(pen, blame, [rows, columns], width, height) {
  const { "blame-plus": plus, "blame-minus": minus } = colours();
  const [dx, dy] = [width / columns, height / rows];
  for (const [k, s] of blame.entries()) {
    if (s === 0 || !Number.isFinite(s)) continue;
    const r = ((Math.min(dx, dy) / 2) * 0.86 * pulseRadius(s)) / 13;
    const [x, y] = [((k % columns) + 0.5) * dx, (Math.floor(k / columns) + 0.5) * dy];
    pen.fillStyle = s > 0 ? plus : minus;
    pen.beginPath();
    if (s > 0) pen.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
    else pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.fill();
  }
}
