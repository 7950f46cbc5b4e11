// The one line under a presentation or an embedded picture: which way it goes, the phase, the step and its cost.

import { brush } from "../picture/brush.js";
import { number } from "./format.js";
import { direction } from "../phases.js";
import { count, t } from "./texts.js";

/** @typedef {import("../store.js").Seen} Seen */

export class Line {
  #box = document.getElementById("line");
  #phase = document.getElementById("line-phase");
  #step = document.getElementById("line-step");
  #cost = document.getElementById("line-cost");

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    store.onDraw((seen) => this.#draw(seen));
  }

  /** @param {Seen} seen */
  #draw({ cursor, frame }) {
    if (!this.#box || !this.#phase || !this.#step || !this.#cost) return;
    brush(this.#box).set("data-direction", cursor.phase === "start" ? "start" : direction(cursor));
    brush(this.#phase).text(t(`line-${cursor.phase}`, { layer: String(cursor.layer) }));
    brush(this.#step).text(t("line-step", { step: count(frame.cursor.step) }));
    const { cost } = frame.example;
    brush(this.#cost).text(cost === null || cost === undefined ? "" : t("line-cost-of-example", { cost: number(cost) }));
  }
}
