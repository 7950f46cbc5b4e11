// The pages of races: prepare one, and follow one until it is over; a reload goes on where it was.

import { Refusal, refusalOf } from "../server/api.js";
import { Sign } from "../server/connection.js";
import { Stream } from "../server/stream.js";
import { t } from "../words/texts.js";
import { listed, when } from "./listed.js";
import { Results } from "./results.js";

const { api, pages, race } = /** @type {{api: string, pages: string, race: string}} */ (/** @type {unknown} */ (document.body.dataset));
/** While it runs the curves are read at most so often, ms. */
const READ_MS = 700;
/** A server that is away is asked again so often, ms. */
const ASK_MS = 2000;

/** @param {string} id */
const byId = (id) => document.getElementById(id);

/** @param {string} words */
function refuse(words) {
  const place = byId("race-message");
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function call(method, path, body) {
  const answer = await fetch(path, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body ? JSON.stringify(body) : null }).catch(() => null);
  if (!answer) throw new Error(t("race-lost"));
  const content = await answer.json();
  if (!answer.ok) throw refusalOf(answer.status, content);
  return content;
}

// --- preparing

function prepare() {
  const form = /** @type {HTMLFormElement | null} */ (byId("race-form"));
  if (!form) return;
  const chosen = () => /** @type {HTMLInputElement} */ (form.querySelector("input[name=entry]:checked"));
  const numbers = { seeds: /** @type {HTMLInputElement} */ (form.elements.namedItem("seeds")), epochs: /** @type {HTMLInputElement} */ (form.elements.namedItem("epochs")) };
  const fill = () => {
    const { feedbacks, seeds, epochs } = JSON.parse(chosen().dataset.body ?? "{}");
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=feedback]"))) box.checked = feedbacks.includes(box.value);
    numbers.seeds.value = String(seeds.length);
    numbers.epochs.value = String(epochs);
  };
  form.addEventListener("change", (event) => event.target instanceof HTMLInputElement && event.target.name === "entry" && fill());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refuse("");
    const { session } = JSON.parse(chosen().dataset.body ?? "{}");
    const feedbacks = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=feedback]:checked"))].map((box) => box.value);
    const seeds = Array.from({ length: Number(numbers.seeds.value) }, (_, i) => i + 1);
    try {
      const made = await call("POST", api, { session, feedbacks, seeds, epochs: Number(numbers.epochs.value) });
      location.assign(`${pages}/${made.id}`);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
      if (!(error instanceof Refusal)) untilReached();
    }
  });
  addEventListener("offline", untilReached);
  fill();
  list().catch(untilReached);
}

/** Say that the server cannot be reached for as long as that is so; the form stays as it is. */
async function untilReached() {
  refuse(t("race-lost"));
  while (await list().then(() => false, () => true)) await new Promise((done) => setTimeout(done, ASK_MS));
  refuse("");
}

/** This visitor's own races. */
async function list() {
  const place = byId("race-list");
  const own = await call("GET", api);
  place?.replaceChildren(...own.map(listed));
  if (place && !own.length) place.textContent = t("race-none");
}

// --- following

function follow() {
  const results = new Results();
  const created = /** @type {HTMLTimeElement | null} */ (byId("race-created"));
  if (created) created.textContent = when(created.dateTime);
  let [readAt, timer] = [0, 0];
  const read = async () => {
    readAt = performance.now();
    const whole = await call("GET", `${api}/${race}`).catch(() => null);
    if (whole) results.draw(whole);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(read, Math.max(0, readAt + READ_MS - performance.now()));
  };
  const stream = new Stream(`race:${race}`, {
    race(short) {
      results.stand(short);
      soon();
      if (!["done", "cancelled", "failed"].includes(short.state)) return;
      stream.end();
      read();
    },
    connection: (connection) => sign.show(connection),
  });
  const sign = new Sign({ hurry: () => stream.hurry() });
  stream.open();
  byId("race-cancel")?.addEventListener("click", async () => {
    await call("DELETE", `${api}/${race}`).catch((error) => refuse(String(error.message ?? error)));
    read();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", read);
  read();
}

if (race) follow();
else prepare();
