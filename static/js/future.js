// What lies beyond the cursor: steps that were made already. Playing goes through them again; a change here cuts them off.

import { count as whole, t } from "./texts.js";

/** @typedef {{from: number, to: number, count: number}} Future steps, the first and the last of them, and how many */

/**
 * What a change would cut off where the session stands; null: nothing.
 * @param {{frame: {cursor: import("./phases.js").Cursor, lastStep: number}} | null} seen
 * @returns {Future | null}
 */
export function future(seen) {
  if (!seen) return null;
  const { cursor, lastStep } = seen.frame;
  // The step under way is kept: what is changed in it counts from the next one on.
  const count = lastStep - cursor.step;
  return count > 0 ? { from: cursor.step + 1, to: lastStep, count } : null;
}

/** @param {Future} future what is to be said before anything is changed */
export const warning = ({ from, to, count }) => t("future-cuts", { count, from: whole(from), to: whole(to) });

/** @param {Future} future what these steps are while nobody is about to change anything */
export const known = ({ from, to, count }) => t("future-known", { count, from: whole(from), to: whole(to) });
