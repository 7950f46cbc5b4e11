// What the page says of its connection, and how it marks what may not be current: never by words alone.

import { refusalOf } from "./api.js";
import { settle, tell } from "../page/problem.js";
import { lose } from "./reach.js";
import { t } from "../words/texts.js";

/** @typedef {import("./stream.js").Connection} Connection */
/** @typedef {{text: string, when: string, act: [string, () => void] | null}} Said */

/** Shorter gaps heal unseen, ms; the mark on the numbers fades in after the same time. */
const GRACE_MS = 600;
/** How long it is said that the server was started again, ms. */
const RESTARTED_MS = 8000;
/** The version of the files that this page is made of. */
const OWN_VERSION = /\/static\/([^/]+)\//.exec(import.meta.url)?.[1] ?? "";

/** @param {number} since ms since 1970 */
const seconds = (since) => String(Math.max(1, Math.round(Math.abs(Date.now() - since) / 1000)));

/** What is shown was new some time ago, and newer is on its way. @param {Connection} connection */
const late = ({ lateMs, overdue }) => lateMs > 0 || overdue;

export class Sign {
  #box = /** @type {HTMLElement} */ (document.getElementById("connection"));
  #text = /** @type {HTMLElement} */ (document.getElementById("connection-text"));
  #when = /** @type {HTMLElement} */ (document.getElementById("connection-when"));
  #act = /** @type {HTMLButtonElement} */ (document.getElementById("connection-act"));
  /** @type {Connection | null} */
  #now = null;
  #toldRestart = false;
  #restartedAt = 0;
  #graceUntil = 0;
  #timer = 0;

  /** @param {{hurry: () => void, settings?: () => unknown}} ways to try at once, and what a new session would be made of */
  constructor(ways) {
    this.ways = ways;
    this.#act.addEventListener("click", () => this.#said()?.act?.[1]());
  }

  /** @param {Connection} connection */
  show(connection) {
    if (connection.state !== this.#now?.state) {
      this.#graceUntil = Date.now() + GRACE_MS;
      if (connection.state === "live") settle();
    }
    this.#now = connection;
    if (connection.restarted && connection.current && !this.#toldRestart) [this.#toldRestart, this.#restartedAt] = [true, Date.now()];
    if (connection.state === "lost") this.#toldRestart = false;
    lose(connection.state === "lost" || connection.state === "gone");
    document.body.dataset.connection = connection.state;
    document.body.toggleAttribute("data-stale", !connection.current);
    this.#draw();
  }

  #draw() {
    clearTimeout(this.#timer);
    const said = this.#said();
    this.#box.hidden = !said;
    if (said) {
      if (this.#text.textContent !== said.text) this.#text.textContent = said.text;
      this.#when.textContent = said.when;
      this.#act.hidden = !said.act;
      this.#act.textContent = said.act?.[0] ?? "";
    }
    const waits = this.#now?.state !== "live" || late(this.#now) || this.#restartedAt > 0;
    if (waits) this.#timer = setTimeout(() => this.#draw(), said ? 500 : GRACE_MS);
  }

  /** @returns {Said | null} */
  #said() {
    const now = this.#now;
    if (!now) return null;
    const age = now.heardAt && !now.current ? t("connection-age", { seconds: seconds(now.heardAt) }) : "";
    if (now.state === "gone") return { text: t("connection-gone"), when: "", act: this.ways.settings ? [t("connection-new"), () => this.#renew()] : null };
    if (now.state !== "live" && Date.now() < this.#graceUntil) return null;
    if (now.state === "connecting") return { text: t("connection-connecting"), when: age, act: null };
    if (now.state === "silent") return { text: t("connection-silent"), when: age, act: null };
    if (now.state === "lost") {
      const again = now.retryAt > Date.now() ? t("connection-retry", { seconds: seconds(now.retryAt) }) : t("connection-trying");
      return { text: t("connection-lost"), when: `${again} ${age}`, act: [t("connection-now"), this.ways.hurry] };
    }
    if (late(now)) return { text: t("connection-slow"), when: t("connection-age", { seconds: seconds(now.heardAt - now.lateMs) }), act: null };
    if (now.version && now.version !== OWN_VERSION) return { text: t("connection-updated"), when: "", act: [t("connection-reload"), () => location.reload()] };
    if (Date.now() - this.#restartedAt < RESTARTED_MS) return { text: t("connection-restarted"), when: "", act: null };
    this.#restartedAt = 0;
    return null;
  }

  /** A new session with the same settings. */
  async #renew() {
    const body = JSON.stringify(this.ways.settings?.() ?? {});
    const answer = await fetch("/api/sessions", { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body }).catch(() => null);
    if (!answer) return tell(t("problem-server"));
    const content = await answer.json().catch(() => null);
    if (!answer.ok) return tell(refusalOf(answer.status, content).message);
    return location.assign(new URL(content.id + location.search, location.href));
  }
}

/** Forms that the page sends in pieces are refused too, and keep what was typed. */
export function guardForms() {
  document.addEventListener("htmx:before:request", (event) => {
    const method = /** @type {any} */ (event).detail?.ctx?.request?.method?.toUpperCase?.();
    if (method === "GET" || !document.body.matches('[data-connection="lost"], [data-connection="gone"]')) return;
    event.preventDefault();
    tell(t("problem-not-sent"));
  });
  document.addEventListener("htmx:error", () => tell(t("problem-server")));
}
