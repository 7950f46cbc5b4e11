// The picture for those who hear it: each neuron and connection names its numbers, a moment after the picture has come to rest.

import { number, signed } from "./format.js";
import { spoken } from "./connections.js";
import { connection } from "./quantities.js";

/** @typedef {import("./store.js").Seen} Seen */

const REST_MS = 200;

export class Spoken {
  #timer = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   */
  constructor(store, scene) {
    this.scene = scene;
    store.onDraw((seen) => {
      clearTimeout(this.#timer);
      if (!seen.frame.playing) this.#timer = setTimeout(() => this.#write(seen), REST_MS);
    });
  }

  /** @param {Seen} seen */
  #write(seen) {
    for (const group of this.scene.svg.querySelectorAll("g.neuron")) {
      const words = [...group.querySelectorAll("text")].filter((text) => text.checkVisibility()).map(visible).filter(Boolean);
      const name = `neuron ${group.getAttribute("data-j")} of layer ${group.getAttribute("data-layer")}`;
      group.setAttribute("aria-label", words.length ? `${name}: ${words.join(" ")}` : `${name}${activation(group)}`);
    }
    for (const place of this.scene.connections.places()) {
      const { w, after, sent, charged } = connection(seen, place.layer, place.j - 1, place.k - 1);
      const numbers = [`weight ${number(after ?? w)}`, ...(sent === null ? [] : [`sent ${signed(sent)}`]), ...(charged === null ? [] : [`charged ${signed(charged)}`])];
      this.scene.connections.find(place)?.hit?.setAttribute("aria-label", `${spoken(place)}: ${numbers.join(", ")}`);
    }
  }
}

/** @param {Element} group a pixel, or a neuron too small for words */
function activation(group) {
  const a = Number(group.getAttribute("data-a") ?? NaN);
  return Number.isFinite(a) ? `: ${number(a)}` : "";
}

/** @param {Element} text as it is seen: without its tooltip */
const visible = (text) =>
  [...text.childNodes].filter((node) => node.nodeName !== "title").map((node) => node.textContent).join("").trim();
