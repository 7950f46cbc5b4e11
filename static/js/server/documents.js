// Session files: opened from the menu, or dropped on the page.

import { read, write } from "../page/address.js";
import { refusalOf } from "./api.js";
import * as problem from "../page/problem.js";
import { t } from "../words/texts.js";

const IMPORT = "/api/sessions/import";
/** What a server takes by default, bytes: a larger file is not even read. */
const LARGEST_BYTES = 64 * 2 ** 20;

/** @param {File} file */
async function open(file) {
  if (file.size > LARGEST_BYTES) return problem.tell(t("open-too-large"));
  const text = await file.text();
  if (!/^\s*\{/.test(text)) return problem.tell(t("open-not-a-session", { name: file.name }));
  try {
    const answer = await fetch(IMPORT, { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: text });
    const content = await answer.json().catch(() => null);
    if (!answer.ok) return problem.tell(refusalOf(answer.status, content).message);
    const { theme, hide, present } = read(location.search);
    location.assign(new URL(content.id + write({ theme, hide, present }), location.href));
  } catch {
    problem.tell(t("problem-server"));
  }
  return undefined;
}

/** @param {DataTransfer | null} carried */
const hasFiles = (carried) => carried?.types.includes("Files") ?? false;

export function listen() {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("session-file"));
  const veil = document.getElementById("drop");
  if (!input || !veil) return;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) open(file);
    input.value = "";
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    veil.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) open(file);
  });
}
