// Copying from cards: what is copied has all digits of the server's float64, not the six that are shown.

/** Elements after which a new line begins in what is copied. */
const LINES = "p, tr, h3, .fact, .part-title";

/** What stands before each index, as one types it. @type {Record<string, string[]>} */
const RAISED = { msub: ["_"], msup: ["^"], msubsup: ["_", "^"] };

/**
 * Text with the exact numbers in place of the shown ones, without what is only for hearing.
 * @param {DocumentFragment | Element} fragment a copy, which is changed
 */
export function exactText(fragment) {
  for (const only of fragment.querySelectorAll(".hidden-text, button, .part-key, [hidden], fieldset")) only.remove();
  for (const input of fragment.querySelectorAll("input")) input.replaceWith(` = ${input.dataset.exact ?? input.value}`);
  for (const number of fragment.querySelectorAll("[data-exact]")) number.textContent = number.getAttribute("data-exact");
  for (const operator of fragment.querySelectorAll("mo[form=infix]:not([lspace='0'])")) operator.textContent = ` ${operator.textContent} `;
  for (const [tag, signs] of Object.entries(RAISED)) for (const symbol of fragment.querySelectorAll(tag)) [...symbol.children].slice(1).forEach((index, i) => index.before(signs[i]));
  for (const result of fragment.querySelectorAll(".equals > .result")) result.prepend("= ");
  for (const cell of fragment.querySelectorAll("td, th, .result")) cell.prepend(" ");
  for (const line of fragment.querySelectorAll(LINES)) line.append("\n");
  return (fragment.textContent ?? "").replace(/[ \u00a0\t]+/g, " ").replace(/ ?\n[ \n]*/g, "\n").trim();
}

/** All digits go to the clipboard with what was selected. @param {ClipboardEvent} event */
export function copyExactly(event) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || document.activeElement instanceof HTMLInputElement) return;
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const one = (around instanceof Element ? around : around.parentElement)?.closest("[data-exact]");
  const text = one instanceof Element ? one.getAttribute("data-exact") : exactText(range.cloneContents());
  if (!text) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
}

/**
 * A whole card. Without a secure connection there is no clipboard to write to but the one that the browser copies a selection to.
 * @param {HTMLElement} card
 */
export async function copyCard(card) {
  const text = exactText(/** @type {Element} */ (card.cloneNode(true)));
  if (navigator.clipboard) await navigator.clipboard.writeText(text).catch(() => copyBySelection(text));
  else copyBySelection(text);
}

/** @param {string} text */
function copyBySelection(text) {
  const put = (/** @type {ClipboardEvent} */ event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", put, { capture: true, once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
}
