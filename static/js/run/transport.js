// The transport bar and its keys: forward, back, play, and what one step is.

import { Refusal } from "../server/api.js";
import { number, percent } from "../words/format.js";
import { next } from "../phases.js";
import { nodes } from "../words/typeset.js";
import { text } from "../words/words.js";
import { recall, remember } from "../page/memory.js";
import * as problem from "../page/problem.js";
import { count, say, t } from "../words/texts.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../server/api.js").Api} Api */
/** @typedef {"phase" | "step" | "epoch"} Unit */
/** @typedef {import("../picture/motion.js").Speed} Speed */

/** Steps (of the unit) per second; 0: as fast as it can. A phase takes 750 ms at 1×. */
const PER_SECOND = {
  phase: { 0.25: 1 / 3, 1: 4 / 3, 4: 16 / 3, max: 0 },
  step: { 0.25: 0.5, 1: 2, 4: 20, max: 0 },
};
/** Presses that wait while a call is under way; more are let go. */
const WAITING = 2;

/**
 * What is sent to play at a unit and a speed.
 * @param {Unit} unit
 * @param {Speed} speed
 * @returns {{unit: "phase" | "step", per_second: number}}
 */
export function pace(unit, speed) {
  if (unit === "epoch") return { unit: "step", per_second: 0 };
  return { unit, per_second: Number(PER_SECOND[unit][speed].toFixed(4)) };
}

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} name of a group of radio buttons */
const checked = (name) => /** @type {HTMLInputElement | null} */ (document.querySelector(`input[name="${name}"]:checked`))?.value;

/** @param {string} name of a group of radio buttons @param {string} value */
function choose(name, value) {
  const input = [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`input[name="${name}"]`))].find((one) => one.value === value);
  if (input) input.checked = true;
}

/** Whether what is checked is what the server chose for the session. @param {string} name of a group of radio buttons */
const isUsual = (name) => /** @type {HTMLInputElement | null} */ (document.querySelector(`input[name="${name}"]:checked`))?.defaultChecked ?? true;

export class Transport {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  #waiting = 0;
  playing = false;
  /** @type {Seen | null} */
  #seen = null;

