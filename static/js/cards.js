// The cards of the inspector: a connection or a neuron with six digits of each number, all of them on copying.

import { six, signedSix, number, percent } from "./format.js";
import { nodes } from "./typeset.js";
import { pair, symbol } from "./words.js";
import { connection } from "./quantities.js";

/** @typedef {import("./store.js").Seen} Seen */
/** @typedef {import("./pointing.js").Target} Target */
/** @typedef {import("./traces.js").ExactLayer} ExactLayer */

/** @param {string} id @returns {HTMLElement} */
export function clone(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
}

/** @param {Element} card @param {string} name */
export const field = (card, name) => /** @type {HTMLElement | null} */ (card.querySelector(`[data-field="${name}"]`));

/**
 * Write a number with six digits; all its digits are kept for copying.
 * @param {Element} card
 * @param {string} name of the field
 * @param {number | null | undefined} x null: not reached yet
 * @param {"value" | "blame" | "plain"} [kind]
 */
export function put(card, name, x, kind = "plain") {
  const place = field(card, name);
  if (!place) return;
  const known = x !== null && x !== undefined;
  const shown = !known ? "–" : kind === "blame" ? signedSix(x) : six(x);
  if (place instanceof HTMLInputElement) {
    // What somebody is typing stays.
    if (document.activeElement !== place) place.value = shown;
    place.dataset.exact = known ? String(x) : "";
  } else {
    if (place.textContent !== shown) place.textContent = shown;
    if (known) place.dataset.exact = String(x);
    else delete place.dataset.exact;
  }
  for (const [tone, on] of /** @type {const} */ ([["plus", Number(x) > 0], ["minus", Number(x) < 0]]))
    for (const of of ["value", "blame"]) place.classList.toggle(`${of}-${tone}`, known && on && of === kind);
}

/** @param {Element} card @param {string} name @param {import("./words.js").Part[]} parts */
function say(card, name, ...parts) {
  const place = field(card, name);
  if (place && place.dataset.said !== JSON.stringify(parts)) {
    place.dataset.said = JSON.stringify(parts);
    place.replaceChildren(...nodes(parts));
  }
}

/**
 * @param {Element} card
 * @param {import("./pointing.js").ConnectionTarget} target
 * @param {Seen} seen
 * @param {ExactLayer | null} exact the layer it leads into
 * @param {ExactLayer | null} below
 */
export function fillConnection(card, { layer, j, k }, seen, exact, below) {
  const [row, column] = [j - 1, k - 1];
  const drawn = connection(seen, layer, row, column);
  const { a } = seen.frame.layers[layer - 2];
  const { delta } = seen.frame.layers[layer - 1];
  const knows = (/** @type {import("./phases.js").Quantity} */ quantity, l = layer) => seen.reached(quantity, l);
  say(card, "title", "Connection ", symbol("w", layer, pair(j, k)));
  say(card, "who", `neuron ${k} of layer ${layer - 1} → neuron ${j} of layer ${layer}`);
  say(card, "w-name", symbol("w", layer, pair(j, k)));
  say(card, "delta-name", symbol("δ", layer, j));
  say(card, "a-name", symbol("a", layer - 1, k));
  const w = knows("after") && drawn.after !== null ? (same(exact?.w_after?.[row][column], drawn.after)) : same(exact?.w?.[row][column], drawn.w);
  put(card, "w", w, "value");
  const d = knows("delta") ? (exact?.delta?.[row] ?? delta?.[row]) : null;
  const from = knows("a", layer - 1) ? (below?.a[column] ?? a?.[column]) : null;
  put(card, "delta", d, "blame");
  put(card, "a", from, "value");
  put(card, "sent", drawn.sent === null ? null : (exact?.sent?.[row][column] ?? drawn.sent), "blame");
  put(card, "charged", drawn.charged === null ? null : (exact?.charged?.[row][column] ?? drawn.charged), "blame");
  put(card, "nabla_w", knows("charged") ? (exact?.nabla_w?.[row][column] ?? null) : null, "blame");
  const before = exact?.w?.[row][column] ?? drawn.w;
  put(card, "ledger", knows("charged") && d !== null && from !== null && d !== undefined && from !== undefined ? from * before * d : null, "blame");
}

/**
 * The exact number, unless what is drawn is another one: an edit since the step changes only the frame.
 * @param {number | undefined} exact
 * @param {number} drawn float32
 */
const same = (exact, drawn) => (exact !== undefined && Math.fround(exact) === Math.fround(drawn) ? exact : drawn);

/**
 * @param {Element} card
 * @param {import("./pointing.js").NeuronTarget} target
 * @param {Seen} seen
 * @param {ExactLayer | null} exact
 * @param {ExactLayer | null} above
 */
