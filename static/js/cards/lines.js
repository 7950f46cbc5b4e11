// Puts the lines of a card on the page. A line keeps its elements from one reading to the next: only numbers are touched.

import { watching } from "../server/api.js";
import { brush } from "../picture/brush.js";
import { percent } from "../words/format.js";
import { explain } from "../words/glossary.js";
import { t } from "../words/texts.js";
import { equation } from "../words/typeset.js";
import { tone, written } from "../words/words.js";

/** @typedef {import("./card.js").Line} Line */
/** @typedef {import("./card.js").Section} Section */
/** @typedef {import("../words/words.js").Value} Value */
/** @typedef {{made: (line: Line, element: HTMLElement) => void}} Maker called once for each new line's element */

/** Lines whose names the glossary explains. @type {Record<string, string>} */
const WORDS = {
  sent: "sent", charged: "charged", ledger: "ledger", received: "received", sigma_prime: "gate", delta: "delta", nabla_w: "gradient", z: "weighted-input",
};

/** @param {string} id of a template @returns {HTMLElement} */
export function clone(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
}

/** @param {Element} within @param {string} name of the field */
export const field = (within, name) => /** @type {HTMLElement | null} */ (within.querySelector(`[data-field="${name}"]`));

/**
 * Write a number; all its digits are kept for copying.
 * @param {HTMLElement} place
 * @param {Value} part
 */
export function put(place, part) {
  const shown = written(part);
  if (place instanceof HTMLInputElement) {
    // What somebody is typing stays.
    if (document.activeElement !== place && place.dataset.unsent === undefined && place.value !== shown) place.value = shown;
  } else brush(place).text(shown);
  brush(place).set("data-exact", part.value === null ? null : String(part.value));
  for (const name of ["value-plus", "value-minus", "blame-plus", "blame-minus"]) brush(place).toggle(name, name === tone(part));
}

/**
 * @param {HTMLElement} box
 * @param {Section[]} sections
 * @param {Maker} maker
 */
export function write(box, sections, maker) {
  const kept = new Map([...box.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.section, /** @type {HTMLElement} */ (child)]));
  const wanted = sections.map((section) => {
    const element = kept.get(section.id) ?? newSection(section);
    const title = /** @type {HTMLElement} */ (element.querySelector(".part-title"));
    brush(title).text(section.title);
    writeLines(/** @type {HTMLElement} */ (element.querySelector(".facts")), section.lines, maker);
    const key = section.lines.findLast(({ main }) => main);
    equation(/** @type {HTMLElement} */ (element.querySelector(".part-key")), key ? [...key.name, " = ", key.value] : []);
    return element;
  });
  arrange(box, wanted);
}

/** @param {Section} section */
function newSection({ id, title }) {
  const element = clone("card-section");
  element.dataset.section = id;
  /** @type {HTMLElement} */ (element.querySelector("summary")).hidden = title === "";
  // From now on it stays as the visitor wants it.
  element.querySelector("summary")?.addEventListener("click", () => (element.dataset.chosen = "true"));
  return element;
}

/** @param {HTMLElement} box @param {Line[]} lines @param {Maker} maker */
function writeLines(box, lines, maker) {
  const kept = new Map([...box.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.line, /** @type {HTMLElement} */ (child)]));
  arrange(box, lines.map((line) => {
    const element = kept.get(line.id) ?? newLine(line, maker);
    writeLine(element, line);
    return element;
  }));
}

/** Only what has another place is moved: what is moved loses the focus. @param {HTMLElement} box @param {HTMLElement[]} wanted */
function arrange(box, wanted) {
  for (const child of [...box.children]) if (!wanted.includes(/** @type {HTMLElement} */ (child))) child.remove();
  for (const [i, element] of wanted.entries()) if (box.children[i] !== element) box.insertBefore(element, box.children[i] ?? null);
}

/** @param {Line} line @param {Maker} maker */
function newLine(line, maker) {
  const element = clone("card-line");
  element.dataset.line = line.id;
  const result = /** @type {HTMLElement} */ (element.querySelector(".result"));
  const edits = watching() ? undefined : line.edit;
  const needless = [...(edits ? [] : [".refusal"]), ...(line.check ? [] : [".nudge", ".checked"])];
  for (const part of element.querySelectorAll(needless.join())) part.remove();
  if (edits) result.replaceWith(input(edits, line.id));
  else result.dataset.field = line.id;
  if (WORDS[line.id]) explain(/** @type {HTMLElement} */ (element.querySelector(".symbols")), WORDS[line.id]);
  maker.made(line, element);
  return element;
}

