// The mini-batch of the step: the cost of each example as a bar; a click chooses the one on view.

import { watching } from "../server/api.js";
import { number } from "../words/format.js";
import { t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */

/** Height of the largest bar, px. */
const HEIGHT = 44;
/** More bars than these are not drawn: they could not be hit. */
const BARS = 32;

export class Batch {
  #box = document.getElementById("batch");
  #count = document.getElementById("batch-count");
  #note = document.getElementById("batch-note");
  /** @type {Seen | null} */
  #seen = null;
  #drawn = "";

  /**
   * @param {import("../store.js").Store} store
   * @param {import("./transport.js").Transport} transport
   */
  constructor(store, transport) {
    this.transport = transport;
    this.#box?.addEventListener("click", (event) => {
      const bar = event.target instanceof Element ? event.target.closest("button") : null;
      if (bar) this.#choose(Number(bar.dataset.position));
    });
    document.getElementById("example-previous")?.addEventListener("click", () => this.#by(-1));
    document.getElementById("example-next")?.addEventListener("click", () => this.#by(1));
    store.onDraw((seen) => this.#draw(seen));
  }

  /** @param {number} offset */
  #by(offset) {
    if (!this.#seen) return;
    const { example, batch } = this.#seen.frame;
    this.#choose(((example.position ?? 0) + offset + batch.size) % batch.size);
  }

  /** @param {number} position in the mini-batch, from 0 */
  #choose(position) {
    this.transport.run((api) => api.change({ example: { position } }));
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    const { batch, example, playing } = seen.frame;
    if (!this.#box) return;
    const costs = seen.reached("cost", 2) ? batch.costs : null;
    const shape = `${batch.size}/${example.position}/${costs ? [...costs].map((c) => c.toPrecision(2)).join() : ""}`;
    if (shape === this.#drawn) return;
    this.#drawn = shape;
    if (this.#count)
      this.#count.textContent =
        example.position === null ? t("batch-outside", { count: batch.size }) : t("batch-position", { position: String(example.position + 1), count: batch.size });
    if (this.#note)
      this.#note.textContent =
        costs && example.cost !== null ? t("batch-costs", { cost: number(example.cost) }) : playing ? "" : t("batch-costs-later");
    this.#bars(Math.min(batch.size, BARS), costs, example.position);
  }

  /** @param {number} count @param {Float32Array | null} costs @param {number | null} position */
  #bars(count, costs, position) {
    const box = /** @type {HTMLElement} */ (this.#box);
    while (box.children.length > count) box.lastElementChild?.remove();
    while (box.children.length < count) box.append(bar(box.children.length));
    const finite = costs ? [...costs].filter(Number.isFinite) : [];
    const most = Math.max(...finite, 1e-12);
    for (const [i, button] of [...box.children].entries()) {
      const cost = costs?.[i];
      const known = cost !== undefined && Number.isFinite(cost);
      button.setAttribute("aria-pressed", String(i === position));
      button.setAttribute("aria-label", known ? t("batch-example-cost", { example: String(i + 1), cost: number(cost) }) : t("batch-example", { example: String(i + 1) }));
      /** @type {HTMLElement} */ (button.firstElementChild).style.height = `${known ? Math.max(2, (HEIGHT * cost) / most) : 2}px`;
    }
  }
}

/** @param {number} position from 0 */
function bar(position) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "batch-bar";
  button.disabled = watching();
  button.dataset.position = String(position);
  const [column, name] = [document.createElement("span"), document.createElement("small")];
  column.className = "bar";
  name.textContent = String(position + 1);
  button.append(column, name);
  return button;
}
