// A pen with the strokes of a canvas that writes SVG: what is painted on the canvas goes into a picture as shapes, sharp at
// any size. It knows what the painters of this program use, and refuses the rest by not having it.

/** @typedef {{a: number, b: number, c: number, d: number, e: number, f: number}} Matrix */

/** @param {number} x */
const short = (x) => String(Math.round(x * 100) / 100);

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Text is centred on a point, or begins or ends there. @type {Record<string, string>} */
const ANCHORS = { center: "middle", left: "start", start: "start", right: "end", end: "end" };

const PLAIN = {
  fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineCap: "butt", lineJoin: "miter", globalAlpha: 1,
  font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic",
};

export class SvgPen {
  fillStyle = PLAIN.fillStyle;
  strokeStyle = PLAIN.strokeStyle;
  lineWidth = PLAIN.lineWidth;
  lineCap = PLAIN.lineCap;
  lineJoin = PLAIN.lineJoin;
  globalAlpha = PLAIN.globalAlpha;
  font = PLAIN.font;
  textAlign = PLAIN.textAlign;
  textBaseline = PLAIN.textBaseline;

  /** @type {string[]} */
  #shapes = [];
  #path = "";
  /** @type {number[]} */
  #dash = [];
  /** @type {string[]} transforms in force, the outermost first */
  #moves = [];
  /** @type {{state: typeof PLAIN, dash: number[], moves: string[]}[]} */
  #saved = [];

  /** @returns {string} everything that was painted, as SVG elements */
  get shapes() {
    return this.#shapes.join("\n");
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, lineCap, lineJoin, globalAlpha, font, textAlign, textBaseline } = this;
    const state = { fillStyle, strokeStyle, lineWidth, lineCap, lineJoin, globalAlpha, font, textAlign, textBaseline };
    this.#saved.push({ state, dash: this.#dash, moves: [...this.#moves] });
  }

  restore() {
    const last = this.#saved.pop();
    if (!last) return;
    Object.assign(this, last.state);
    this.#dash = last.dash;
    this.#moves = last.moves;
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.#moves.push(`translate(${short(x)} ${short(y)})`);
  }

  /** @param {number} angle in radians */
  rotate(angle) {
    this.#moves.push(`rotate(${short((angle * 180) / Math.PI)})`);
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = [...dash];
  }

  beginPath() {
    this.#path = "";
  }

  closePath() {
    this.#path += "Z";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} x @param {number} y */
  bezierCurveTo(x1, y1, x2, y2, x, y) {
    this.#path += `C${[x1, y1, x2, y2, x, y].map(short).join(" ")}`;
  }

  /**
   * @param {number} x @param {number} y @param {number} radius
   * @param {number} from @param {number} to radians, clockwise
   */
  arc(x, y, radius, from, to) {
    const point = (/** @type {number} */ angle) => `${short(x + radius * Math.cos(angle))} ${short(y + radius * Math.sin(angle))}`;
    const middle = (from + to) / 2;
    const large = Number((to - from) / 2 > Math.PI);
    const half = (/** @type {number} */ angle) => `A${short(radius)} ${short(radius)} 0 ${large} 1 ${point(angle)}`;
    this.#path += `${this.#path ? "L" : "M"}${point(from)}${half(middle)}${half(to)}`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
  roundRect(x, y, width, height, radius) {
    const r = Math.min(radius, width / 2, height / 2);
    const turn = (/** @type {number} */ dx, /** @type {number} */ dy) => `a${short(r)} ${short(r)} 0 0 1 ${short(dx)} ${short(dy)}`;
    this.#path +=
      `M${short(x + r)} ${short(y)}h${short(width - 2 * r)}${turn(r, r)}v${short(height - 2 * r)}${turn(-r, r)}` +
      `h${short(2 * r - width)}${turn(-r, -r)}v${short(2 * r - height)}${turn(r, -r)}Z`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
  }

  fill() {
    this.#shape(`fill="${escaped(this.fillStyle)}"`);
  }

  stroke() {
    const dash = this.#dash.length ? ` stroke-dasharray="${this.#dash.map(short).join(" ")}"` : "";
    const { strokeStyle, lineWidth, lineCap, lineJoin } = this;
    this.#shape(`fill="none" stroke="${escaped(strokeStyle)}" stroke-width="${short(lineWidth)}" stroke-linecap="${lineCap}" stroke-linejoin="${lineJoin}"${dash}`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    const [, weight = "400", size = "10", family = "sans-serif"] = /^(?:(\d+) )?([\d.]+)px (.+)$/.exec(this.font) ?? [];
    const font = `font-family="${escaped(family)}" font-size="${size}" font-weight="${weight}" text-anchor="${ANCHORS[this.textAlign] ?? "start"}"`;
    this.#shapes.push(`<text x="${short(x)}" y="${short(y)}" fill="${escaped(this.fillStyle)}" ${font}${this.#rest()}>${escaped(text)}</text>`);
  }

  /** @param {string} look */
  #shape(look) {
    if (this.#path) this.#shapes.push(`<path d="${this.#path}" ${look}${this.#rest()}/>`);
  }

  #rest() {
    const { globalAlpha } = this;
    return (globalAlpha < 1 ? ` opacity="${short(globalAlpha)}"` : "") + (this.#moves.length ? ` transform="${this.#moves.join(" ")}"` : "");
  }
}
