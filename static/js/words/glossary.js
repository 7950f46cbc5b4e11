// What an underlined word means: beside it, while it is pointed at or has the focus, or after a tap.

/** A pointer that only passes by opens nothing, ms. */
const OPEN_MS = 350;
/** So long the way from the word to its explanation may take, ms. */
const CLOSE_MS = 200;
/** Between the word and its explanation, and to the edge of the window, px. */
const GAP = 6;

/** @param {string} name in the glossary @param {string} text @returns {HTMLElement} a word that is explained where it stands */
export function term(name, text) {
  const node = document.createElement("span");
  node.textContent = text;
  explain(node, name);
  return node;
}

/** @param {HTMLElement} node is explained where it stands @param {string} name in the glossary */
export function explain(node, name) {
  node.classList.add("explains");
  node.tabIndex = 0;
  node.dataset.word = name;
  node.setAttribute("aria-describedby", `glossary-${name}`);
}

const box = () => /** @type {HTMLElement} */ (document.getElementById("explained"));

/** @type {HTMLElement | null} */
let shown = null;
let timer = 0;

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const termAt = (target) => (target instanceof Element ? target.closest(".explains[data-word]") : null);

/** @param {EventTarget | null} target */
const inBox = (target) => target instanceof Node && box().contains(target);

/** @param {HTMLElement} term */
function show(term) {
  clearTimeout(timer);
  const meaning = document.getElementById(`glossary-${term.dataset.word}`);
  if (shown === term || !meaning) return;
  shown = term;
  box().replaceChildren(...[...meaning.childNodes].map((node) => node.cloneNode(true)));
  box().showPopover();
  place(term);
}

export function hide() {
  if (!shown) return;
  shown = null;
  box().hidePopover();
}

/** Above the word if there is room, else below; never over the window's edge. @param {HTMLElement} term */
function place(term) {
  const at = term.getBoundingClientRect();
  const { width, height } = box().getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(GAP, Math.min(at.left, clientWidth - width - GAP));
  const above = at.top - height - GAP;
  const top = above >= GAP ? above : Math.min(at.bottom + GAP, clientHeight - height - GAP);
  box().style.left = `${Math.round(left)}px`;
  box().style.top = `${Math.round(top)}px`;
}

/** @param {() => void} act @param {number} after ms */
function later(act, after) {
  clearTimeout(timer);
  timer = setTimeout(act, after);
}

export function start() {
  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const term = termAt(target);
    if (term) later(() => show(term), OPEN_MS);
    else if (inBox(target)) clearTimeout(timer);
    else if (shown && shown !== document.activeElement) later(hide, CLOSE_MS);
    else if (!shown) clearTimeout(timer);
  });
  document.addEventListener("focusin", ({ target }) => {
    const term = termAt(target);
    if (term?.matches(":focus-visible")) show(term);
    else if (!term) hide();
  });
  document.addEventListener("focusout", ({ target }) => termAt(target) === shown && hide());
  document.addEventListener("click", tapped, true);
  // Before anybody else who listens to Escape: what is pinned stays pinned.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    event.stopPropagation();
    event.preventDefault();
    hide();
  }, true);
  for (const moved of ["scroll", "resize"]) addEventListener(moved, () => shown && hide(), true);
}

/** A tap opens and closes; the field that a label belongs to is left alone. @param {MouseEvent} event */
function tapped(event) {
  const term = termAt(event.target);
  if (/** @type {PointerEvent} */ (event).pointerType !== "touch" || (!term && !shown)) return;
  if (!term || shown === term) {
    if (!inBox(event.target)) hide();
    return;
  }
  event.preventDefault();
  show(term);
}
