// Numbers as a person reads them: three significant digits in the picture, six in cards, a true minus.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A whole number as an exponent is written.
 * @param {number} n
 */
export function superscript(n) {
  const digits = String(Math.abs(n)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);
  return n < 0 ? `⁻${digits}` : digits;
}

/**
 * A number with so many significant digits; very large and small ones as a product with a power of ten.
 * @param {number} x
 * @param {{digits?: number, plus?: boolean}} [options] `plus`: positive numbers carry their sign too
 */
export function number(x, { digits = 3, plus = false } = {}) {
  if (Number.isNaN(x)) return "not a number";
  const sign = x < 0 ? "−" : plus && x > 0 ? "+" : "";
  // Frames hold float32: what is infinite there may be finite on the server, but is larger than this.
  if (!Number.isFinite(x)) return x > 0 ? "> 3·10³⁸" : "< −3·10³⁸";
  if (x === 0) return "0";
  const [mantissa, exponentText] = Math.abs(x).toExponential(digits - 1).split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent > Math.max(3, digits - 1)) return `${sign}${mantissa}·10${superscript(exponent)}`;
  return sign + Math.abs(x).toFixed(Math.max(0, digits - 1 - exponent));
}

/** @param {number} x whole numbers without decimals: targets */
export const short = (x) => (Number.isInteger(x) && Math.abs(x) < 1000 ? String(x).replace("-", "−") : number(x));

/** @param {number} x at most three digits, and no zeros at their end: on axes and in names */
export const brief = (x) => number(x).replace(/(\.\d*?)0+(?=·|$)/, "$1").replace(/\.(?=·|$)/, "").replace(/^(−?)1·/, "$1");

/** @param {number} x three digits, with its sign: for blame */
export const signed = (x) => number(x, { plus: true });

/** @param {number} x six digits: for cards */
export const six = (x) => number(x, { digits: 6 });

/** @param {number} x six digits with its sign */
export const signedSix = (x) => number(x, { digits: 6, plus: true });

/** @param {number} share from 0 to 1, as a percentage with one decimal */
export const percent = (share) => `${number(100 * share, { digits: 3 })}\u00a0%`;

/**
 * What a `data-*` attribute holds: seven significant digits, all that a float32 has, in a form that reads back.
 * @param {number} x
 */
export const attribute = (x) => (Number.isFinite(x) ? String(Number(x.toPrecision(7))) : "not finite");

/**
 * A number that a person typed: true minus and decimal comma are understood.
 * @param {string} text
 * @returns {number | null} null if it is no finite number
 */
export function parse(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(/^([^.]*),([^.,]*)$/, "$1.$2").replace(/\s/g, "");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
