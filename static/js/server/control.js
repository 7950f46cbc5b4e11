// Who may change the session. Where sessions belong to who made them, a link to control has a token behind its #, which
// no server is sent: the page leaves it in a cookie that scripts can't read, and drops it from the address.

import { refusalOf } from "./api.js";
import * as problem from "../page/problem.js";
import { t } from "../words/texts.js";

const IN_HASH = /^#control=([\w-]{20,100})$/;

/** @param {string} hash as in `location.hash` @returns {string} the token, or "" */
export const tokenIn = (hash) => IN_HASH.exec(hash)?.[1] ?? "";

/** Take the token of the address, if there is one, and show the page anew as one that may change the session. */
export async function follow() {
  const token = tokenIn(location.hash);
  if (!token) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  const answer = await fetch(`${location.pathname}/control`, { method: "POST", body: new URLSearchParams({ token }) }).catch(() => null);
  if (answer?.ok) location.reload();
  else if (answer) problem.tell(refusalOf(answer.status, await answer.json().catch(() => null)).message);
  else problem.tell(t("problem-server"));
}

/** In a frame, which keeps no cookie, every call brings the token. @param {import("./api.js").Api} api */
export function carry(api) {
  api.token = tokenIn(location.hash);
  if (api.token) document.body.removeAttribute("data-watching");
}
