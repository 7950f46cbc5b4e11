// What a run is called beside others: by what they differ in.

import { brief } from "../words/format.js";
import { count as whole, has, t } from "../words/texts.js";

/** @typedef {[name: string, value: string]} Fact a setting of a run, and what it was all along */
/** @typedef {{name: string, before: number | string | null, after: number | string | null}} Changed */
/** @typedef {{after: number, settings: Changed[], weights: number, biases: number, examples: number}} Action what the history tells of a change */

/** In the order in which they name a run: what one compares most often comes first. */
const NAMES = /** @type {const} */ ([
  "feedback", "learning_rate", "optimizer", "layers", "activations", "batch_size", "regularization", "lambda", "cost", "initializer",
  "momentum", "alpha", "beta1", "beta2", "epsilon", "train_biases", "shuffle", "seed", "edits", "additions",
]);
/** So many differences are named; more are only counted. */
const NAMED = 2;
/** Steps at which something was edited or added are listed up to so many. */
const LISTED = 5;

/** What can be chosen for these settings has words of its own, by this name. @type {Record<string, string>} */
const OPTIONS = { activations: "activation" };

/** @param {string} name @param {unknown} value @returns {string} */
function written(name, value) {
  if (typeof value === "number") return name === "seed" ? String(value) : brief(value);
  if (Array.isArray(value)) return value.map((one) => written(name, one)).join(", ");
  if (typeof value === "boolean") return t(value ? "fact-yes" : "fact-no");
  if (value === null || value === undefined) return t("fact-none");
  const id = `option-${OPTIONS[name] ?? name}-${value}`;
  return has(id) ? t(id) : String(value).replaceAll("_", " ");
}

/** @param {string} name @param {string} value */
const fact = (name, value) => t("fact", { name: t(`settings-${name}`), value });

/** The configuration by the names of its settings, as the server tells changes. @param {Record<string, any>} config */
function flat(config) {
  const { name: optimizer, ...numbers } = config.optimizer ?? {};
  const { name: initializer, scale } = typeof config.initializer === "object" && config.initializer ? config.initializer : { name: config.initializer, scale: undefined };
  return {
    ...config, ...numbers, optimizer,
    initializer: [written("initializer", initializer ?? "given"), ...(scale === undefined ? [] : [brief(scale)])].join(" "),
    regularization: config.regularization?.name, lambda: config.regularization?.lambda, feedback: config.feedback?.name,
  };
}

/**
 * All that determines a run, in words.
 * @param {Record<string, any>} config as in force at any step of it
 * @param {Action[]} actions all of them, and none that came after
 * @returns {Fact[]}
 */
export function facts(config, actions) {
  const now = flat(config);
  /** @type {Fact[]} */
  const found = [];
  for (const name of NAMES) {
    const changes = actions.flatMap(({ after, settings }) => settings.filter((changed) => changed.name === name).map((changed) => ({ ...changed, step: after })));
    // What was changed before the first step was never otherwise.
    const first = changes.length && changes[0].step === 0 ? changes[0].after : changes.length ? changes[0].before : /** @type {Record<string, unknown>} */ (now)[name];
    const later = changes.filter(({ step }) => step > 0);
    if (first === undefined) continue;
    found.push([name, [written(name, first), ...later.map(({ after, step }) => t("fact-then", { value: written(name, after), step: whole(step + 1) }))].join(", ")]);
  }
  const when = (/** @type {(action: Action) => boolean} */ done) => actions.filter(done).slice(0, LISTED).map(({ after }) => whole(after)).join(", ");
  const [edits, additions] = [when(({ weights, biases }) => weights + biases > 0), when(({ examples }) => examples > 0)];
  if (edits) found.push(["edits", edits]);
  if (additions) found.push(["additions", additions]);
  return found;
}

/**
 * The name of each run among all of them. Runs that differ in nothing are called by their layers.
 * @param {Fact[][]} runs
 * @returns {string[]}
 */
export function names(runs) {
  const maps = runs.map((run) => new Map(run));
  const different = NAMES.filter((name) => new Set(maps.map((run) => run.get(name))).size > 1);
  return maps.map((run) => {
    const own = different.filter((name) => run.has(name));
    if (!own.length) return fact("layers", run.get("layers") ?? "");
    const named = own.slice(0, NAMED).map((name) => fact(name, run.get(name) ?? ""));
    return own.length > NAMED ? t("fact-more", { named: named.join(" · "), count: own.length - NAMED }) : named.join(" · ");
  });
}

/** An action in words: "learning rate 0.5 → 1". @param {Action} action */
export function told({ settings, weights, biases, examples }) {
  const changed = settings.map(({ name, before, after }) => fact(name, `${written(name, before)} → ${written(name, after)}`));
  if (weights) changed.push(t("edited-weights", { count: weights }));
  if (biases) changed.push(t("edited-biases", { count: biases }));
  if (examples) changed.push(t("added-examples", { count: examples }));
  return changed.join(", ");
}
