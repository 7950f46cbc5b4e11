// What connections and neurons show: the two groups of choices above the picture, and the legend below it.

import { brush } from "./brush.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Choice} Choice */

/** @param {string} name @param {string} value */
const radio = (name, value) => /** @type {HTMLInputElement | null} */ (document.querySelector(`input[name="${name}"][value="${value}"]`));

export class Views {
  #legend = document.getElementById("legend");
  #note = document.getElementById("legend-note");

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./scene.js").Scene} scene
   */
  constructor(store, scene) {
    this.store = store;
    this.scene = scene;
    document.addEventListener("change", (event) => {
      const input = event.target;
      if (!(input instanceof HTMLInputElement)) return;
      if (input.name === "connections") store.choose({ connections: /** @type {Choice["connections"]} */ (input.value) });
      if (input.name === "neurons") store.choose({ neurons: /** @type {Choice["neurons"]} */ (input.value) });
    });
    store.onDraw(() => this.#draw());
  }

  /** @param {string} connections */
  choose(connections) {
    this.store.choose({ connections: /** @type {Choice["connections"]} */ (connections) });
  }

  #draw() {
    const { connections, neurons } = this.store.choice;
    for (const [name, value] of Object.entries({ connections, neurons })) {
      const input = radio(name, value);
      if (input && !input.checked) input.checked = true;
    }
    if (this.#legend) brush(this.#legend).set("data-connections", connections);
    if (!this.#note) return;
    const pooled = this.scene.connections.note;
    brush(this.#note).text(pooled || (t(connections === "weight" ? "legend-weights" : "legend-blame")));
  }
}
