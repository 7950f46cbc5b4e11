// A kept run as a row of the list: its letter, its name, its last numbers, and a button that removes it.

import { number, percent } from "../words/format.js";
import { count as whole, t } from "../words/texts.js";

/** @typedef {import("./ghosts.js").Ghost} Ghost */

/**
 * @param {Ghost} ghost
 * @param {string} mark its letter
 * @param {string} name
 * @param {boolean} alive whether the server still has its weights, as far as is known
 */
export function rowOf(ghost, mark, name, alive) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("ghost-row"));
  const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
  const part = (/** @type {string} */ field) => /** @type {HTMLElement} */ (row.querySelector(`[data-field="${field}"]`));
  part("mark").textContent = mark;
  part("name").replaceWith(link(ghost, name, alive));
  figures(ghost, part);
  const button = part("remove");
  button.dataset.ghost = ghost.id;
  button.setAttribute("aria-label", t("ghost-remove", { name }));
  return row;
}

/** @param {Ghost} ghost @param {(field: string) => HTMLElement} part */
function figures({ points: { cost, accuracy }, last }, part) {
  const [spent, tested] = [cost.train.at(-1) ?? null, accuracy.test.at(-1) ?? null];
  const share = tested ?? accuracy.train.at(-1) ?? null;
  part("cost").textContent = spent === null ? t("number-not-finite") : number(spent);
  part("cost").dataset.value = String(spent);
  part("accuracy").textContent = share === null ? "" : percent(share);
  part("accuracy").dataset.value = String(share);
  const step = whole(last);
  const shares = tested === null ? t("ghost-figures-train", { step }) : t("ghost-figures-test", { step });
  part("figures").title = share === null ? t("ghost-figures", { step }) : shares;
}

/** The name, which leads to the weights as long as there are any. @param {Ghost} ghost @param {string} name @param {boolean} alive */
function link({ session }, name, alive) {
  const here = session !== null && location.pathname.endsWith(session);
  const there = session !== null && alive && !here;
  const node = document.createElement(there ? "a" : "span");
  node.className = "ghost-name";
  node.textContent = name;
  node.title = here ? t("ghost-here", { name }) : there ? t("ghost-visit", { name }) : t("ghost-gone", { name });
  if (node instanceof HTMLAnchorElement) node.href = `/sessions/${session}`;
  return node;
}