/** @param {"weight" | "bias"} what @param {string} name of the field */
function input(what, name) {
  const element = document.createElement("input");
  Object.assign(element, { type: "text", inputMode: "decimal", autocomplete: "off", className: "edit result" });
  element.dataset.field = name;
  element.setAttribute("aria-label", t(`card-edit-${what}`));
  return element;
}

/** @param {HTMLElement} element @param {Line} line */
function writeLine(element, line) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(`.${name}`));
  const known = line.value.value !== null;
  const worked = known && Boolean(line.terms || line.table);
  element.classList.toggle("main", Boolean(line.main));
  element.classList.toggle("worked", worked || Boolean(line.why) || line.check !== undefined);
  equation(part("symbols"), line.symbols?.length ? [...line.name, " = ", ...line.symbols] : line.name);
  equation(part("terms"), known && line.terms ? [" = ", ...line.terms] : []);
  writeTable(/** @type {HTMLTableElement} */ (part("table")), known ? line.table : undefined);
  put(part("result"), line.value);
  element.classList.toggle("equals", worked);
  for (const name of /** @type {const} */ (["why", "note"])) {
    const text = name === "note" && !known && !line.told ? "" : (line[name] ?? "");
    brush(part(name)).text(text);
    part(name).hidden = text === "";
  }
  if (line.check) part("nudge").hidden = !known;
  if (line.open !== undefined) writeGate(element, line.open);
}

/** @param {HTMLElement} element @param {number | null} open */
function writeGate(element, open) {
  let gate = element.querySelector(".gate");
  if (!gate) element.append((gate = clone("card-gate")));
  const meter = /** @type {HTMLMeterElement} */ (gate.querySelector("meter"));
  /** @type {HTMLElement} */ (gate).hidden = open === null;
  if (open === null) return;
  meter.value = Math.min(Math.max(open, 0), 1);
  brush(/** @type {Element} */ (gate.querySelector("span"))).text(t("card-gate", { share: percent(open) }));
}

/** @param {HTMLTableElement} element @param {import("./card.js").Table} [table] */
function writeTable(element, table) {
  element.hidden = table === undefined;
  if (!table) return;
  const { rows, others, rest } = table.rows;
  const heads = sized(/** @type {HTMLTableRowElement} */ (element.tHead?.rows[0]), table.head.length, "th");
  for (const [i, head] of heads.entries()) equation(head, table.head[i]);
  const body = /** @type {HTMLTableSectionElement} */ (element.tBodies[0]);
  const more = table.more ?? [];
  const wanted = rows.length + (rest ? 1 : 0) + more.length;
  while (body.rows.length > wanted) body.deleteRow(-1);
  while (body.rows.length < wanted) body.insertRow();
  for (const [i, row] of rows.entries()) writeRow(body.rows[i], row, table.head.length);
  if (rest) writeLast(body.rows[rows.length], [t("card-others", { count: others })], rest, table.head.length);
  for (const [i, { name, value }] of more.entries()) writeLast(body.rows[rows.length + (rest ? 1 : 0) + i], ["+ ", ...name], value, table.head.length);
}

/**
 * @param {HTMLTableRowElement} row
 * @param {number} n
 * @param {"th" | "td"} tag of the first one
 * @returns {HTMLTableCellElement[]}
 */
function sized(row, n, tag) {
  if (row.cells.length !== n || row.dataset.kind !== tag) {
    row.dataset.kind = tag;
    row.replaceChildren(...Array.from({ length: n }, (_, i) =>
      tag === "td" && i ? document.createElement("td") : Object.assign(document.createElement("th"), { scope: tag === "th" ? "col" : "row" })));
  }
  return [...row.cells];
}

/** @param {HTMLTableRowElement} row @param {import("../words/terms.js").Row} of @param {number} width */
function writeRow(row, { name, cells }, width) {
  const [head, ...places] = sized(row, width, "td");
  row.className = "";
  head.colSpan = 1;
  brush(head).text(name);
  for (const [i, cell] of cells.entries()) put(places[i], cell);
}

/** @param {HTMLTableRowElement} row @param {import("../words/words.js").Part[]} name @param {Value} value @param {number} width */
function writeLast(row, name, value, width) {
  if (row.className !== "rest") {
    row.className = "rest";
    row.dataset.kind = "rest";
    const head = Object.assign(document.createElement("th"), { scope: "row", colSpan: width - 1 });
    row.replaceChildren(head, document.createElement("td"));
  }
  equation(row.cells[0], name);
  put(row.cells[1], value);
}
