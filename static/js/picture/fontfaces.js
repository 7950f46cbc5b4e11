// The fonts of a picture's letters, inside it: a file that stands by itself has no style sheet and no server to ask.

/** @typedef {{family: string, style: string, weights: [number, number], ranges: [number, number][], address: string, rule: CSSFontFaceRule}} Face */

/** @typedef {{family: string, style: string, weight: number, sample: string, rule: string}} Embedded sample: a letter of it; rule: with the font in it */

/** @returns {Face[]} all of the page's style sheets */
function known() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule));
  return rules.map((rule) => {
    const { style } = rule;
    const value = (/** @type {string} */ name, /** @type {string} */ plain) => style.getPropertyValue(name) || plain;
    const [lightest, heaviest] = value("font-weight", "400").split(" ").map(Number);
    const source = /url\("([^"]+)"\)/.exec(value("src", ""))?.[1] ?? "";
    return {
      family: unquoted(value("font-family", "")), style: value("font-style", "normal"), weights: [lightest, heaviest ?? lightest],
      ranges: ranges(style.getPropertyValue("unicode-range")), address: new URL(source, rule.parentStyleSheet?.href ?? location.href).href, rule,
    };
  });
}

/** @param {string} name */
const unquoted = (name) => name.trim().replace(/^["']|["']$/g, "");

/**
 * @param {string} written as in a style sheet: `U+370-3FF, U+B2`; empty: every letter
 * @returns {[number, number][]}
 */
export function ranges(written) {
  return written
    .split(",")
    .map((part) => /U\+([0-9a-f]+)(?:-([0-9a-f]+))?/i.exec(part))
    .filter((found) => found !== null)
    .map(([, from, to]) => [parseInt(from, 16), parseInt(to ?? from, 16)]);
}

/**
 * @param {[number, number][]} within none: every letter
 * @param {string} text
 */
export const hasLetters = (within, text) =>
  within.length === 0 || [...text].some((letter) => within.some(([from, to]) => /** @type {number} */ (letter.codePointAt(0)) >= from && /** @type {number} */ (letter.codePointAt(0)) <= to));

/**
 * @param {Face} face
 * @param {{families: string[], style: string, weight: number, text: string}} letters
 */
function serves(face, { families, style, weight, text }) {
  return families.includes(face.family) && face.style === style && weight >= face.weights[0] && weight <= face.weights[1] && hasLetters(face.ranges, text);
}

/**
 * What the letters of a picture look like.
 * @param {SVGSVGElement} svg
 */
function lettersOf(svg) {
  return [...svg.querySelectorAll("text, tspan")]
    .filter((element) => element.textContent?.trim() && element.checkVisibility())
    .map((element) => {
      const { fontFamily, fontStyle, fontWeight } = getComputedStyle(element);
      return { families: fontFamily.split(",").map(unquoted), style: fontStyle, weight: Number(fontWeight), text: element.textContent ?? "" };
    });
}

/** @type {Map<string, Promise<string>>} files as data addresses */
const files = new Map();

/** @param {string} address @returns {Promise<string>} */
function inside(address) {
  const found = files.get(address) ?? fetched(address);
  files.set(address, found);
  return found;
}

/** @param {string} address @returns {Promise<string>} "" where it cannot be had: then the reader's own font does */
async function fetched(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return "";
  const reader = new FileReader();
  const read = new Promise((resolve) => (reader.onload = resolve));
  reader.readAsDataURL(new Blob([await answer.arrayBuffer()], { type: "font/woff2" }));
  await read;
  return String(reader.result);
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} more shapes with labels, which are in the page's first font
 * @returns {Promise<Embedded[]>} the fonts that the letters need
 */
export async function embedded(svg, more) {
  const letters = lettersOf(svg);
  if (more.includes("<text")) letters.push({ families: ["Inter"], style: "normal", weight: 600, text: "0" });
  const needed = known().flatMap((face) => {
    const one = letters.find((some) => serves(face, some));
    return one ? [{ face, weight: one.weight, sample: [...one.text].find((letter) => letter.trim() && hasLetters(face.ranges, letter)) ?? "0" }] : [];
  });
  const all = await Promise.all(
    needed.map(async ({ face: { family, style, weights, rule, address }, weight, sample }) => {
      const data = await inside(address);
      const range = rule.style.getPropertyValue("unicode-range");
      const within = range ? `unicode-range:${range};` : "";
      return { family, style, weight, sample, rule: data && `@font-face{font-family:"${family}";font-style:${style};font-weight:${weights.join(" ")};${within}src:url(${data}) format("woff2")}` };
    }),
  );
  return all.filter(({ rule }) => rule);
}
