// Where the reader stands in each lesson, as this browser remembers it: its links go on from there.

import { recall } from "../page/memory.js";

export function goOn() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-lesson]"))) {
    const kept = recall(`lesson-${link.dataset.lesson}`) ?? "";
    const step = Number(kept);
    const [done, begun] = [kept === "done", step > 1];
    link.search = begun ? `?step=${step}` : "";
    const words = /** @type {HTMLElement | null} */ (link.closest("li")?.querySelector(".lesson-kept"));
    if (!words) continue;
    words.hidden = !done && !begun;
    words.textContent = (done ? words.dataset.done : words.dataset.begun?.replace("§", String(step))) ?? "";
  }
}

goOn();
