// What lies beyond the cursor: steps that were made already. Playing goes through them again; a change here cuts them off.

import { count as whole, t } from "../words/texts.js";

/** @typedef {{from: number, to: number, count: number}} Future steps, the first and the last of them, and how many */
/** @typedef {{frame: {cursor: import("../phases.js").Cursor, lastStep: number}} | null} Somewhere */

/**
 * The steps that were made after one; null: there are none.
 * @param {Somewhere} seen
 * @param {number} step
 * @returns {Future | null}
 */
export function beyond(seen, step) {
  const count = seen ? seen.frame.lastStep - step : 0;
  return count > 0 ? { from: step + 1, to: step + count, count } : null;
}

/**
 * What a change would cut off where the session stands; null: nothing.
 * The step under way is kept: what is changed in it counts from the next one on.
 * @param {Somewhere} seen
 */
export const future = (seen) => beyond(seen, seen?.frame.cursor.step ?? 0);

/** @param {Future} future as the texts take it */
const told = ({ from, to, count }) => ({ count, from: whole(from), to: whole(to) });

/** @param {Future} future what is to be said before anything is changed */
export const warning = (future) => t("future-cuts", told(future));

/** @param {Future} future before a change is taken back, or done again @param {boolean} again */
export const takingBack = (future, again) => (again ? t("redo-cuts", told(future)) : t("undo-cuts", told(future)));

/** @param {Future} future what these steps are while nobody is about to change anything */
export const known = (future) => t("future-known", told(future));

/** @param {Future} future the same in the chart @param {boolean} cutting @param {boolean} all whether there is room for all of it */
export function inChart(future, cutting, all) {
  if (!all) return cutting ? t("run-cut-short") : t("run-known-short");
  return cutting ? t("run-cut", told(future)) : t("run-known", told(future));
}