  /**
   * @param {Api} api
   * @param {import("../store.js").Store} store
   * @param {import("../picture/motion.js").Motion} motion
   */
  constructor(api, store, motion) {
    this.api = api;
    this.motion = motion;
    this.#listen("restart", () => this.restart());
    this.#listen("back", () => this.back());
    this.#listen("play", () => this.toggle());
    this.#listen("forward", () => this.forward());
    for (const name of ["undo", "redo"])
      document.addEventListener("click", (event) => {
        if (event.target instanceof Element && event.target.closest(`#${name}:not([aria-disabled="true"])`)) this.run((of) => of.call("POST", `/${name}`));
      });
    this.#recallPace();
    for (const id of ["unit", "speed"]) byId(id).addEventListener("change", () => this.#changed());
    this.#changed();
    store.onDraw((seen) => this.#draw(seen));
  }

  /** @returns {Unit} */
  get unit() {
    return /** @type {Unit} */ (checked("unit") ?? "phase");
  }

  /** @returns {Speed} */
  get speed() {
    return /** @type {Speed} */ (checked("speed") ?? "1");
  }

  /** @param {string} id @param {() => void} act */
  #listen(id, act) {
    byId(id).addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.currentTarget).getAttribute("aria-disabled") !== "true") act();
    });
  }

  /** A reload keeps unit and speed; a new session begins with those that the server chose for it. */
  #recallPace() {
    const [session, unit, speed] = (recall("pace") ?? "").split(" ");
    if (session !== document.body.dataset.session) return;
    choose("unit", unit);
    choose("speed", speed);
  }

  /** What of the pace is not the usual, as an address has it. */
  get pace() {
    return { unit: isUsual("unit") ? "" : this.unit, speed: isUsual("speed") ? "" : this.speed };
  }

  /** Take up the pace of an address. @param {string} unit "" as it is @param {string} speed "" as it is */
  arrive(unit, speed) {
    choose("unit", unit);
    choose("speed", speed);
    this.#changed();
  }

  #changed() {
    remember("pace", `${document.body.dataset.session} ${this.unit} ${this.speed}`);
    const epochs = this.unit === "epoch";
    /** @type {HTMLFieldSetElement} */ (byId("speed")).disabled = epochs;
    byId("speed").title = epochs ? t("transport-speed-epoch") : "";
    this.motion.speed = this.unit === "phase" ? this.speed : this.speed === "max" ? "max" : "4";
    if (this.playing) this.run((api) => api.play(pace(this.unit, this.speed)));
    if (this.#seen) this.#draw(this.#seen);
  }

  /**
   * Calls go out one after the other, so that each finds what the one before has done.
   * @param {(api: Api) => Promise<unknown>} call
   */
  run(call) {
    if (this.#waiting >= WAITING) return this.#last;
    this.#waiting++;
    this.#last = this.#last
      .then(() => call(this.api))
      .then(() => problem.settle(), (error) => problem.tell(error instanceof Refusal ? error.message : String(error)))
      .finally(() => this.#waiting--);
    return this.#last;
  }

  /** @param {Unit} [unit] */
  forward(unit = this.unit) {
    // A phase that was stopped in mid-flight is brought to its end first.
    if (unit === "phase" && this.motion.stopped) return this.motion.thaw();
    return this.run((api) => api.step(unit));
  }

  /** @param {Unit} [unit] */
  back(unit = this.unit) {
    if (this.#seen?.frame.cursor.step === 0) return undefined;
    this.motion.hold();
    return this.run((api) => api.back(unit));
  }

  restart() {
    this.motion.hold();
    return this.run((api) => api.seek({ step: 0, phase: "start", layer: null }));
  }

  toggle() {
    if (this.playing) {
      this.motion.hold();
      this.#show(false);
      return this.run((api) => api.pause());
    }
    this.motion.thaw();
    this.#show(true);
    return this.run(async (api) => {
      try {
        return await api.play(pace(this.unit, this.speed));
      } catch (error) {
        this.#show(false);
        throw error;
      }
    });
  }

  /** @param {boolean} playing as the server says it, or as it was just asked to */
  #show(playing) {
    this.playing = playing;
    const button = byId("play");
    button.setAttribute("aria-pressed", String(playing));
    button.setAttribute("aria-label", t(playing ? "transport-pause" : "transport-play"));
    document.body.toggleAttribute("data-playing", playing);
  }

  /** @param {{playing: boolean, reason: string, message: string | null}} state */
  told({ playing, reason, message }) {
    this.#show(playing);
    if (message && reason === "limit") problem.tell(message);
  }

  /** @param {Seen} seen */
  #draw(seen) {
    this.#seen = seen;
    const { frame } = seen;
    if (!this.#waiting) this.#show(frame.playing);
    disable("back", frame.cursor.step === 0);
    disable("restart", frame.cursor.step === 0);
    disable("forward", !frame.finite);
    disable("play", !frame.finite && !frame.playing);
    this.#readOuts(seen);
    this.#sayNext(seen);
  }

  /** @param {Seen} seen */
  #readOuts({ frame }) {
    write("read-step", count(frame.cursor.step));
    write("read-epoch", String(frame.epoch));
    write("read-cost", frame.cost.train === null ? (frame.finite ? "–" : t("number-not-finite")) : number(frame.cost.train));
    const { test, train } = frame.accuracy;
    write("read-accuracy", test !== null ? percent(test) : train !== null ? percent(train) : "–");
    write("read-cost-label", t("reading-cost-training"));
    write("read-accuracy-label", t(test === null && train !== null ? "reading-accuracy-training" : "reading-accuracy-test"));
  }

  /** What one step forward would do, said where it is pressed. @param {Seen} seen */
  #sayNext({ frame, phases, topology }) {
    const parts = frame.finite ? this.#next(phases, frame, topology) : say("next-never", { step: String(frame.notFinite?.step ?? frame.cursor.step) });
    const place = byId("next");
    if (place.textContent !== text(parts)) place.replaceChildren(...nodes(parts));
  }

  /** @param {Seen["phases"]} phases @param {Seen["frame"]} frame @param {Seen["topology"]} topology */
  #next(phases, frame, topology) {
    if (this.unit === "step") return say("next-step", { count: frame.batch.size });
    if (this.unit === "epoch") return say("next-epoch", { count: topology.data.n_train });
    const { phase, layer } = next(phases, frame.cursor);
    return say(`next-${phase}`, { layer: String(layer) });
  }
}

/** @param {string} id @param {boolean} off it stays reachable, so that focus is not lost */
function disable(id, off) {
  const button = byId(id);
  if ((button.getAttribute("aria-disabled") === "true") !== off) button.setAttribute("aria-disabled", String(off));
}

/** @param {string} id @param {string} words */
function write(id, words) {
  const place = document.getElementById(id);
  if (place && place.textContent !== words) place.textContent = words;
}
