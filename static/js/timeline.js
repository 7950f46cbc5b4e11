// The phases of a step as a line: where the cursor stands, and a click to go there.

import { brush } from "./brush.js";
import { placeOf } from "./phases.js";

/** @typedef {import("./store.js").Seen} Seen */

export class Timeline {
  /** @type {Seen | null} */
  #seen = null;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./transport.js").Transport} transport
   */
  constructor(store, transport) {
    this.transport = transport;
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("#timeline button.phase") : null;
      if (button instanceof HTMLElement) this.#go(button);
    });
    store.onDraw((seen) => {
      this.#seen = seen;
      this.draw();
    });
  }

  draw() {
    const svg = document.getElementById("timeline");
    if (!svg || !this.#seen) return;
    const { phases, frame } = this.#seen;
    // The buttons count the start as 0, so the phases count from 1.
    const now = placeOf(phases, frame.cursor) + 1;
    for (const button of svg.querySelectorAll("button.phase")) {
      const order = Number(button.getAttribute("data-order"));
      brush(button).set("aria-current", order === now ? "step" : null);
      brush(button).toggle("reached", order < now);
    }
    for (const segment of svg.querySelectorAll("path.segment")) brush(segment).toggle("reached", Number(segment.getAttribute("data-order")) <= now);
  }

  /** @param {HTMLElement} button */
  #go(button) {
    if (!this.#seen) return;
    const { phases, frame } = this.#seen;
    const order = Number(button.dataset.order);
    const { cursor } = frame;
    const { transport } = this;
    transport.motion.stop();
    if (order === 0) {
      transport.run((api) => api.seek({ step: Math.max(0, cursor.step - 1), phase: "update", layer: null }));
      return;
    }
    const { phase, layer } = phases[order - 1];
    if (cursor.step > 0) transport.run((api) => api.seek({ step: cursor.step, phase, layer }));
    else if (frame.lastStep >= 1) transport.run((api) => api.seek({ step: 1, phase, layer }));
    else transport.run((api) => api.call("POST", "/step", { unit: "phase", count: order }));
  }
}
