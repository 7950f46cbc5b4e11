// Runs that were kept to be compared with: in the browser, for this visitor, over reloads and sessions. What is read back is
// checked as anything that comes from outside.

/** @typedef {import("./curves.js").Points} Points */
/** @typedef {import("./naming.js").Fact} Fact */
/**
 * @typedef {object} Ghost
 * @property {string} id
 * @property {string | null} session that holds its weights, on the server; null: none does
 * @property {string} data what it was trained on: only runs on the same are compared
 * @property {string} cost the cost function: costs of different ones are not compared
 * @property {Fact[]} facts
 * @property {number} last its last step
 * @property {Points} points
 */

/** Kept runs of one data set. */
export const MOST = 4;
/** Kept runs in all; the oldest of other data sets make room. */
const MOST_IN_ALL = 12;
/** Points of each curve. */
export const POINTS = 200;
const LONGEST = 2_000_000;
const WORD = 200;
const FACTS = 40;

/** @param {unknown} x @param {number} [most] */
const isWord = (x, most = WORD) => typeof x === "string" && x.length <= most;
/** @param {unknown} x */
const isStep = (x) => Number.isSafeInteger(x) && /** @type {number} */ (x) >= 0;
/** @param {unknown} x */
const isValue = (x) => x === null || (typeof x === "number" && Number.isFinite(x));
/** @param {any} x @param {number} length */
const isColumn = (x, length) => Array.isArray(x) && x.length === length && x.every(isValue);
/** @param {any} x @param {number} length */
const isPair = (x, length) => isColumn(x?.train, length) && isColumn(x?.test, length);
/** @param {any} x */
const isFact = (x) => Array.isArray(x) && x.length === 2 && x.every((word) => isWord(word));

/** @param {any} x */
function isPoints(x) {
  const { steps } = x ?? {};
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > POINTS || !steps.every(isStep)) return false;
  return steps.every((step, i) => i === 0 || steps[i - 1] < step) && isPair(x.cost, steps.length) && isPair(x.accuracy, steps.length);
}

/** @param {any} x @returns {x is Ghost} */
function isGhost(x) {
  const named = isWord(x?.id) && isWord(x.data) && isWord(x.cost) && (x.session === null || /^[\w-]{1,64}$/.test(x.session));
  return named && isStep(x.last) && Array.isArray(x.facts) && x.facts.length <= FACTS && x.facts.every(isFact) && isPoints(x.points);
}

/** @param {string | null} text @returns {Ghost[]} what of it can be used */
export function read(text) {
  if (!text || text.length > LONGEST) return [];
  try {
    const found = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isGhost).slice(-MOST_IN_ALL) : [];
  } catch {
    return [];
  }
}

/** @param {Ghost[]} ghosts @param {string} data @returns {Ghost[]} those of one data set */
export const among = (ghosts, data) => ghosts.filter((ghost) => ghost.data === data).slice(0, MOST);

/** Whether one run is the beginning of another, or all of it. @param {Ghost} part @param {Ghost} run */
export function begins(part, run) {
  if (part.data !== run.data || part.last > run.last || JSON.stringify(part.facts) !== JSON.stringify(run.facts)) return false;
  const costs = new Map(run.points.steps.map((step, i) => [step, run.points.cost.train[i]]));
  return part.points.steps.every((step, i) => !costs.has(step) || costs.get(step) === part.points.cost.train[i]);
}

/**
 * The runs with one more; a run that it is only the continuation of makes room. null: there is no room.
 * @param {Ghost[]} ghosts
 * @param {Ghost} ghost
 * @returns {Ghost[] | null}
 */
export function keep(ghosts, ghost) {
  const others = ghosts.filter((other) => !begins(other, ghost));
  if (among(others, ghost.data).length >= MOST) return null;
  const foreign = others.filter((other) => other.data !== ghost.data);
  const spare = new Set(foreign.slice(0, Math.max(0, others.length + 1 - MOST_IN_ALL)));
  return [...others.filter((other) => !spare.has(other)), ghost];
}

/** @param {Ghost[]} ghosts @param {string} id */
export const without = (ghosts, id) => ghosts.filter((ghost) => ghost.id !== id);

/**
 * What a session is trained on, as one word.
 * @param {import("../server/protocol.js").Topology} topology
 */
export function dataOf({ data, config }) {
  const { size = "", noise = "", inputs } = config.dataset ?? {};
  // Examples that were added on the way are told with the run, not with what it began with.
  const own = inputs ? fingerprint(JSON.stringify(config.dataset)) : "";
  return [data.name, data.n_train - (data.n_added ?? 0), data.n_test, size, noise, own].join(" ").slice(0, WORD);
}

/** A short word for a long text. @param {string} text */
function fingerprint(text) {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return (sum >>> 0).toString(36);
}
