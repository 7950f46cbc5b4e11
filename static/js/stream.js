// The stream of a session: one EventSource per page, closed while the page is hidden, opened again when it is seen.

import { Decoder } from "./protocol.js";

/**
 * @typedef {object} Listener
 * @property {(topology: import("./protocol.js").Topology) => void} topology
 * @property {(frame: import("./protocol.js").Frame) => void} frame
 * @property {(state: {revision: number, playing: boolean, reason: string, message: string | null, discarded_steps: number}) => void} state
 * @property {(connected: boolean) => void} connection
 */

/** A connection is called lost after so long without one, ms: shorter gaps heal unseen. */
const LOST_MS = 2500;
/** An EventSource that was refused does not try again by itself; this does, ms. */
const RETRY_MS = 3000;

export class Stream {
  /** @type {EventSource | null} */
  #source = null;
  #decoder = new Decoder();
  #lostTimer = 0;
  #retryTimer = 0;
  #ended = false;

  /**
   * @param {string} url
   * @param {Listener} listener
   */
  constructor(url, listener) {
    this.url = url;
    this.listener = listener;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.open()));
    // A page that leaves, and may come back from the browser's memory, holds no connection meanwhile.
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  open() {
    if (this.#source || this.#ended || document.hidden) return;
    const source = new EventSource(this.url);
    this.#source = source;
    source.addEventListener("open", () => this.#found());
    source.addEventListener("error", () => this.#failed(source));
    source.addEventListener("topology", (event) => this.listener.topology(JSON.parse(event.data)));
    source.addEventListener("frame", (event) => {
      const frame = this.#decoder.frame(event.data);
      if (frame) this.listener.frame(frame);
    });
    source.addEventListener("state", (event) => this.#state(JSON.parse(event.data)));
  }

  /** @param {{revision: number, playing: boolean, reason: string, message: string | null, discarded_steps: number}} state */
  #state(state) {
    if (state.reason === "deleted") this.end();
    this.listener.state(state);
  }

  /** Nothing more will come: the session is gone. */
  end() {
    this.#ended = true;
    this.#close();
  }

  #close() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#lostTimer);
    clearTimeout(this.#retryTimer);
    this.#lostTimer = 0;
  }

  #found() {
    clearTimeout(this.#lostTimer);
    this.#lostTimer = 0;
    this.listener.connection(true);
  }

  /** @param {EventSource} source */
  #failed(source) {
    if (source !== this.#source) return;
    this.#lostTimer ||= setTimeout(() => this.listener.connection(false), LOST_MS);
    if (source.readyState !== EventSource.CLOSED) return;
    this.#source = null;
    this.#retryTimer = setTimeout(() => this.open(), RETRY_MS);
  }
}