export function fillNeuron(card, { layer, j }, seen, exact, above) {
  const { topology, frame } = seen;
  const own = frame.layers[layer - 1];
  const top = topology.layers.length;
  const at = j - 1;
  const knows = (/** @type {import("./phases.js").Quantity} */ quantity, l = layer) => seen.reached(quantity, l);
  say(card, "title", `Neuron ${j} of layer ${layer}`);
  const name = layer === 1 ? "input" : topology.activations[layer - 2].replace("_", " ");
  const activation = field(card, "activation");
  if (activation) activation.textContent = name;
  const input = layer === 1;
  for (const part of card.querySelectorAll(".totals, [data-field=formula], .gate")) /** @type {HTMLElement} */ (part).hidden = input;
  for (const hidden of ["b", "z"]) {
    const place = field(card, hidden)?.closest("tr");
    if (place) place.hidden = input;
  }
  put(card, "a", knows("a") ? (exact?.a?.[at] ?? own.a?.[at]) : null, "value");
  const table = /** @type {HTMLElement | null} */ (card.querySelector("thead"));
  if (table) table.hidden = input || layer === top;
  field(card, "rows")?.toggleAttribute("hidden", input || layer === top);
  if (input) return;
  const after = knows("after");
  put(card, "b", after && own.bAfter ? same(exact?.b_after?.[at], own.bAfter[at]) : own.b ? same(exact?.b?.[at], own.b[at]) : null, "value");
  put(card, "z", knows("z") ? (exact?.z?.[at] ?? own.z?.[at]) : null, "value");
  const received = knows("received") ? (exact?.received?.[at] ?? own.received?.[at]) : null;
  const gate = knows("sigmaPrime") ? (exact?.sigma_prime?.[at] ?? own.sigmaPrime?.[at] ?? null) : null;
  const delta = knows("delta") ? (exact?.delta?.[at] ?? own.delta?.[at]) : null;
  put(card, "received", Number.isFinite(received ?? 0) ? received : null, "blame");
  put(card, "sigma_prime", gate);
  put(card, "delta", delta, "blame");
  say(card, "received-name", layer === top ? "" : "sum = ", symbol("∂C/∂a", layer, j));
  say(card, "gate-name", "gate × ", symbol("σ"), "′(", symbol("z", layer, j), ")");
  say(card, "delta-name", symbol("δ", layer, j));
  const meter = /** @type {HTMLMeterElement | null} */ (field(card, "gate"));
  if (meter) meter.value = Math.min(Math.max(gate ?? 0, 0), 1);
  const gateText = field(card, "gate-text");
  const gateRow = /** @type {HTMLElement | null} */ (field(card, "gate-row"));
  if (gateRow) gateRow.hidden = input || gate === null;
  if (gateText) gateText.textContent = gate === null ? "" : `gate ${percent(gate)} open`;
  if (layer === top) say(card, "formula", symbol("δ", layer, j), " = ", symbol("∂C/∂a", layer, j), " × ", symbol("σ"), "′(", symbol("z", layer, j), ")");
  else fillRows(card, layer, j, seen, above);
}

/** More rows than these are summed up in words. */
const ROWS = 12;

/**
 * What the neurons above send, one row for each.
 * @param {Element} card @param {number} layer @param {number} k from 1 @param {Seen} seen @param {ExactLayer | null} above
 */
function fillRows(card, layer, k, seen, above) {
  const operator = seen.frame.layers[layer].feedback;
  const weight = operator ? "B" : "w";
  say(card, "formula", symbol("δ", layer, k), " = ", symbol("∑", "", "j"), symbol(weight, layer + 1, operator ? `${k}j` : `j${k}`), symbol("δ", layer + 1, "j"), " × ", symbol("σ"), "′(", symbol("z", layer, k), ")");
  say(card, "head-1", symbol("j"));
  say(card, "head-2", symbol(weight, layer + 1, operator ? `${k}j` : `j${k}`));
  say(card, "head-3", symbol("δ", layer + 1, "j"));
  say(card, "head-4", "sent");
  const body = field(card, "rows");
  if (!body) return;
  const n = seen.topology.layers[layer];
  const shown = Math.min(n, ROWS);
  while (body.children.length > shown + (n > ROWS ? 1 : 0)) body.lastElementChild?.remove();
  while (body.children.length < shown) body.append(/** @type {Element} */ (clone("card-row").querySelector("tr")));
  const { delta, w } = seen.frame.layers[layer];
  const nBelow = seen.topology.layers[layer - 1];
  for (let row = 0; row < shown; row++) {
    const line = body.children[row];
    const drawn = connection(seen, layer + 1, row, k - 1);
    const name = field(line, "j");
    if (name) name.textContent = String(row + 1);
    const plainWeight = above?.w?.[row][k - 1] ?? (w ? w[row * nBelow + k - 1] : null);
    put(line, "w", operator ? operator[(k - 1) * n + row] : plainWeight, "value");
    put(line, "delta", seen.reached("delta", layer + 1) ? (above?.delta?.[row] ?? delta?.[row]) : null, "blame");
    put(line, "sent", drawn.sent === null ? null : (above?.sent?.[row][k - 1] ?? drawn.sent), "blame");
  }
  if (n > ROWS && body.children.length === shown) body.append(more(n - ROWS));
}

/** @param {number} count */
function more(count) {
  const row = document.createElement("tr");
  const cell = document.createElement("td");
  cell.colSpan = 4;
  cell.textContent = `and ${number(count)} more`;
  row.append(cell);
  return row;
}
