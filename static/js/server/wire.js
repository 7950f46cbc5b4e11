// One connection for everything that is followed: opened anew when others are to be followed, watched for silence, and
// tried again when it is lost. It runs in the worker that all tabs share, or in the page where there is no such worker.

import { Lag } from "./lag.js";

/** @typedef {"session" | "race"} Noun */
/** A topic is `session:ID` or `race:ID`. @typedef {string} Topic */
/**
 * @typedef {object} Status
 * @property {"connecting" | "live" | "silent" | "lost"} state silent: open, but nothing has come for longer than it should
 * @property {number} retryAt when it is tried again, ms since 1970; 0 unless it is lost
 * @property {number} heardAt when the last sign of life came, ms since 1970; 0: never
 * @property {number} lateMs how late what came last was, ms; 0: in time
 * @property {string} server which server it is: another one after every start
 * @property {string} version of its static files
 */
/**
 * @typedef {object} Surroundings
 * @property {(address: string) => EventSource} open
 * @property {() => number} now ms since 1970
 * @property {() => number} random from 0 to 1
 * @property {(act: () => void, ms: number) => number} later
 * @property {(timer: number) => void} never
 */

const ADDRESS = "/api/stream";
const EVENTS = ["topology", "frame", "state", "race", "end"];
/** How long a change of what is followed waits for more, ms: leaving is not urgent. */
const SETTLE_MS = { more: 20, less: 500 };
/** Tried again after so long, ms, doubled each time up to the longest; a random part keeps a class from coming at once. */
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** A connection that is not open by then is given up, ms. */
const OPENING_MS = 10_000;
const LOOK_MS = 1_000;
/** In beats: when silence is told of, and when the connection is given up. */
const SILENT_BEATS = 1.6;
const DEAD_BEATS = 3;
const BEAT_S = 5;

/** @type {Surroundings} */
const REAL = {
  open: (address) => new EventSource(address),
  now: () => Date.now(),
  random: () => Math.random(),
  later: (act, ms) => /** @type {number} */ (/** @type {unknown} */ (setTimeout(act, ms))),
  never: (timer) => clearTimeout(timer),
};

/** @param {number} attempt from 0 @param {number} random from 0 to 1 @returns {number} ms */
export const backoff = (attempt, random) => Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** attempt) * (0.5 + random / 2);

/** @param {Iterable<Topic>} topics */
export function addressOf(topics) {
  /** @type {Record<string, string[]>} */
  const ids = { session: [], race: [] };
  for (const topic of topics) {
    const [noun, id] = topic.split(":");
    ids[noun].push(id);
  }
  const parts = [["sessions", ids.session], ["races", ids.race]].filter(([, names]) => names.length);
  return `${ADDRESS}?${parts.map(([name, names]) => `${name}=${/** @type {string[]} */ (names).join(",")}`).join("&")}`;
}

export class Wire {
  /** @type {Status} */
  status = { state: "connecting", retryAt: 0, heardAt: 0, lateMs: 0, server: "", version: "" };

  #lag = new Lag();
  /** @type {Set<Topic>} */
  #wanted = new Set();
  /** @type {EventSource | null} the connection that is heard */
  #source = null;
  /** @type {EventSource | null} the one that is to take its place */
  #next = null;
  #beatMs = BEAT_S * 1000;
  #attempt = 0;
  #settling = 0;
  #retrying = 0;
  #opening = 0;
  #looking = 0;

  /**
   * @param {(topic: Topic, name: string, data: string) => void} told
   * @param {(status: Status) => void} changed
   * @param {Surroundings} surroundings
   */
  constructor(told, changed, surroundings = REAL) {
    this.told = told;
    this.changed = changed;
    this.around = surroundings;
  }

