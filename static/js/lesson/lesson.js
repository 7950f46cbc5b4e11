// A lesson on the live page: each step sets the stage, asks, lets the reader act, and has the answer checked by the engine.

import { Refusal, refusalOf } from "../server/api.js";
import { Arrow } from "./arrow.js";
import { notation } from "../words/notation.js";
import { t } from "../words/texts.js";
import { recall, remember } from "../page/memory.js";
import { isLost, whileReached } from "../server/reach.js";
import { parse } from "../words/format.js";

/** @typedef {{layer: number, direction: import("../matrix/model.js").Direction, how: import("../matrix/state.js").How, row?: number, column?: number, question: import("../matrix/panel.js").Question | ""}} MatrixStage */
/** @typedef {{step: number, phase?: string, layer?: number}} Point */
/** @typedef {{session?: object, at?: Point, feedback?: string, connections?: any, neurons?: any, matrix?: MatrixStage, bug?: string, compass: boolean, pin: string[]}} Stage */
/** @typedef {{of: string, layer: number, across: number, up: number}} Direction */
/** @typedef {{kind: "choice" | "number" | "connection" | "neuron" | "arrow" | "do", question: string, options: string[], until?: unknown, axes: string[], beside?: Direction, named: string, degrees: number}} Ask */
/** @typedef {{name: string, title: string, minutes: number, steps: {title: string, text: string, stage: Stage, ask?: Ask}[]}} Content */

const phone = matchMedia("(width <= 700px)");
/** Kinds of questions that are answered outside the lesson's own form. */
const IN_NETWORK = ["connection", "neuron", "do"];
/** The picture is waited for so long at most, ms. */
const ARRIVES_MS = 3000;
const HASH = /^#lesson=([a-z0-9-]+)\/(\d+)$/;

