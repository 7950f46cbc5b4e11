// Calls of the API. A refusal is an error whose message is the server's own sentence.

import { isLost, whileReached } from "./reach.js";
import { t } from "../words/texts.js";

/** Whether this page may only watch the session: the server says so, and refuses what changes it. */
export const watching = () => globalThis.document?.body.hasAttribute("data-watching") ?? false;

export class Refusal extends Error {
  /**
   * @param {string} sentence
   * @param {number} status 0: the server was not reached
   * @param {{loc: (string | number)[], msg: string}[]} errors
   */
  constructor(sentence, status, errors = []) {
    super(sentence);
    this.status = status;
    this.errors = errors;
  }
}

/**
 * The sentence in an answer that refuses.
 * @param {number} status
 * @param {unknown} body
 * @returns {Refusal}
 */
export function refusalOf(status, body) {
  const problem = /** @type {{detail?: string, title?: string, errors?: {loc: (string | number)[], msg: string}[]}} */ (
    typeof body === "object" && body !== null ? body : {}
  );
  const sentence = problem.detail || problem.title || `The server answered ${status}.`;
  return new Refusal(sentence, status, problem.errors ?? []);
}

/** Calls that leave the session as it is, although they send something. */
const LEAVING = ["/predict", "/nudge", "/what-if", "/fork"];

/** One session, by its URL. */
export class Api {
  /** What allows to change the session, where the page keeps no cookie. */
  token = "";

  /** @param {string} url as `/api/sessions/…` */
  constructor(url) {
    this.url = url;
  }

  /**
   * @param {string} method
   * @param {string} path after the session's URL
   * @param {unknown} [body]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async call(method, path, body, signal) {
    /** @type {RequestInit} */
    const request = { method, headers: { accept: "application/json", ...(this.token && { "blameflow-control": this.token }) } };
    const writes = method !== "GET" && !LEAVING.includes(path);
    if (writes && watching()) throw new Refusal(t("watching-refusal"), 403);
    if (writes && isLost()) throw new Refusal(t("problem-not-sent"), 0);
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers = { ...request.headers, "content-type": "application/json" };
    }
    const reached = whileReached();
    request.signal = AbortSignal.any(signal ? [signal, reached] : [reached]);
    let answer;
    try {
      answer = await fetch(this.url + path, request);
    } catch (error) {
      if (reached.aborted) throw new Refusal(t(writes ? "problem-unanswered" : "problem-server"), 0);
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Refusal(t("problem-server"), 0);
    }
    const content = answer.status === 204 ? null : await answer.json().catch(() => null);
    if (!answer.ok) throw refusalOf(answer.status, content);
    return content;
  }

  /** @param {"phase" | "step" | "epoch"} unit */
  step(unit) {
    return this.call("POST", "/step", { unit });
  }

  /** @param {"phase" | "step" | "epoch"} unit */
  back(unit) {
    return this.call("POST", "/back", { unit });
  }

  /** @param {import("../phases.js").Cursor} cursor */
  seek({ step, phase, layer }) {
    if (step === 0) return this.call("POST", "/seek", { step: 0 });
    return this.call("POST", "/seek", layer === null ? { step, phase } : { step, phase, layer });
  }

  /** @param {{unit: "phase" | "step", per_second: number}} pace */
  play(pace) {
    return this.call("POST", "/play", pace);
  }

  pause() {
    return this.call("POST", "/pause");
  }

  /** @param {Record<string, unknown>} settings */
  change(settings) {
    return this.call("PATCH", "", settings);
  }

  /** @param {{weights?: object[], biases?: object[]}} edits */
  edit(edits) {
    return this.call("PATCH", "/parameters", edits);
  }

  /** @param {string} [query] */
  trace(query = "") {
    return this.call("GET", `/trace${query}`);
  }

  /** @param {{what: "weight" | "bias" | "activation", layer: number, j: number, k?: number, by: number}} nudge */
  nudge(nudge) {
    return this.call("POST", "/nudge", nudge);
  }

  view() {
    return this.call("GET", "");
  }

  /** The visitor's own sessions. @returns {Promise<{id: string}[]>} */
  listing() {
    return new Api(this.url.replace(/\/[^/]*$/, "")).call("GET", "");
  }

  /** A session with the same run up to the end of a step. @param {number} step @returns {Promise<Api & {id: string}>} */
  async fork(step) {
    const { id, url } = await this.call("POST", "/fork", { step });
    return Object.assign(new Api(url), { id: String(id) });
  }

  /** Delete a session that nobody has gone on in since it was forked. @param {string} id */
  async forget(id) {
    await fetch(this.url.replace(/[^/]*$/, id), { method: "DELETE", headers: { "if-match": '"1"' } }).catch(() => null);
  }

  /** @param {number} points */
  history(points) {
    return this.call("GET", `/history?points=${points}`);
  }

  /** @param {number} resolution @param {AbortSignal} [signal] */
  responseMaps(resolution, signal) {
    return this.call("GET", `/response-maps?resolution=${resolution}`, undefined, signal);
  }
}
