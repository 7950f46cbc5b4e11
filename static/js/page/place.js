// Keeps the address saying what is on view, so that it can be copied at any time; and takes up what the address said.

import { read, samePoint, write } from "./address.js";
import { targetNamed } from "../picture/focus.js";
import { notation } from "../words/notation.js";
import { nameOf } from "../picture/pointing.js";
import { customary } from "../picture/quantities.js";
import { count, say, t } from "../words/texts.js";
import { nodes } from "../words/typeset.js";

/** @typedef {import("../store.js").Seen} Seen */
/** @typedef {import("../phases.js").Cursor} Cursor */
/** @typedef {{table: import("../picture/table.js").Table, matrix: import("../matrix/panel.js").MatrixPanel}} Rooms */

/** The address is written so often at most, ms: browsers stop pages that do it all the time. */
const CALM_MS = 500;
/** What connections and neurons can show. */
const CONNECTIONS = ["weight", "sent", "charged", "ledger"];
const NEURONS = ["a", "z", "sigma_prime", "delta", "b"];
const USUAL_NEURONS = "a";
const USUAL_NOTATION = "columns";

export class Place {
  #timer = 0;
  /** @type {Seen | null} */
  #seen = null;
  #came = read(location.search);

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../run/transport.js").Transport} transport
   * @param {import("../picture/pointing.js").Pointing} pointing
   * @param {Rooms} [rooms] what a frame does not have
   */
  constructor(store, transport, pointing, rooms) {
    this.store = store;
    this.transport = transport;
    this.pointing = pointing;
    this.rooms = rooms;
    pointing.onPinned = () => this.changed();
    document.getElementById("transport")?.addEventListener("change", () => this.changed());
    store.onDraw((seen) => {
      const first = this.#seen === null;
      this.#seen = seen;
      if (first) this.#arrive(seen);
      this.changed();
    });
  }

  /** What is on view has changed: the address will say so in a moment. */
  changed() {
    if (this.#timer || !this.#seen) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#write();
    }, CALM_MS);
  }

  /** Whether there is anything on view. */
  get ready() {
    return this.#seen !== null;
  }

  /** The point on view, and the revision of the session that it belongs to. */
  get moment() {
    const { cursor, frame } = /** @type {Seen} */ (this.#seen);
    return { point: cursor, revision: frame.revision };
  }

  /** @returns {import("./address.js").Address} what is on view */
  get now() {
    const { body, documentElement } = document;
    const { connections, neurons, focus } = this.store.choice;
    const seen = /** @type {Seen} */ (this.#seen);
    return {
      present: body.hasAttribute("data-present"),
      embed: body.hasAttribute("data-embed"),
      theme: documentElement.dataset.theme ?? "",
      hide: (body.dataset.hide ?? "").split(" ").filter(Boolean),
      connections: connections === customary(seen.cursor) ? "" : connections,
      neurons: neurons === USUAL_NEURONS ? "" : neurons,
      notation: notation.name === USUAL_NOTATION ? "" : notation.name,
      focus: nameOf(focus),
      pinned: this.pointing.pinned.map(nameOf).join(","),
      view: this.rooms?.table.shown ? "table" : "",
      ...(this.rooms?.matrix.address ?? { matrix: "", question: "" }),
      ...this.transport.pace,
      point: seen.cursor,
    };
  }

  #write() {
    const search = write(this.now);
    if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
  }

  /** The first frame is there: now the address can be followed. @param {Seen} seen */
  #arrive(seen) {
    const { connections, neurons, focus, pinned, point, unit, speed } = this.#came;
    const target = targetNamed(focus, seen.topology.layers);
    const choice = /** @type {Partial<import("../store.js").Choice>} */ ({
      ...(CONNECTIONS.includes(connections) && { connections }),
      ...(NEURONS.includes(neurons) && { neurons }),
      ...(target && { focus: target }),
    });
    if (Object.keys(choice).length) this.store.choose(choice);
    for (const name of pinned.split(",").reverse()) {
      const one = targetNamed(name, seen.topology.layers);
      if (one) this.pointing.pin(one);
    }
    if (unit || speed) this.transport.arrive(unit, speed);
    if (this.#came.view === "table") this.rooms?.table.show(true);
    this.rooms?.matrix.arrive(this.#came);
    const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    // Who reloads or comes back follows the session; who opens a link is told where it was made.
    if (point && entry?.type === "navigate" && !samePoint(point, seen.frame.cursor)) this.#offer(point, seen);
  }

  /**
   * The session is elsewhere by now. It may be somebody else's: it is moved only by whoever says so.
   * @param {Cursor} point
   * @param {Seen} seen
   */
  #offer(point, { frame, phases }) {
    const box = document.getElementById("moment");
    const words = document.getElementById("moment-text");
    const known = point.phase === "update" || phases.some(({ phase, layer }) => phase === point.phase && layer === point.layer);
    if (!box || !words || !known || document.body.hasAttribute("data-embed")) return;
    const there = point.step <= frame.lastStep;
    const given = { where: where(point), now: count(frame.cursor.step), last: count(frame.lastStep) };
    words.replaceChildren(...nodes(say(there ? "moment" : "moment-gone", given)));
    const copy = /** @type {HTMLAnchorElement} */ (document.getElementById("moment-copy"));
    const go = /** @type {HTMLElement} */ (document.getElementById("moment-go"));
    copy.hidden = go.hidden = !there;
    copy.href = `${location.pathname}/copy${write({ ...this.#came, point })}`;
    go.addEventListener("click", () => {
      box.hidden = true;
      this.transport.run((api) => api.seek(point));
    });
    document.getElementById("moment-close")?.addEventListener("click", () => (box.hidden = true));
    box.hidden = false;
  }
}

/** @param {Cursor} point @returns {string} in words */
function where({ step, phase, layer }) {
  if (phase === "update") return t("moment-end-of-step", { step: count(step) });
  return t("moment-in-step", { step: count(step), phase: t(`line-${phase}`, { layer: String(layer) }) });
}
