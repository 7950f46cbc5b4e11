// The keys of the whole page. Keys that a field, a menu or a radio group needs stay with it.

import { watching } from "../server/api.js";
import { byPointer } from "./hand.js";

/** @typedef {import("../run/transport.js").Transport} Transport */

/** @typedef {{choose: (connections: string) => void, help: () => void, letters: Record<string, () => unknown>}} Page letters: what each letter does, small letters */

/** Keys that move the session. */
const MOVES = [" ", "ArrowRight", "ArrowLeft", "Home"];
const CONNECTIONS = ["weight", "sent", "charged", "ledger"];

/**
 * Whether a key belongs to the element that has the focus.
 * @param {EventTarget | null} target
 * @param {string} key
 */
export function taken(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]")) return true;
  // What was only clicked keeps the focus, but not the keys: they are for whoever came to it by keyboard.
  if (byPointer()) return false;
  if (target.closest("input[type=radio]")) return key.startsWith("Arrow") || key === " ";
  // A button takes Space itself; the network's neurons and connections take the arrows to walk, and no letters.
  if (key === " " || key === "Enter") return target.closest("button, summary, a[href]") !== null;
  if (target.closest("svg#network [role=button]")) return key.startsWith("Arrow");
  return target.closest("[role=menu], dialog[open]") !== null && key !== "?";
}

/**
 * @param {Transport} transport
 * @param {Page} page
 */
export function listen(transport, page) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || taken(event.target, event.key)) return;
    if (document.querySelector("dialog[open]") && event.key !== "?") return;
    const act = action(event, transport, page);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Transport} transport
 * @param {Page} page
 * @returns {(() => unknown) | null}
 */
function action(event, transport, page) {
  if (watching() && MOVES.includes(event.key)) return null;
  switch (event.key) {
    case " ":
      return event.repeat ? () => {} : () => transport.toggle();
    case "ArrowRight":
      return () => transport.forward(event.shiftKey ? "step" : transport.unit);
    case "ArrowLeft":
      return () => transport.back(event.shiftKey ? "step" : transport.unit);
    case "Home":
      return () => transport.restart();
    case "1":
    case "2":
    case "3":
    case "4":
      return () => page.choose(CONNECTIONS[Number(event.key) - 1]);
    case "?":
      return () => page.help();
    default:
      return page.letters[event.key.toLowerCase()] ?? null;
  }
}
