// The image on view, and the blame at each of its pixels. With a neuron in focus that looks at them: its own blame, or its weights.

import { colours, channels } from "../picture/colours.js";
import { image, prepare, signedImage } from "./plane.js";
import { number } from "../words/format.js";
import { clamp, imageFull, pulseRadius } from "../picture/scales.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */

/** How strongly the image is seen alone, and under what is painted over it. */
const ALONE = 0.9;
const UNDER = 0.12;

export class Digits {
  #canvas = /** @type {HTMLCanvasElement | null} */ (document.getElementById("digit"));
  #note = document.getElementById("map-note");
  /** @type {Seen | null} */
  #seen = null;
  #painted = "";
  #asked = 0;
  #size = { width: 0, height: 0 };

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.store = store;
    store.onDraw((seen) => {
      this.#seen = seen;
      // While it plays the network comes first, and this with the next screen.
      if (!seen.frame.playing) this.#draw();
      else this.#asked ||= requestAnimationFrame(() => this.#draw());
    });
    // Asking for the size of a canvas while a frame is drawn would lay out the page twice.
    const resized = new ResizeObserver(([{ target }]) => {
      this.#size = { width: target.clientWidth, height: target.clientHeight };
      this.repaint();
    });
    if (this.#canvas) resized.observe(this.#canvas);
  }

  /** Another theme, or another size. */
  repaint() {
    this.#painted = "";
    this.#draw();
  }

  /** The neuron in focus, if it looks at the pixels; from 1. */
  get #neuron() {
    const { focus } = this.store.choice;
    return focus?.kind === "neuron" && focus.layer === 2 ? focus.j : null;
  }

  #draw() {
    this.#asked = 0;
    const seen = this.#seen;
    const blamed = seen?.reached("sent", 2) ?? false;
    const of = `${seen?.frame.seq}/${blamed}/${seen?.reached("after", 2)}/${this.#neuron}`;
    if (!seen || of === this.#painted || !this.#paint(seen, blamed)) return;
    this.#painted = of;
  }

  /** @param {Seen} seen @param {boolean} blamed @returns {boolean} whether there was a canvas to paint on */
  #paint(seen, blamed) {
    const shape = seen.topology.data.image_shape;
    const pixels = seen.frame.layers[0].a;
    const prepared = this.#canvas && shape && pixels ? prepare(this.#canvas, this.#size) : null;
    if (!prepared || !shape || !pixels) return false;
    const { pen, width, height } = prepared;
    const j = this.#neuron;
    const weights = !blamed && j ? weightsOf(seen, j) : null;
    pen.imageSmoothingEnabled = false;
    const [r, g, b] = channels(colours().ink);
    const ink = 255 * (blamed || weights ? UNDER : ALONE);
    pen.drawImage(image(asImage(pixels, ...shape), (x) => [r, g, b, ink * clamp(x, 0, 1)]), 0, 0, width, height);
    if (weights) {
      const { "value-plus": plus, "value-minus": minus } = colours();
      pen.drawImage(signedImage(asImage(weights, ...shape), plus, minus, imageFull(pixels.length)), 0, 0, width, height);
    }
    if (blamed) paintBlame(pen, j ? pixelBlame(seen, [j - 1]) : pixelBlame(seen), shape, width, height);
    if (this.#note) this.#note.textContent = noteOf(blamed, weights !== null, j, imageFull(pixels.length));
    return true;
  }
}

/** @param {boolean} blamed @param {boolean} weights @param {number | null} j @param {number} full */
function noteOf(blamed, weights, j, full) {
  if (weights) return t("map-pixels-weights", { j: String(j), full: number(full) });
  if (!blamed) return t("map-pixels-image");
  return j ? t("map-pixels-own", { j: String(j) }) : t("map-pixels-blame");
}

/** The weights of a neuron of layer 2, as they are where one looks. @param {Seen} seen @param {number} j from 1 */
function weightsOf({ frame, topology, reached }, j) {
  const layer = frame.layers[1];
  const n = topology.layers[0];
  const w = reached("after", 2) && layer.wAfter ? layer.wAfter : layer.w;
  return w ? w.subarray((j - 1) * n, j * n) : null;
}

/**
 * What each pixel would be sent: the sum of what neurons of layer 2 send it.
 * @param {Seen} seen
 * @param {Iterable<number>} [senders] from 0; by default all
 */
export function pixelBlame({ frame, topology }, senders = Array(topology.layers[1]).keys()) {
  const above = frame.layers[1];
  const n = topology.layers[0];
  const blame = new Float32Array(n);
  const { delta, w, feedback } = above;
  if (!delta || !(w || feedback)) return blame;
  const m = delta.length;
  for (const j of senders)
    if (feedback) for (let k = 0; k < n; k++) blame[k] += feedback[k * m + j] * delta[j];
    else if (w) for (let k = 0, at = j * n; k < n; k++, at++) blame[k] += w[at] * delta[j];
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
