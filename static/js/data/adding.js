// What a click on the decision map does: choose the example there, or add one of a class, or with targets.

import { colours } from "../picture/colours.js";
import { className } from "./examples.js";
import { parse } from "../words/format.js";
import { mark, prepare } from "./plane.js";
import { t } from "../words/texts.js";

/** @typedef {import("../server/protocol.js").Topology} Topology */
/** @typedef {{label: number, targets?: undefined} | {label?: undefined, targets: number[]}} Value of an example that is added */

/** More classes than these are a list, not a strip. */
const STRIP = 4;
/** With more outputs there is no room to write a target for each. */
const MOST_TARGETS = 3;

/** How many classes there are; 0: the targets are numbers. @param {Topology} topology */
export const classesOf = ({ data, layers }) => (data.kind === "classification" ? Math.max(2, layers.at(-1) ?? 0) : 0);

export class Adding {
  #modes = /** @type {HTMLElement} */ (document.getElementById("aim-mode"));
  #values = /** @type {HTMLElement} */ (document.getElementById("aim-values"));
  #made = false;
  /** Called when a click does something else. */
  onChange = () => {};

  constructor() {
    for (const part of [this.#modes, this.#values]) part.addEventListener("change", () => this.#changed());
  }

  /** Once it is known what the targets are. @param {Topology} topology */
  make(topology) {
    if (this.#made) return;
    this.#made = true;
    const classes = classesOf(topology);
    if (classes > 0 && classes <= STRIP)
      for (let label = 0; label < classes; label++) this.#modes.append(segment(String(label), t("aim-add", { wanted: className(topology, label) }), label));
    else if (classes > 0 || (topology.layers.at(-1) ?? 0) <= MOST_TARGETS) {
      this.#modes.append(segment("add", t("aim-add-example"), null));
      this.#values.append(...(classes > 0 ? [classList(topology, classes)] : targetFields(topology.layers.at(-1) ?? 0)));
    }
    this.repaint();
    this.#changed();
  }

  /** Whether a click adds. */
  get on() {
    return this.#mode !== "choose";
  }

  get #mode() {
    return /** @type {HTMLInputElement | null} */ (this.#modes.querySelector("input:checked"))?.value ?? "choose";
  }

  /** What an added example should give; null: what is written is no number. @returns {Value | null} */
  get value() {
    if (this.#mode !== "add") return { label: Number(this.#mode) };
    const list = this.#values.querySelector("select");
    if (list) return { label: Number(list.value) };
    const targets = this.#fields.map((field) => parse(field.value));
    return targets.includes(null) ? null : { targets: /** @type {number[]} */ (targets) };
  }

  /** The fields of targets that hold no number. */
  get wrong() {
    return this.#fields.filter((field) => parse(field.value) === null);
  }

  get #fields() {
    return [...this.#values.querySelectorAll("input")];
  }

  #changed() {
    this.#values.hidden = this.#mode !== "add";
    for (const field of this.#fields) field.setAttribute("aria-invalid", String(parse(field.value) === null));
    this.onChange();
  }

  /** The marks of the classes, in the colours of the theme. */
  repaint() {
    const { ink, surface } = colours();
    for (const canvas of this.#modes.querySelectorAll("canvas")) {
      const prepared = prepare(canvas);
      if (prepared) mark(prepared.pen, Number(canvas.dataset.label), prepared.width / 2, prepared.height / 2, 4, ink, surface);
    }
  }
}

/** @param {string} value @param {string} name @param {number | null} label whose mark stands for it */
function segment(value, name, label) {
  const [whole, input, face] = [document.createElement("label"), document.createElement("input"), document.createElement("span")];
  Object.assign(input, { type: "radio", name: "aim", value, ariaLabel: name });
  // A new example changes what is learnt from here on: what was made already beyond this step goes.
  input.dataset.cuts = "";
  whole.title = name;
  if (label === null) face.textContent = name;
  else {
    const canvas = document.createElement("canvas");
    canvas.dataset.label = String(label);
    face.append("+ ", canvas);
  }
  whole.append(input, face);
  return whole;
}

/** @param {Topology} topology @param {number} classes */
function classList(topology, classes) {
  const select = document.createElement("select");
  select.ariaLabel = t("aim-class");
  for (let label = 0; label < classes; label++) select.append(new Option(className(topology, label), String(label)));
  const around = document.createElement("span");
  around.className = "select at-left";
  around.append(select);
  return around;
}

/** @param {number} outputs */
function targetFields(outputs) {
  return Array.from({ length: outputs }, (_, j) => {
    const [label, input] = [document.createElement("label"), document.createElement("input")];
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", value: "0", className: "number" });
    label.append(outputs === 1 ? t("aim-target") : t("aim-target-of", { j: String(j + 1) }), " ", input);
    return label;
  });
}
