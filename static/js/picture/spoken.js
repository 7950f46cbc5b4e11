// The picture for those who hear it: each neuron and connection names its numbers, a moment after the picture has come to rest.
// Until then the stage says that it is unspoken.

import { number, signed } from "../words/format.js";
import { spoken } from "./connections.js";
import { connection } from "./quantities.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */

const REST_MS = 200;

export class Spoken {
  #timer = 0;

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   */
  constructor(store, scene) {
    this.scene = scene;
    scene.onBound(() => scene.stage.toggleAttribute("data-unspoken", true));
    store.onDraw((seen) => {
      clearTimeout(this.#timer);
      scene.stage.toggleAttribute("data-unspoken", !seen.frame.playing);
      if (!seen.frame.playing) this.#timer = setTimeout(() => this.#write(seen), REST_MS);
    });
  }

  /** @param {Seen} seen */
  #write(seen) {
    this.scene.stage.removeAttribute("data-unspoken");
    for (const group of this.scene.svg.querySelectorAll("g.neuron")) {
      const words = [...group.querySelectorAll("text")].filter((text) => text.checkVisibility({ opacityProperty: true, visibilityProperty: true })).map(visible).filter(Boolean);
      const names = { j: String(group.getAttribute("data-j")), layer: String(group.getAttribute("data-layer")) };
      const numbers = words.length ? words.join(", ") : activation(group);
      group.setAttribute("aria-label", numbers ? t("spoken-neuron-numbers", { ...names, numbers }) : t("spoken-neuron", names));
    }
    for (const place of this.scene.connections.places()) {
      const { w, after, sent, charged } = connection(seen, place.layer, place.j - 1, place.k - 1);
      const numbers = [
        t("spoken-weight", { weight: number(after ?? w) }), ...(sent === null ? [] : [t("spoken-sent", { sent: signed(sent) })]),
        ...(charged === null ? [] : [t("spoken-charged", { charged: signed(charged) })]),
      ];
      const named = t("spoken-connection-numbers", { connection: spoken(place), numbers: numbers.join(", ") });
      this.scene.connections.find(place)?.hit?.setAttribute("aria-label", named);
    }
  }
}

/** @param {Element} group a pixel, or a neuron too small for words */
function activation(group) {
  const a = Number(group.getAttribute("data-a") ?? NaN);
  return Number.isFinite(a) ? number(a) : "";
}

/** @param {Element} text as it is seen: without its tooltip */
const visible = (text) =>
  [...text.childNodes]
    .filter((node) => node.nodeName !== "title")
    .map((node) => node.textContent)
    .join(text.classList.contains("number-line") ? " " : "")
    .trim();