  /**
   * Follow these and nothing else.
   * @param {Set<Topic>} topics
   * @param {boolean} [fresh] whether somebody has come who has nothing yet
   */
  want(topics, fresh = false) {
    const more = fresh || [...topics].some((topic) => !this.#wanted.has(topic));
    const less = [...this.#wanted].some((topic) => !topics.has(topic));
    this.#wanted = new Set(topics);
    if (!more && !less) return;
    this.around.never(this.#settling);
    this.#settling = this.around.later(() => this.#connect(), more ? SETTLE_MS.more : SETTLE_MS.less);
  }

  /** Something has changed that makes it worth while to try at once. */
  hurry() {
    if (this.status.state === "lost") this.#connect();
    else this.#look();
  }

  #connect() {
    this.around.never(this.#retrying);
    this.around.never(this.#opening);
    this.#next?.close();
    this.#next = null;
    if (!this.#wanted.size) return this.#close();
    const source = this.around.open(addressOf(this.#wanted));
    this.#next = source;
    this.#opening = this.around.later(() => this.#failed(source), OPENING_MS);
    if (this.status.state === "lost") this.#tell({ state: "connecting", retryAt: 0 });
    this.#listen(source);
    return undefined;
  }

  /** @param {EventSource} source */
  #listen(source) {
    let about = "";
    source.addEventListener("error", () => this.#failed(source));
    source.addEventListener("server", (event) => this.#opened(source, JSON.parse(event.data)));
    source.addEventListener("beat", (event) => source === this.#source && this.#heard(JSON.parse(event.data).at));
    source.addEventListener("about", (event) => (about = topicOf(JSON.parse(event.data))));
    for (const name of EVENTS)
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        this.#heard(name === "frame" ? Number(event.lastEventId) : NaN);
        this.told(name === "end" ? topicOf(JSON.parse(event.data)) : about, name, event.data);
      });
  }

  /** @param {EventSource} source @param {{server: string, static: string, beat_s: number, at: number}} about */
  #opened(source, about) {
    if (source !== this.#next) return;
    this.around.never(this.#opening);
    this.#source?.close();
    [this.#source, this.#next] = [source, null];
    this.#attempt = 0;
    this.#beatMs = about.beat_s * 1000;
    this.#lag.begin(about.at, this.around.now());
    this.status = { state: "live", retryAt: 0, heardAt: this.around.now(), lateMs: 0, server: about.server, version: about.static };
    this.changed(this.status);
    this.#watch();
  }

  /** @param {number} at the server's time of it, ms since 1970; NaN: not known */
  #heard(at) {
    const heardAt = this.around.now();
    this.#lag.arrived(at, heardAt);
    const lateMs = this.#lag.ms;
    if (this.status.state === "silent" || lateMs !== this.status.lateMs) this.#tell({ state: "live", heardAt, lateMs });
    else this.status.heardAt = heardAt;
  }

  #watch() {
    this.around.never(this.#looking);
    this.#looking = this.around.later(() => {
      this.#watch();
      this.#look();
    }, LOOK_MS);
  }

  /** Whether the connection is as alive as it says: a lost network is noticed by nobody else. */
  #look() {
    if (!this.#source) return;
    const silence = this.around.now() - this.status.heardAt;
    if (silence > DEAD_BEATS * this.#beatMs) this.#failed(this.#source);
    else if (silence > SILENT_BEATS * this.#beatMs && this.status.state === "live") this.#tell({ state: "silent" });
  }

  /** @param {EventSource} source */
  #failed(source) {
    source.close();
    if (source === this.#next) {
      this.around.never(this.#opening);
      this.#next = null;
    } else if (source === this.#source) {
      this.#source = null;
      this.around.never(this.#looking);
    } else return;
    if (this.#next) return;
    const wait = backoff(this.#attempt++, this.around.random());
    this.around.never(this.#retrying);
    this.#retrying = this.around.later(() => this.#connect(), wait);
    if (!this.#source) this.#tell({ state: "lost", retryAt: this.around.now() + wait });
  }

  /** Nobody looks. */
  #close() {
    this.#source?.close();
    this.#source = null;
    this.around.never(this.#looking);
    this.#tell({ state: "connecting", retryAt: 0 });
  }

  /** @param {Partial<Status>} change */
  #tell(change) {
    this.status = { ...this.status, ...change };
    this.changed(this.status);
  }
}

/** @param {{session?: string, race?: string}} about @returns {Topic} */
const topicOf = ({ session, race }) => (session === undefined ? `race:${race}` : `session:${session}`);
