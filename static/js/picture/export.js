// The picture on view as a file that stands by itself: every look written on its element, what is on its way as shapes, and
// the letters' fonts inside. As SVG, or painted as PNG.

import { settled } from "../page/address.js";
import { colours } from "./colours.js";
import { embedded } from "./fontfaces.js";
import * as problem from "../page/problem.js";
import { SvgPen } from "./svgpen.js";
import { t } from "../words/texts.js";

const SVG = "http://www.w3.org/2000/svg";
/** A PNG has so many pixels for one on the screen, along each side. */
const PNG_SCALE = 2;
/** The ground goes on so far beyond the picture, whose sides are rounded to whole pixels. */
const EDGE = 2;
/** Room for a letter of each font, px. */
const PROBE = 24;
/** So long is waited for fonts at most, ms; without them the reader's own are taken. */
const FONTS_MS = 2000;
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** What an element looks like, with what SVG takes where nothing is said. All but the first two are inherited. */
const LOOKS = /** @type {const} */ ([
  ["opacity", "1"], ["clip-path", "none"],
  ["fill", "rgb(0, 0, 0)"], ["fill-opacity", "1"], ["stroke", "none"], ["stroke-width", "1px"], ["stroke-opacity", "1"],
  ["stroke-dasharray", "none"], ["stroke-linecap", "butt"], ["stroke-linejoin", "miter"], ["paint-order", "normal"],
  ["font-family", ""], ["font-size", ""], ["font-weight", "400"], ["font-style", "normal"], ["text-anchor", "start"],
  ["image-rendering", "auto"],
]);
const NOT_INHERITED = new Set(["opacity", "clip-path"]);
/** Programs other than browsers read these in a style only. */
const STYLES = new Set(["clip-path", "image-rendering", "paint-order"]);
/** What only serves hands and screen readers. */
const FOR_HANDS = ["tabindex", "role", "aria-label", "aria-hidden", "focusable", "class"];

/**
 * A copy of the SVG that needs no style sheet.
 * @param {SVGSVGElement} svg
 * @returns {SVGSVGElement}
 */
export function standingAlone(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  dress(svg, copy, new Map(LOOKS));
  const box = svg.getBoundingClientRect();
  copy.setAttribute("width", String(Math.round(box.width)));
  copy.setAttribute("height", String(Math.round(box.height)));
  return copy;
}

/**
 * @param {Element} original
 * @param {Element} copy
 * @param {Map<string, string>} above how the parent looks
 */
function dress(original, copy, above) {
  const style = getComputedStyle(original);
  /** @type {Map<string, string>} */
  const looks = new Map();
  for (const [name, plain] of LOOKS) {
    const value = style.getPropertyValue(name);
    looks.set(name, value);
    const usual = NOT_INHERITED.has(name) ? plain : above.get(name);
    if (value === usual) copy.removeAttribute(name);
    else if (STYLES.has(name)) /** @type {SVGElement} */ (copy).style.setProperty(name, value);
    else copy.setAttribute(name, value.replaceAll('"', name.startsWith("font") ? "'" : ""));
  }
  const [before, after] = [[...original.children], [...copy.children]];
  for (const [i, child] of before.entries()) {
    const inside = child.closest("defs") !== null;
    if (!inside && (getComputedStyle(child).display === "none" || isForHands(child))) after[i].remove();
    else if (child.namespaceURI === SVG) dress(child, after[i], looks);
  }
  for (const name of FOR_HANDS) copy.removeAttribute(name);
}

/** @param {Element} element of the picture that nobody sees */
const isForHands = (element) => element.matches(".hits, .for-hands") || (element.tagName === "text" && !element.textContent?.trim());

/**
 * The picture on view as an SVG document, and the fonts in it.
 * @param {import("./scene.js").Scene} scene
 */
