// The line of the phases as geometry: from a place in the step to a point, and from a point to the nearest place.

/** @typedef {{at: number, x: number, y: number}} Sample at: in phases, 0 at the start of the step */

/** Points that are tried along each phase. */
const SAMPLES = 16;
/** A point in another lane counts as so much farther: a drag keeps its lane. */
const ACROSS = 2;
/** A place far from the last one in time counts as farther too, px per phase. */
const JUMP = 6;

export class Track {
  /** @type {Sample[]} */
  #samples = [];

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    const centres = [...svg.querySelectorAll("foreignObject")].map((box) => centre(box));
    for (const [order, [x, y]] of centres.entries()) {
      if (order === 0) this.#samples.push({ at: 0, x, y });
      else this.#along(order, centres[order - 1], [x, y]);
    }
  }

  /** @param {number} order @param {[number, number]} from @param {[number, number]} to */
  #along(order, from, to) {
    const path = /** @type {SVGPathElement | null} */ (this.svg.querySelector(`path.segment[data-order="${order}"]`));
    const length = path?.getTotalLength() ?? 0;
    for (let i = 1; i <= SAMPLES; i++) {
      const share = i / SAMPLES;
      const { x, y } = path ? path.getPointAtLength(share * length) : { x: from[0] + (to[0] - from[0]) * share, y: from[1] + (to[1] - from[1]) * share };
      this.#samples.push({ at: order - 1 + share, x, y });
    }
  }

  /**
   * @param {number} at in phases
   * @returns {[number, number]} in the units of the SVG
   */
  point(at) {
    const place = Math.min(Math.max(at, 0) * SAMPLES, this.#samples.length - 1);
    const [low, high] = [this.#samples[Math.floor(place)], this.#samples[Math.ceil(place)]];
    const share = place - Math.floor(place);
    return [low.x + (high.x - low.x) * share, low.y + (high.y - low.y) * share];
  }

  /**
   * @param {number} clientX @param {number} clientY
   * @param {number | null} last place
   * @returns {number} in phases
   */
  nearest(clientX, clientY, last) {
    const box = this.svg.getBoundingClientRect();
    const scale = this.svg.viewBox.baseVal.width / box.width || 1;
    const [x, y] = [(clientX - box.left) * scale, (clientY - box.top) * scale];
    let [best, least] = [0, Infinity];
    for (const sample of this.#samples) {
      const distance = Math.hypot(sample.x - x, ACROSS * (sample.y - y)) + (last === null ? 0 : JUMP * Math.abs(sample.at - last));
      if (distance < least) [best, least] = [sample.at, distance];
    }
    return best;
  }
}

/** @param {SVGForeignObjectElement} box @returns {[number, number]} */
function centre(box) {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
  return [x + width / 2, y + height / 2];
}
