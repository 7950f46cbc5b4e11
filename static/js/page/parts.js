// The parts of the page that somebody wants to see; the others are not there, for the keyboard either.

import { readParts } from "./address.js";

export class Parts {
  /** @param {() => void} changed called when a part came or went */
  constructor(changed) {
    document.getElementById("show-menu")?.addEventListener("change", (event) => {
      const box = event.target;
      if (!(box instanceof HTMLInputElement)) return;
      this.set(box.value, box.checked);
      changed();
    });
  }

  /** @returns {string[]} */
  get hidden() {
    return readParts((document.body.dataset.hide ?? "").replaceAll(" ", ","));
  }

  /** @param {string} part @param {boolean} shown */
  set(part, shown) {
    const hidden = new Set(this.hidden);
    if (shown) hidden.delete(part);
    else hidden.add(part);
    document.body.dataset.hide = [...hidden].join(" ");
    // Charts and maps measure themselves again.
    dispatchEvent(new Event("resize"));
  }
}