export async function drawn(scene) {
  const { svg } = scene;
  const copy = standingAlone(svg);
  const pen = new SvgPen();
  scene.paint(/** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (pen)));
  const faces = await embedded(svg, pen.shapes);
  const { x, y, width, height } = svg.viewBox.baseVal;
  const head = [
    `<title>${escaped(document.title)}</title>`,
    `<desc>${escaped(document.getElementById("sentence")?.textContent ?? "")}</desc>`,
    faces.length && `<style>${faces.map(({ rule }) => rule).join("\n")}</style>`,
    `<rect x="${x - EDGE}" y="${y - EDGE}" width="${width + 2 * EDGE}" height="${height + 2 * EDGE}" fill="${colours().surface}"/>`,
  ];
  const whole = new XMLSerializer().serializeToString(copy);
  const [open, close] = [whole.indexOf(">") + 1, whole.lastIndexOf("</svg>")];
  const inside = [...head.filter(Boolean), whole.slice(open, close).trim(), `<g id="on-its-way">`, pen.shapes, "</g>"];
  return { svg: `${whole.slice(0, open)}\n${inside.join("\n")}\n</svg>\n`, faces };
}

/**
 * @param {string} svg an SVG document
 * @param {import("./fontfaces.js").Embedded[]} faces that it needs
 * @param {number} scale pixels for one of the document
 * @returns {Promise<Blob>} as PNG
 */
async function pixels(svg, faces, scale) {
  const [width, height] = ["width", "height"].map((name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(svg)?.[1]));
  const image = new Image();
  const address = URL.createObjectURL(new Blob([probed(svg, faces, width, height)], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    await readable(image, faces.length, height);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * scale, height * scale];
    canvas.getContext("2d")?.drawImage(image, 0, 0, width * scale, (height + PROBE) * scale);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * The document with a letter of each font below it: it is not seen before its font is there.
 * @param {string} svg @param {import("./fontfaces.js").Embedded[]} faces @param {number} width @param {number} height
 */
function probed(svg, faces, width, height) {
  const letters = faces.map(
    ({ family, style, weight, sample }, i) =>
      `<text x="${i * PROBE}" y="${height + PROBE - 6}" font-family="${family}" font-style="${style}" font-weight="${weight}" font-size="16">${escaped(sample)}</text>`,
  );
  return `<svg xmlns="${SVG}" width="${Math.max(width, faces.length * PROBE)}" height="${height + PROBE}">\n${svg}${letters.join("")}</svg>`;
}

/**
 * Waits until the fonts inside an image can be painted: the browser reads them a moment after the image.
 * @param {HTMLImageElement} image @param {number} faces @param {number} top of the letters
 */
async function readable(image, faces, top) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(faces, 1) * PROBE, PROBE];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  for (const until = performance.now() + FONTS_MS; pen && performance.now() < until; ) {
    pen.clearRect(0, 0, canvas.width, PROBE);
    pen.drawImage(image, 0, -top);
    const seen = Array.from({ length: faces }, (_, i) => pen.getImageData(i * PROBE, 0, PROBE, PROBE).data.some((value, at) => at % 4 === 3 && value > 0));
    if (seen.every(Boolean)) return;
    await new Promise(requestAnimationFrame);
  }
}

/** @param {import("../store.js").Seen | null} seen @returns {string} of a file, without its ending */
export function fileName(seen) {
  if (!seen || seen.cursor.step === 0) return "blameflow-start";
  const { step, phase, layer } = settled(seen.cursor);
  return ["blameflow-step", step, phase.replaceAll("_", "-"), layer].filter((part) => part !== null).join("-");
}

/** @param {Blob} content @param {string} name */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {import("./scene.js").Scene} scene */
export function listen(scene) {
  document.addEventListener("click", async (event) => {
    const item = event.target instanceof Element ? event.target.closest("[data-picture]") : null;
    if (!(item instanceof HTMLElement)) return;
    /** @type {HTMLElement | null} */ (item.closest("[popover]"))?.hidePopover();
    if (!scene.svg.checkVisibility()) return problem.tell(t("export-picture-unseen"));
    const name = fileName(scene.store.seen);
    const { svg, faces } = await drawn(scene);
    if (item.dataset.picture === "png") save(await pixels(svg, faces, PNG_SCALE), `${name}.png`);
    else save(new Blob([PROLOG, svg], { type: "image/svg+xml" }), `${name}.svg`);
    return undefined;
  });
}

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
