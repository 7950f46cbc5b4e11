// Runs that are kept beside the one on view: the buttons that keep one and start again, and the list with their last numbers.

import { Refusal } from "../server/api.js";
import { rowOf } from "./ghostrow.js";
import { MOST, POINTS, among, dataOf, keep, read, without } from "./ghosts.js";
import { recall, remember } from "../page/memory.js";
import { facts, names } from "./naming.js";
import * as problem from "../page/problem.js";
import { t } from "../words/texts.js";

/** @typedef {import("./ghosts.js").Ghost} Ghost */
/** @typedef {import("./naming.js").Fact} Fact */
/** @typedef {import("./naming.js").Action} Action */
/** @typedef {import("../server/protocol.js").Topology} Topology */

const MEMORY = "ghosts";
const MARKS = "ABCD";

export class Comparison {
  #list = /** @type {HTMLElement} */ (document.getElementById("ghosts"));
  #button = /** @type {HTMLButtonElement} */ (document.getElementById("keep-run"));
  #again = document.getElementById("same-weights");
  /** @type {Ghost[]} of all data sets */
  #all = read(recall(MEMORY));
  /** @type {Topology | null} */
  #topology = null;
  /** @type {Fact[]} of the run on view */
  #facts = [];
  #last = 0;
  #keeping = false;
  /** @type {Set<string> | null} sessions that the server still has; null: not known yet */
  #alive = null;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("./transport.js").Transport} transport
   * @param {() => void} changed the kept runs are others
   */
  constructor(api, transport, changed) {
    this.api = api;
    this.changed = changed;
    this.#button.addEventListener("click", () => this.#keep());
    this.#again?.addEventListener("click", () => this.#again?.getAttribute("aria-disabled") !== "true" && transport.restart());
    document.getElementById("new-weights")?.addEventListener("click", reseed);
    this.#list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button[data-ghost]") : null;
      if (button instanceof HTMLElement && button.dataset.ghost) this.#remove(button.dataset.ghost);
    });
    addEventListener("storage", (event) => {
      if (event.key?.endsWith(MEMORY)) this.#set(read(recall(MEMORY)), false);
    });
  }

  /** The kept runs that are on the same data as the one on view. */
  get ghosts() {
    return this.#topology ? among(this.#all, dataOf(this.#topology)) : [];
  }

  /** Those whose curves mean the same. @param {import("./curves.js").Measure} measure */
  comparable(measure) {
    return this.ghosts.filter((ghost) => measure === "accuracy" || ghost.cost === this.#topology?.cost);
  }

  /** @param {Ghost} ghost its letter */
  mark(ghost) {
    return MARKS[this.ghosts.indexOf(ghost)] ?? "";
  }

  /**
   * @param {Topology} topology
   * @param {Action[]} actions
   * @param {{cursor: import("../phases.js").Cursor, lastStep: number}} frame
   */
  follow(topology, actions, { cursor, lastStep: last }) {
    this.#again?.setAttribute("aria-disabled", String(cursor.step === 0));
    const found = facts(topology.config, actions);
    const same = this.#topology !== null && dataOf(this.#topology) === dataOf(topology) && JSON.stringify(found) === JSON.stringify(this.#facts);
    this.#topology = topology;
    this.#facts = found;
    this.#last = last;
    if (!same) {
      this.#draw();
      if (this.ghosts.length) this.#look();
    }
    this.#offer();
  }

  /** Which of the kept weights the server still has. */
  async #look() {
    if (this.#alive) return;
    try {
      const own = await this.api.listing();
      this.#alive = new Set(own.map(({ id }) => id));
      this.#draw();
    } catch {
      // Without an answer the links stay.
    }
  }

  async #keep() {
    if (!this.#topology || this.#button.getAttribute("aria-disabled") === "true") return;
    this.#keeping = true;
    this.#offer();
    try {
      await this.#kept(this.#topology);
    } catch (error) {
      problem.tell(error instanceof Refusal ? error.message : String(error));
    }
    this.#keeping = false;
    this.#offer();
  }

  /** @param {Topology} topology */
  async #kept(topology) {
    const fork = await this.#fork();
    const { steps, cost, accuracy, actions } = await (fork ?? this.api).history(POINTS);
    /** @type {Ghost} */
    const ghost = {
      id: crypto.getRandomValues(new Uint32Array(2)).join("-"), session: fork ? fork.id : null, data: dataOf(topology), cost: topology.cost,
      facts: facts(topology.config, actions), last: steps.at(-1) ?? 0, points: { steps, cost, accuracy },
    };
    const before = read(recall(MEMORY));
    const all = keep(before, ghost);
    if (!all) return;
    if (fork) this.#alive?.add(fork.id);
    this.#set(all, true);
    for (const other of before) if (!all.includes(other)) this.#forget(other);
  }

  /** The whole run as a session of its own, so that its weights can be visited; null where the server has no room. */
  async #fork() {
    try {
      return await this.api.fork(this.#last);
    } catch (error) {
      problem.tell(t("ghost-without", { reason: error instanceof Refusal ? error.message : String(error) }));
      return null;
    }
  }

  /** @param {string} id */
  #remove(id) {
    const gone = this.#all.find((ghost) => ghost.id === id);
    this.#set(without(read(recall(MEMORY)), id), true);
    this.#button.focus({ preventScroll: true });
    if (gone) this.#forget(gone);
  }

  /** The session of a run that is kept no more goes too, unless somebody went on in it. @param {Ghost} ghost */
  #forget({ session }) {
    if (session && this.#alive?.has(session) !== false && !location.pathname.endsWith(session)) this.api.forget(session);
  }

  /** @param {Ghost[]} all @param {boolean} write */
  #set(all, write) {
    this.#all = all;
    if (write) remember(MEMORY, JSON.stringify(all));
    this.#draw();
    this.#offer();
    this.changed();
  }

  /** Whether the run can be kept, and if not, why. */
  #offer() {
    const own = this.ghosts.filter((ghost) => JSON.stringify(ghost.facts) === JSON.stringify(this.#facts));
    // Edits are not told in full: of an edited run it is not known whether it is the very one.
    const kept = own.some((ghost) => ghost.last === this.#last) && !this.#facts.some(([name]) => name === "edits" || name === "additions");
    const full = this.ghosts.length >= MOST && !own.some((ghost) => ghost.last < this.#last);
    const off = this.#last === 0 || this.#keeping || full || kept;
    this.#button.setAttribute("aria-disabled", String(Boolean(off)));
    this.#button.title = this.#last === 0 ? t("keep-nothing") : kept ? t("keep-kept") : full ? t("keep-full", { count: MOST }) : t("keep-what");
  }

  #draw() {
    const ghosts = this.ghosts;
    const named = names([this.#facts, ...ghosts.map((ghost) => ghost.facts)]);
    this.#list.replaceChildren(...ghosts.map((ghost, i) => rowOf(ghost, MARKS[i], named[i + 1], this.#alive?.has(ghost.session ?? "") ?? true)));
    this.#list.hidden = ghosts.length === 0;
    const own = document.getElementById("run-name");
    if (own) {
      own.hidden = ghosts.length === 0;
      own.textContent = t("run-name", { name: named[0] });
    }
  }
}

/** Another seed in the form of the network, which begins a new session with it. */
function reseed() {
  const field = document.getElementById("network-seed");
  if (!(field instanceof HTMLInputElement)) return;
  field.value = String(Number(field.value) + 1 || 1);
  field.form?.requestSubmit();
}

