// What a page follows: only while it is seen; and whether what it shows is current.

import { Decoder } from "./protocol.js";
import { Rhythm } from "./lag.js";
import { Link } from "./link.js";

/** @typedef {import("./wire.js").Status} Status */
/** @typedef {{revision: number, playing: boolean, reason: string, message: string | null, discarded_steps: number}} State */
/**
 * @typedef {object} Listener
 * @property {(topology: import("./protocol.js").Topology) => void} [topology]
 * @property {(frame: import("./protocol.js").Frame) => void} [frame]
 * @property {(state: State) => void} [state]
 * @property {(race: any) => void} [race]
 * @property {(state: Connection) => void} connection
 */
/**
 * @typedef {object} Connection
 * @property {Status["state"] | "gone"} state gone: the server does not know what is followed
 * @property {boolean} current whether what was told last is how things are
 * @property {number} retryAt ms since 1970
 * @property {number} heardAt when the server was last heard, ms since 1970; 0: never
 * @property {number} lateMs how late that was, ms; 0: in time
 * @property {boolean} overdue whether more should have come since
 * @property {boolean} restarted whether it is another server than before
 * @property {string} version of the server's static files; "": not known yet
 */

export class Stream {
  #link = new Link((told) => ("status" in told ? this.#status(told.status) : this.#event(told.name, told.data)));
  #decoder = new Decoder();
  #topology = "";
  #server = "";
  #ended = false;
  /** Whether what is newest has come since the connection was made, or the page was seen. */
  #synced = false;
  /** @type {Connection} */
  #connection = { state: "connecting", current: false, retryAt: 0, heardAt: 0, lateMs: 0, overdue: false, restarted: false, version: "" };
  #rhythm = new Rhythm();
  #overdue = 0;

  /**
   * @param {import("./wire.js").Topic} topic
   * @param {Listener} listener
   */
  constructor(topic, listener) {
    this.topic = topic;
    this.listener = listener;
  }

  open() {
    document.addEventListener("visibilitychange", () => this.#look());
    // A page that leaves, and may come back from the browser's memory, follows nothing meanwhile.
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.#look());
    addEventListener("online", () => this.hurry());
    this.#look();
  }

  /** Try at once. */
  hurry() {
    if (!this.#ended && !document.hidden) this.#link.want(this.topic, true);
  }

  #look() {
    if (document.hidden) this.#leave();
    else this.hurry();
  }

  #leave() {
    this.#link.want(null);
    this.#synced = false;
    this.#expect(0);
    this.#tell({ current: false });
  }

  /** Nothing more will come. */
  end() {
    this.#ended = true;
    this.#expect(0);
    this.#link.want(null);
  }

  /** @param {Status} status */
  #status({ state, retryAt, heardAt, lateMs, server, version }) {
    const restarted = Boolean(this.#server) && server !== this.#server;
    if (restarted) this.#decoder = new Decoder();
    if (restarted || state === "lost" || state === "connecting") {
      this.#synced = false;
      this.#expect(0);
    }
    this.#server = server;
    this.#tell({ state, retryAt, heardAt, lateMs, version, current: state === "live" && this.#synced && !lateMs && !this.#connection.overdue, restarted: restarted || this.#connection.restarted });
  }

  /** @param {string} name @param {string} data */
  #event(name, data) {
    this.#connection.heardAt = Date.now();
    if (name === "end") return this.#end(JSON.parse(data).found);
    if (name === "topology" && data !== this.#topology) {
      this.#topology = data;
      this.listener.topology?.(JSON.parse(data));
    }
    if (name === "state") this.#state(JSON.parse(data));
    if (name === "race") this.listener.race?.(JSON.parse(data));
    if (name === "frame") {
      const frame = this.#decoder.frame(data);
      if (frame) this.#expect(this.#rhythm.next(frame, Date.now()));
      if (frame) this.listener.frame?.(frame);
    }
    // Also a frame that is here already says that it is the newest.
    if (name === "frame" || name === "race") {
      this.#synced = true;
      this.#tell({ state: "live", current: !this.#connection.lateMs });
    }
    return undefined;
  }

  /** @param {number} ms within which the next frame should come; 0: none is expected */
  #expect(ms) {
    clearTimeout(this.#overdue);
    this.#tell({ overdue: false });
    if (ms) this.#overdue = setTimeout(() => this.#tell({ overdue: true, current: false }), ms);
  }

  /** @param {boolean} found */
  #end(found) {
    this.end();
    if (!found) this.#tell({ state: "gone", current: false });
  }

  /** @param {State} state */
  #state(state) {
    if (state.reason === "deleted") this.end();
    this.listener.state?.(state);
  }

  /** @param {Partial<Connection>} change */
  #tell(change) {
    const before = this.#connection;
    this.#connection = { ...before, ...change };
    if (Object.entries(change).some(([name, value]) => before[/** @type {keyof Connection} */ (name)] !== value)) this.listener.connection(this.#connection);
  }
}
