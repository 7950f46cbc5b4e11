// One card of the inspector: a connection or a neuron, its numbers for the example on view or the mini-batch.

import { connectionCard } from "./connection.js";
import { meanCard } from "./mean.js";
import { neuronCard } from "./neuron.js";
import { checkable, forget } from "./check.js";
import { copyCard } from "./copying.js";
import { editable } from "./editing.js";
import { clone, field, write } from "./lines.js";
import { direction } from "../phases.js";
import { nameOf } from "../picture/pointing.js";
import { Reading } from "./reading.js";
import { isLarge, stepOf, withTerms } from "../server/traces.js";
import { equation } from "../words/typeset.js";
import { paint } from "../picture/weights-image.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../picture/pointing.js").Target} Target */
/** @typedef {"example" | "batch"} Side */
/**
 * @typedef {object} Room what a card needs of the inspector
 * @property {import("../server/api.js").Api} api
 * @property {import("../server/traces.js").Traces} traces
 * @property {() => Seen | null} seen
 * @property {() => void} unpin
 * @property {() => void} pin
 * @property {(on: boolean) => void} point show in the picture whose card this is
 */

/** Which parts of a neuron's card are open while the phases go this way, until somebody opens and closes them. */
const OPEN = { forward: ["forward"], back: ["blame"], learn: ["blame", "learning"] };

export class Card {
  /** @type {Side} */
  side = "example";
  #painted = "";

  /** @param {Target} target @param {Room} room */
  constructor(target, room) {
    this.target = target;
    this.room = room;
    this.element = clone("card");
    this.element.dataset.of = nameOf(target);
    this.element.dataset.kind = target.kind;
    this.#bind();
  }

  #bind() {
    const { element, room } = this;
    element.querySelector("[data-focus-on]")?.setAttribute("data-focus-on", nameOf(this.target));
    element.querySelector(".unpin")?.addEventListener("click", room.unpin);
    element.querySelector(".copy")?.addEventListener("click", () => copyCard(element));
    element.addEventListener("pointerenter", () => room.point(true));
    element.addEventListener("pointerleave", () => room.point(false));
    // Whoever begins to type or to choose in it wants it to stay.
    element.addEventListener("focusin", (event) => event.target !== element && room.pin());
    element.addEventListener("focusin", () => room.point(true));
    element.addEventListener("focusout", () => room.point(false));
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll(".side input"))) {
      radio.name = `side-${nameOf(this.target)}`;
      radio.addEventListener("change", () => this.turn(/** @type {Side} */ (radio.value)));
    }
  }

  /** @param {Side} side */
  turn(side) {
    this.side = side;
    field(this.element, "sections")?.replaceChildren();
    this.fill();
  }

  /** @param {boolean} pinned */
  pin(pinned) {
    this.element.toggleAttribute("data-pinned", pinned);
    /** @type {HTMLElement} */ (this.element.querySelector(".unpin")).hidden = !pinned;
  }

  /** Layers of the trace that the card reads. @param {Seen} seen */
  #layers({ topology }) {
    const { layer, kind } = this.target;
    return [layer - 1, layer, ...(kind === "neuron" ? [layer + 1] : [])].filter((l) => l >= 1 && l <= topology.layers.length);
  }

  /** What is read beside the trace: the terms of the means, and what a large layer's trace leaves out. @param {Seen} seen */
  #readsTerms(seen) {
    return this.side === "batch" || (this.target.kind === "connection" && isLarge(seen, this.target.layer));
  }

  /** Write what is known now, and again when the server has said it exactly. */
  async fill() {
    const seen = this.room.seen();
    if (!seen) return;
    this.#write(seen);
    if (seen.frame.playing) return;
    const { traces } = this.room;
    await Promise.all([traces.read(seen, this.#layers(seen)), this.#readsTerms(seen) ? traces.readTerms(seen, this.target) : null]);
    if (seen === this.room.seen()) this.#write(seen);
  }

  /** @param {Seen} seen */
  #write(seen) {
    const { target, element, room, side } = this;
    const reading = new Reading(seen, withTerms(room.traces.known(seen, this.#layers(seen)), target, room.traces.knownTerms(seen, target)));
    const card =
      side === "batch" ? meanCard(reading, target, room.traces.knownTerms(seen, target))
      : target.kind === "connection" ? connectionCard(reading, target)
      : neuronCard(reading, target);
    forget(element, this.#of(seen));
    equation(part(element, "title"), card.title);
    element.setAttribute("aria-label", card.label);
    for (const name of /** @type {const} */ (["who", "kind", "note"])) {
      part(element, name).textContent = card[name];
      part(element, name).hidden = card[name] === "";
    }
    write(part(element, "sections"), card.sections, { made: (line, of) => this.#made(line, of) });
    this.#open(seen);
    this.#paint(card.picture);
  }

  /** @param {Seen} seen */
  #of = (seen) => `${stepOf(seen)}/${this.side}`;

  /** @param {import("./card.js").Line} line @param {HTMLElement} element */
  #made(line, element) {
    const { api, seen } = this.room;
    if (element.querySelector("input.edit")) editable(element, this.target, { api, restore: () => this.fill() });
    const now = () => {
      const view = seen();
      return view ? this.#of(view) : "";
    };
    if (line.check) checkable(api, element, this.target, line.check, () => this.side === "batch", now);
  }

  /** What the phase is about is open, unless the visitor has chosen. @param {Seen} seen */
  #open({ cursor }) {
    const wanted = OPEN[cursor.phase === "start" ? "forward" : direction(cursor)];
    for (const section of /** @type {NodeListOf<HTMLDetailsElement>} */ (this.element.querySelectorAll("details.part"))) {
      if (section.dataset.chosen) continue;
      const always = this.target.kind === "connection" || this.side === "batch" || section.dataset.section === "values" || this.target.layer === 1;
      const open = always || wanted.includes(section.dataset.section ?? "");
      if (section.open !== open) section.open = open;
    }
  }

  /** @param {import("./card.js").Picture | null} picture */
  #paint(picture) {
    const of = picture ? Array.from(picture.numbers, (x) => x.toPrecision(3)).join() : "";
    if (of === this.#painted) return;
    this.#painted = of;
    paint(part(this.element, "sections"), picture);
  }

  /** The theme has changed. */
  repaint() {
    this.#painted = "?";
    this.fill();
  }
}

/** @param {HTMLElement} element @param {string} name */
const part = (element, name) => /** @type {HTMLElement} */ (field(element, name));