export class Lesson {
  #box = /** @type {HTMLElement} */ (document.getElementById("lesson"));
  /** @type {Content | null} */
  #content = null;
  #step = 0;
  /** The hash that was followed last. */
  #hash = "";
  /** Called with everything that is drawn. @type {(seen: import("../store.js").Seen) => void} */
  #drawn = () => {};
  /** @type {Arrow | null} */
  #arrow = null;
  /** What was done on the page that the server cannot know. @type {string | null} */
  #did = null;
  /** Whether the panel that the step speaks of is still to be brought into view. */
  #unseen = false;
  /** Whether the stage could not be set, as nobody answered. */
  #unstaged = false;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {{store: import("../store.js").Store, pointing: import("../picture/pointing.js").Pointing, matrix: import("../matrix/panel.js").MatrixPanel, transport: import("../run/transport.js").Transport}} page
   */
  constructor(api, page) {
    this.api = api;
    this.page = page;
    this.session = document.body.dataset.session ?? "";
    document.getElementById("lesson-back")?.addEventListener("click", () => this.#go(this.#step - 1));
    document.getElementById("lesson-next")?.addEventListener("click", () => this.#go(this.#step + 1));
    document.getElementById("lesson-leave")?.addEventListener("click", () => this.#leave());
    document.getElementById("lesson-again")?.addEventListener("click", () => this.#stage());
    document.getElementById("lesson-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    document.getElementById("strip-check")?.addEventListener("click", () => this.#check());
    document.getElementById("strip-back")?.addEventListener("click", () => this.#sheet("setup"));
    document.getElementById("lesson-to-network")?.addEventListener("click", () => this.#sheet(this.#where));
    document.querySelector('#tabs [data-sheet="network"]')?.addEventListener("click", () => requestAnimationFrame(() => this.#look()));
    document.querySelector('#tabs [data-sheet="setup"]')?.addEventListener("click", () => requestAnimationFrame(showSaid));
    document.getElementById("lesson-show")?.addEventListener("click", () => this.#showAnswer());
    document.addEventListener("blameflow:did", (event) => (this.#did = /** @type {CustomEvent<string>} */ (event).detail));
    page.store.onDraw((seen) => {
      this.#drawn(seen);
      if (this.#unstaged && !isLost()) this.open();
    });
    // Going back where the query differs too is no change of the hash to every browser, but it is told.
    for (const event of ["hashchange", "popstate"]) addEventListener(event, () => location.hash !== this.#hash && this.open());
    this.open();
  }

  /** Take up the lesson that the address names. */
  async open() {
    this.#hash = location.hash;
    const found = HASH.exec(location.hash);
    document.body.toggleAttribute("data-lesson", found !== null);
    this.#box.hidden = found === null;
    if (!found) return;
    const [, name, step] = found;
    try {
      if (this.#content?.name !== name) this.#content = await this.#call("GET", `/${name}`);
      this.#step = Math.min(Math.max(Number(step), 1), /** @type {Content} */ (this.#content).steps.length);
      this.#draw();
      await this.#stage();
      this.#unstaged = false;
    } catch (error) {
      this.#unstaged = !refused(error);
      this.#say(refused(error)?.message ?? t("lesson-unstaged"), false);
    }
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async #call(method, path, body) {
    if (isLost()) throw new Error(t("lesson-lost"));
    const answer = await fetch(`${this.#box.dataset.api}${path}`, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body ? JSON.stringify(body) : null, signal: whileReached() });
    const content = await answer.json();
    if (!answer.ok) throw refusalOf(answer.status, content);
    return content;
  }

  get #now() {
    return /** @type {Content} */ (this.#content).steps[this.#step - 1];
  }

  /** The step whose session a step is about. @param {number} step */
  #opener(step) {
    const steps = /** @type {Content} */ (this.#content).steps;
    let opener = step;
    while (opener > 1 && !steps[opener - 1].stage.session) opener--;
    return opener;
  }

  /** @param {number} step */
  #go(step) {
    const content = this.#content;
    if (!content) return;
    if (step > content.steps.length) {
      remember(`lesson-${content.name}`, "done");
      this.#leave();
      return;
    }
    if (step < 1) return;
    // Another session is another page, and without a server there is none.
    if (isLost()) this.#say(t("lesson-lost"), false);
    else if (this.#opener(step) !== this.#opener(this.#step)) location.assign(`${this.#box.dataset.pages}/${content.name}?step=${step}`);
    else location.hash = `#lesson=${content.name}/${step}`;
  }

  #leave() {
    history.replaceState(history.state, "", location.pathname + location.search);
    this.#hash = "";
    document.body.toggleAttribute("data-lesson", false);
    this.#box.hidden = true;
    if (phone.matches) this.#sheet("network");
    dispatchEvent(new Event("resize"));
  }

  // --- what is on view

  #draw() {
    const { title, minutes, steps, name } = /** @type {Content} */ (this.#content);
    const { title: head, text, ask } = this.#now;
    remember(`lesson-${name}`, recall(`lesson-${name}`) === "done" ? "done" : String(this.#step));
    this.#did = null;
    this.#put("lesson-title", title);
    this.#put("lesson-place", t("lesson-place", { step: String(this.#step), steps: String(steps.length), minutes: String(minutes) }));
    this.#put("lesson-step-title", head);
    const body = document.getElementById("lesson-text");
    body?.replaceChildren(...text.trim().split(/\n\s*\n/).map((one) => paragraph(one)));
    const progress = /** @type {HTMLProgressElement | null} */ (document.getElementById("lesson-progress"));
    if (progress) [progress.max, progress.value] = [steps.length, this.#step];
    document.getElementById("lesson-back")?.toggleAttribute("disabled", this.#step === 1);
    this.#put("lesson-next", this.#step === steps.length ? t("lesson-end") : t("lesson-next"));
    this.#drawAsk(ask ?? null);
    this.#box.dataset.step = String(this.#step);
    this.#say("", null);
    // On a phone the lesson has a sheet of its own, and the network is one tab away.
    if (phone.matches) this.#sheet("setup");
    /** @type {HTMLElement} */ (this.#box.parentElement).scrollTop = 0;
    document.getElementById("lesson-step-title")?.focus({ preventScroll: true });
  }

  /** On a phone: the sheet in which the step's question is answered. */
  get #where() {
    return this.#now.stage.compass ? "cost" : "network";
  }

  /** @param {string} name */
  #sheet(name) {
    /** @type {HTMLElement | null} */ (document.querySelector(`#tabs [data-sheet="${name}"]`))?.click();
  }

  /** @param {Ask | null} ask */
  #drawAsk(ask) {
    const form = /** @type {HTMLElement} */ (document.getElementById("lesson-form"));
    form.hidden = !ask;
    form.dataset.kind = ask?.kind ?? "";
    const there = ask !== null && IN_NETWORK.includes(ask.kind);
    document.getElementById("lesson-strip")?.toggleAttribute("hidden", !ask);
    document.getElementById("strip-check")?.toggleAttribute("hidden", !there);
    document.getElementById("lesson-to-network")?.toggleAttribute("hidden", !there && this.#where === "network");
    this.#put("lesson-to-network", t(`lesson-to-${this.#where}`));
    document.getElementById("strip-question")?.replaceChildren(...(ask ? inline(ask.question) : []));
    if (!ask) return;
    this.#put("lesson-question", "");
    document.getElementById("lesson-question")?.append(...inline(ask.question));
    const fields = /** @type {HTMLElement} */ (document.getElementById("lesson-fields"));
    fields.replaceChildren();
    if (ask.kind === "choice")
      for (const [i, words] of ask.options.entries()) {
        const [label, input] = [document.createElement("label"), document.createElement("input")];
        Object.assign(input, { type: "radio", name: "lesson-option", value: String(i + 1) });
        label.className = "lesson-option";
        label.append(input, ...inline(words));
        fields.append(label);
      }
    if (ask.kind === "number") {
      const input = document.createElement("input");
      Object.assign(input, { type: "text", inputMode: "decimal", id: "lesson-number", autocomplete: "off" });
      input.setAttribute("aria-labelledby", "lesson-question");
      fields.append(input);
    }
    this.#arrow = ask.kind === "arrow" ? new Arrow(fields, ask) : null;
    if (IN_NETWORK.includes(ask.kind)) fields.textContent = t(`lesson-by-${ask.kind}`);
  }

  /** @param {string} id @param {string} words */
  #put(id, words) {
    const place = document.getElementById(id);
    if (place) place.textContent = words;
  }

  /** @param {string} words @param {boolean | null} right null: nothing was answered */
  #say(words, right) {
    for (const id of ["lesson-said", "strip-said"]) {
      const place = /** @type {HTMLElement} */ (document.getElementById(id));
      place.hidden = !words;
      place.replaceChildren(...(words ? [mark(right), ...inline(words)] : []));
      place.dataset.right = right === null ? "" : String(right);
    }
    const show = /** @type {HTMLElement} */ (document.getElementById("lesson-show"));
    show.hidden = right !== false || this.#now?.ask?.kind === "do";
    if (words) showSaid();
    // The words under the network take room from the panel above them.
    if (words && phone.matches && document.body.dataset.sheet === "" && this.#now.stage.matrix?.question) this.page.matrix.look();
  }

  /** Bring the page to what the step is about. */
  async #stage() {
    const { stage } = this.#now;
    const { store, pointing, matrix } = this.page;
    if (stage.at) await this.#seek(stage.at);
    await this.#arrived(stage.at ?? null);
    if (stage.feedback && store.topology?.feedback !== stage.feedback) await this.api.change({ feedback: { name: stage.feedback } });
    const choice = { ...(stage.connections ? { connections: stage.connections } : {}), ...(stage.neurons ? { neurons: stage.neurons } : {}) };
    if (Object.keys(choice).length) store.choose(choice);
    pointing.release();
    if (stage.compass) this.#showCompass();
    await this.#showBug(stage.bug ?? null);
    await this.#showBeside();
    if (!stage.matrix) {
      matrix.show(false);
      return;
    }
    const { layer, direction, how, row, column, question } = stage.matrix;
    matrix.show(true);
    matrix.choose(layer);
    // Lessons speak of rows and columns as the book has them.
    notation.choose("columns", false);
    matrix.open(question);
    await matrix.stage(direction, how, row ? { type: "row", j: row - 1 } : column ? { type: "column", k: column - 1 } : null);
    matrix.open(question);
    this.#unseen = true;
    if (!phone.matches) this.#look();
  }

  /** The matrix panel from its top, or the question that is open in it, the first time that it can be seen. */
  #look() {
    if (!this.#unseen) return;
    this.#unseen = false;
    this.page.matrix.look();
  }

  /** The dials, and the operators where one is to be chosen; they come with the answer of the server and need room then. */
  #showCompass() {
    const panel = /** @type {HTMLDetailsElement} */ (document.getElementById("compass-panel"));
    panel.open = true;
    if (this.#now.ask?.kind === "do") for (const more of panel.querySelectorAll("details")) more.open = true;
    const grown = new ResizeObserver(() => panel.scrollIntoView({ block: "nearest" }));
    grown.observe(panel);
    setTimeout(() => grown.disconnect(), ARRIVES_MS);
  }

  /** The arrow that the asked one is compared with. */
  async #showBeside() {
    const [arrow, beside] = [this.#arrow, this.#now.ask?.beside];
    if (!arrow || !beside) return;
    const { of, layer, across, up } = beside;
    const numbers = of === "inverse" ? (await this.api.call("GET", `/spectrum?layer=${layer}`)).inverse.vector : (await this.api.call("GET", "/trace")).layers[layer - 1][of];
    const [x, y] = [numbers?.[across - 1], numbers?.[up - 1]];
    if (x || y) arrow.show((Math.atan2(y, x) * 180) / Math.PI, "beside");
  }

  /** What nudging says of a broken backward pass. @param {string | null} bug */
  async #showBug(bug) {
    const table = /** @type {HTMLTableElement} */ (document.getElementById("lesson-bug"));
    table.hidden = !bug;
    if (!bug) return;
    const { layers } = await this.api.call("GET", `/broken-check?bug=${bug}`);
    const head = ["layer", "weights", "biases", "cosine"].map((column) => t(`lesson-bug-${column}`));
    table.replaceChildren(tableRow("th", head));
    for (const { layer, w, b } of layers) {
      const row = tableRow("td", [String(layer), agreeing(w), agreeing(b), cosineOf(w)]);
      for (const [i, { failed }] of [w, b].entries()) row.cells[i + 1].toggleAttribute("data-wrong", failed > 0);
      row.dataset.failed = String(w.failed + b.failed);
      table.append(row);
    }
  }

  /** @param {Point} at */
  async #seek(at) {
    const view = await this.api.call("GET", "");
    if (view.last_step < at.step) {
      await this.api.seek({ step: view.last_step, phase: /** @type {any} */ (view.last_step ? "update" : "start"), layer: null });
      await this.api.call("POST", "/step", { unit: "step", count: at.step - view.last_step });
    }
    await this.api.seek({ step: at.step, phase: /** @type {any} */ (at.phase ?? (at.step ? "update" : "start")), layer: at.layer ?? null });
  }

  /** Once the picture stands there; what it shows by custom on arriving is not to undo what the step chooses. @param {Point | null} at */
  #arrived(at) {
    const there = (/** @type {import("../store.js").Seen} */ { cursor }) =>
      !at || (cursor.step === at.step && cursor.phase === (at.phase ?? (at.step ? "update" : "start")) && (!at.layer || !cursor.layer || at.layer === cursor.layer));
    return new Promise((done) => {
      this.#drawn = (seen) => there(seen) && done(null);
      const { drawn } = this.page.store;
      if (drawn) this.#drawn(drawn);
      setTimeout(done, ARRIVES_MS, null);
    });
  }

  // --- answers

  #given() {
    const { kind } = /** @type {Ask} */ (this.#now.ask);
    const { pinned } = this.page.pointing;
    if (kind === "choice") return Number(/** @type {HTMLInputElement | null} */ (this.#box.querySelector("input[name=lesson-option]:checked"))?.value ?? 0) || null;
    if (kind === "number") return parse(/** @type {HTMLInputElement} */ (document.getElementById("lesson-number")).value);
    if (kind === "do") return this.#did;
    if (kind === "arrow") return this.#arrow?.given ?? null;
    const target = pinned.find((one) => one.kind === kind);
    if (!target) return null;
    return target.kind === "connection" ? [target.layer, target.j, target.k] : [target.layer, target.j];
  }

  async #check() {
    const given = this.#given();
    const { kind } = /** @type {Ask} */ (this.#now.ask);
    if (given === null && kind !== "do") return this.#say(t(`lesson-none-${kind}`), false);
    return this.#ask("POST", "check", given);
  }

  /** @param {string} method @param {string} what @param {unknown} given */
  async #ask(method, what, given) {
    try {
      const { right, said, off } = await this.#call(method, `/${this.#content?.name}/steps/${this.#step}/${what}`, { session: this.session, answer: given });
      const missed = off === null ? "" : ` ${t(right ? "arrow-near" : "arrow-off", { off: off.toFixed(0), degrees: String(this.#now.ask?.degrees) })}`;
      this.#say(said + missed, right);
    } catch (error) {
      this.#say(refused(error)?.message ?? t("lesson-lost"), false);
    }
  }

  async #showAnswer() {
    const { answer, said } = await this.#call("GET", `/${this.#content?.name}/steps/${this.#step}/answer?session=${this.session}`).catch(() => ({ answer: null, said: t("lesson-lost") }));
    const { kind, options } = /** @type {Ask} */ (this.#now.ask);
    if (answer === null) return this.#say(said, null);
    const written = kind === "choice" ? options[answer - 1] : kind === "number" ? String(Number(Number(answer).toPrecision(4))).replace("-", "−") : "";
    if (kind === "arrow") this.#arrow?.show(answer, "wanted");
    if (Array.isArray(answer)) this.page.pointing.toggle(kind === "connection" ? { kind, layer: answer[0], j: answer[1], k: answer[2] } : { kind: "neuron", layer: answer[0], j: answer[1] });
    return this.#say(written ? `${written}. ${said}` : said, null);
  }
}

/** What is said of an answer is brought into view. */
const showSaid = () => document.getElementById("lesson-said")?.scrollIntoView({ block: "nearest" });

/** The server's own sentence, if it was the server that refused. @param {unknown} error */
const refused = (error) => (error instanceof Refusal && error.status ? error : null);

/** @typedef {{checked: number, failed: number, cosine: number | null}} Nudged */

/** @param {Nudged} of */
const agreeing = ({ checked, failed }) => t("lesson-bug-agree", { right: String(checked - failed), of: String(checked) });

/** Where something fails, as many digits as tell it from 1. @param {Nudged} of */
function cosineOf({ cosine, failed }) {
  if (cosine === null) return "–";
  const digits = failed && cosine > 0.9995 ? 6 : 3;
  return cosine.toFixed(digits).replace("-", "−");
}

/** @param {"th" | "td"} tag @param {string[]} cells */
function tableRow(tag, cells) {
  const row = document.createElement("tr");
  for (const words of cells) {
    const cell = document.createElement(tag);
    cell.textContent = words;
    if (tag === "th") cell.setAttribute("scope", "col");
    row.append(cell);
  }
  return row;
}

/** @param {boolean | null} right */
function mark(right) {
  const made = document.createElement("b");
  made.textContent = right === null ? "" : `${t(right ? "lesson-right" : "lesson-wrong")} `;
  return made;
}

/** @param {string} words `**strong**` and `_maths_` @returns {Node[]} */
function inline(words) {
  return together(words).split(/(\*\*[^*]+\*\*|_[^_]+_)/).map((piece) => {
    const strong = piece.startsWith("**");
    if (!strong && !(piece.startsWith("_") && piece.length > 2)) return document.createTextNode(piece);
    const made = document.createElement(strong ? "b" : "i");
    made.textContent = strong ? piece.slice(2, -2) : piece.slice(1, -1);
    return made;
  });
}

/** A product, a difference and a row of numbers stay in one line. @param {string} words */
const together = (words) => words.replace(/ ([·×−]) /g, "\u00a0$1\u00a0").replace(/(\d), (?=−?\d)/g, "$1,\u00a0");

/** @param {string} words */
function paragraph(words) {
  const made = document.createElement("p");
  made.append(...inline(words.replace(/\s*\n\s*/g, " ")));
  return made;
}
