// Room for cards in the right column: the charts above them fold, one by one, when the cards would not be seen; and unfold
// when no card is left. What the visitor folds or unfolds meanwhile stays so.

/** @type {Set<HTMLDetailsElement>} folded here */
const folded = new Set();

/**
 * @param {HTMLElement} box of the cards
 * @param {string[]} names of the cards there are
 */
export function makeRoom(box, names) {
  if (names.length === 0) return unfold();
  const column = box.closest("aside");
  // On a phone every panel has a sheet of its own.
  if (!column || matchMedia("(width <= 700px)").matches) return undefined;
  for (const panel of panels()) {
    if (column.scrollHeight <= column.clientHeight) break;
    if (!panel.open || panel.dataset.kept) continue;
    folded.add(panel);
    panel.open = false;
    panel.querySelector("summary")?.addEventListener("click", () => keep(panel), { once: true });
  }
  return undefined;
}

/** Those next to the cards fold first. */
const panels = () => [.../** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("#right > details.panel"))].reverse();

/** @param {HTMLDetailsElement} panel the visitor wants it as it is from now on */
function keep(panel) {
  folded.delete(panel);
  panel.dataset.kept = "true";
}

function unfold() {
  for (const panel of panels()) delete panel.dataset.kept;
  if (!folded.size) return;
  for (const panel of folded) panel.open = true;
  folded.clear();
  // Charts and maps measure themselves again.
  dispatchEvent(new Event("resize"));
}
