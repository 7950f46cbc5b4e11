// The colours of the page's tokens as the browser resolves them, for what is painted on a canvas.

const NAMES = /** @type {const} */ ([
  "surface", "sunken", "raised", "line", "line-control", "ink", "ink-2", "ink-3", "value-plus", "value-minus",
  "blame-plus", "blame-minus", "forward", "backward", "not-finite",
]);

/** @typedef {typeof NAMES[number]} ColourName */
/** @typedef {Record<ColourName, string>} Colours */

/** @type {Colours | null} */
let known = null;

/** The colours of the theme in force. A token may depend on the theme, so an element has to resolve it. */
export function colours() {
  if (known) return known;
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const found = /** @type {Colours} */ ({});
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    found[name] = style.color;
  }
  probe.remove();
  known = found;
  return known;
}

/**
 * Red, green and blue from 0 to 255.
 * @param {string} colour as the browser writes it: `rgb(1, 2, 3)`
 * @returns {[number, number, number]}
 */
export function channels(colour) {
  const [r, g, b] = (colour.match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
  return [r, g, b];
}

/** To be called when the theme has changed. */
export function forgetColours() {
  known = null;
}
