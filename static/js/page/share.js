// Links to what is on view: one that follows the session (and, where it is somebody's, one to control it), one to a copy at this moment, one that carries the session itself.

import { Refusal } from "../server/api.js";
import { settled, write } from "./address.js";
import { t } from "../words/texts.js";

/** @typedef {"live" | "control" | "moment" | "carried" | "frame"} Way */

/** Names by which only this computer knows itself. */
const OWN = /^(localhost|127\.|\[::1\])/;
/** How long it is said that the link was copied, ms. */
const SAID_MS = 2500;
const FRAME = { width: 800, height: 500 };

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * An address with what is shown behind it.
 * @param {string} address with or without parameters
 * @param {string} search with its question mark, or ""
 */
export const joined = (address, search) => (address.includes("?") && search ? `${address}&${search.slice(1)}` : address + search);

/**
 * A frame for a web page.
 * @param {string} address
 * @param {string} title
 */
export const framed = (address, title) =>
  `<iframe src="${address.replaceAll("&", "&amp;")}" width="${FRAME.width}" height="${FRAME.height}" title="${title.replaceAll('"', "&quot;")}"></iframe>`;

export class Share {
  #dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("share"));
  /** @type {Map<string, string>} moments that were kept, by what was on view */
  #kept = new Map();
  #turn = 0;
  #timer = 0;

  /**
   * @param {import("../server/api.js").Api} api
   * @param {import("./place.js").Place} place
   */
  constructor(api, place) {
    this.api = api;
    this.place = place;
    document.getElementById("open-share")?.addEventListener("click", () => this.open());
    if (!this.#dialog) return;
    const dialog = this.#dialog;
    byId("close-share").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("change", () => this.#make());
    byId("share-copy").addEventListener("click", () => this.#copy());
    byId("share-text").addEventListener("focus", (event) => /** @type {HTMLTextAreaElement} */ (event.target).select());
  }

  open() {
    if (!this.#dialog || !this.place.ready) return;
    this.#dialog.showModal();
    this.#make();
  }

  /** @returns {Way} */
  get #way() {
    return /** @type {Way} */ (/** @type {HTMLInputElement} */ (this.#dialog?.querySelector("input[name=way]:checked")).value);
  }

  /** What is shown, as far as it is to be in the link. @param {Partial<import("./address.js").Address>} change */
  #search(change) {
    const asSeen = /** @type {HTMLInputElement} */ (byId("share-as-seen")).checked;
    return write({ ...(asSeen ? this.place.now : {}), embed: false, point: null, ...change });
  }

  async #make() {
    const [turn, way] = [++this.#turn, this.#way];
    const field = /** @type {HTMLTextAreaElement} */ (byId("share-text"));
    field.value = "";
    let [text, refusal] = ["", ""];
    try {
      text = await this.#text(way);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error.message;
    }
    // Another way may have been chosen meanwhile.
    if (turn !== this.#turn) return;
    field.value = text;
    byId("share-copy").toggleAttribute("disabled", !text);
    byId("share-reason").textContent = refusal;
    byId("share-refusal").hidden = !refusal;
    this.#say(refusal ? "" : this.#note(way));
  }

  /** @param {Way} way @returns {Promise<string>} */
  async #text(way) {
    const here = location.origin + location.pathname;
    if (way === "live") return joined(here, this.#search({}));
    if (way === "control") return joined(here, this.#search({})) + (this.#dialog?.dataset.after ?? "");
    if (way === "moment") return this.#moment();
    const { url } = await this.api.call("GET", "/link");
    if (way === "carried") return joined(location.origin + url, this.#search({}));
    return framed(joined(location.origin + url, this.#search({ embed: true, present: false })), document.title);
  }

  /** A copy is put aside at this moment, so that the link leads to it whatever becomes of the session. */
  async #moment() {
    const { revision, point } = this.place.moment;
    const name = `${revision} ${point.step} ${point.phase} ${point.layer}`;
    const { step, phase, layer } = settled(point);
    const at = step === 0 ? { step } : layer === null ? { step, phase } : { step, phase, layer };
    const id = this.#kept.get(name) ?? (await this.api.call("POST", "/fork", at)).id;
    this.#kept.set(name, id);
    return String(new URL(`${id}/copy${this.#search({ point })}`, location.href));
  }

  /** @param {Way} way */
  #note(way) {
    const own = OWN.test(location.hostname) ? t("share-own-computer") : "";
    return [t(`share-${way}-lasts`), own].filter(Boolean).join(" ");
  }

  /** @param {string} words */
  #say(words) {
    clearTimeout(this.#timer);
    byId("share-note").textContent = words;
  }

  async #copy() {
    const field = /** @type {HTMLTextAreaElement} */ (byId("share-text"));
    field.select();
    // The clipboard is for secure pages only; elsewhere the old way may do, else it is selected for copying by hand.
    const copied = await (navigator.clipboard?.writeText(field.value).then(() => true, () => false) ?? document.execCommand("copy"));
    this.#say(t(copied ? "share-copied" : "share-selected"));
    this.#timer = setTimeout(() => this.#say(this.#note(this.#way)), SAID_MS);
  }
}
