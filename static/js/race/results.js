// What a race has found: mean curves with the spread over the seeds, angles by layer, and a table.

import { brief, number, percent } from "../words/format.js";
import { t } from "../words/texts.js";
import { band, Chart, key } from "./chart.js";

/** @typedef {{feedback: string, seed: number, epochs: number[], accuracy: {train: (number | null)[], test: (number | null)[]}, cost: {train: (number | null)[], test: (number | null)[]}, angles: {layer: number, degrees: (number | null)[]}[]}} Run */
/** @typedef {{mean: number | null, least: number | null, most: number | null, deviation: number | null}} Spread */
/** @typedef {{feedback: string, runs: number, not_finite: number, cost: {train: Spread | null, test: Spread | null}, accuracy: {train: Spread | null, test: Spread | null}, angles: (Spread & {layer: number})[]}} Standing */
/** @typedef {{state: string, message: string | null, progress: number, seconds: number, feedbacks: string[], summary: Standing[], runs: Run[]}} Race */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} feedback */
const named = (feedback) => t(`option-feedback-${feedback}`);

export class Results {
  /** @type {Partial<Record<"accuracy" | "cost", Chart>>} */
  #curves = {};
  /** @type {Chart[]} */
  #angles = [];

  /** @param {Omit<Race, "runs">} race where it stands */
  stand({ state, progress, seconds, message }) {
    byId("race-state").textContent = t(`race-state-${state}`);
    byId("race-seconds").textContent = seconds ? `${seconds.toFixed(1)} s` : "";
    /** @type {HTMLProgressElement} */ (byId("race-progress")).value = progress;
    // Whoever only watches has no button to cancel it.
    document.getElementById("race-cancel")?.toggleAttribute("hidden", !["waiting", "running"].includes(state));
    byId("race-message").hidden = !message;
    byId("race-message").textContent = message ?? "";
  }

  /** @param {Race} race */
  draw(race) {
    this.stand(race);
    const part = race.runs.some((run) => run.accuracy.test.some((x) => x !== null)) ? "test" : "train";
    const classified = race.runs.some((run) => run.accuracy.train.some((x) => x !== null));
    byId("race-accuracy").hidden = !classified;
    if (classified) this.#drawCurves(race, "accuracy", part);
    this.#drawCurves(race, "cost", part);
    this.#drawAngles(race);
    this.#legend(race.feedbacks);
    this.#table(race.summary);
  }

  /** @param {Race} race @param {"accuracy" | "cost"} what @param {"train" | "test"} part */
  #drawCurves(race, what, part) {
    const figure = byId(`race-${what}`);
    /** @type {HTMLElement} */ (figure.querySelector("h2")).textContent = t(`race-${what}-${part}`);
    const chart = (this.#curves[what] ??= new Chart(/** @type {HTMLElement} */ (figure.querySelector("div")), race.feedbacks, { high: what === "accuracy" ? 1 : null, height: 250, write: what === "accuracy" ? (x) => `${brief(100 * x)}\u00a0%` : brief }));
    chart.draw(race.feedbacks.map((feedback) => band(of(race, feedback).map((run) => run[what][part]))));
  }

  /** @param {Race} race */
  #drawAngles(race) {
    const layers = race.runs[0]?.angles.map(({ layer }) => layer) ?? [];
    const box = byId("race-angles");
    while (this.#angles.length < layers.length) {
      const layer = layers[this.#angles.length];
      const [figure, title, place] = [document.createElement("figure"), document.createElement("figcaption"), document.createElement("div")];
      title.textContent = t("race-angle", { layer: String(layer) });
      place.className = "race-chart";
      figure.append(title, place);
      box.append(figure);
      this.#angles.push(new Chart(place, race.feedbacks, { high: 180, height: layers.length > 1 ? 150 : 300, write: (x) => `${x}°` }));
    }
    for (const [i, chart] of this.#angles.entries()) chart.draw(race.feedbacks.map((feedback) => band(of(race, feedback).map((run) => run.angles[i]?.degrees ?? []))));
  }

  /** @param {string[]} feedbacks */
  #legend(feedbacks) {
    const box = byId("race-legend");
    if (box.childElementCount === feedbacks.length) return;
    box.replaceChildren(
      ...feedbacks.map((feedback, i) => {
        const item = document.createElement("span");
        item.className = "race-key";
        item.append(key(i), named(feedback));
        return item;
      }),
    );
  }

  /** @param {Standing[]} summary */
  #table(summary) {
    const layers = summary[0]?.angles.map(({ layer }) => layer) ?? [];
    const heads = ["race-table-operator", "race-table-accuracy", "race-table-cost", "race-table-runs"].map((id) => t(id));
    const head = row("th", [heads[0], heads[1], heads[2], ...layers.map((layer) => t("race-table-angle", { layer: String(layer) })), heads[3]]);
    const rows = summary.map((one) => {
      const made = row("td", [
        named(one.feedback),
        spread(one.accuracy.test ?? one.accuracy.train, percent),
        spread(one.cost.test ?? one.cost.train, (x) => number(x)),
        ...layers.map((_, i) => spread(one.angles[i]?.mean === null ? null : one.angles[i], (x) => `${x.toFixed(1)}°`)),
        one.not_finite ? t("race-not-finite", { runs: one.runs, broken: one.not_finite }) : String(one.runs),
      ]);
      made.dataset.feedback = one.feedback;
      made.dataset.accuracy = String(one.accuracy.test?.mean ?? one.accuracy.train?.mean ?? "");
      return made;
    });
    byId("race-table").replaceChildren(head, ...rows);
    byId("race-broken").hidden = summary.every((one) => !one.not_finite);
  }
}

/** @param {Race} race @param {string} feedback */
const of = (race, feedback) => race.runs.filter((run) => run.feedback === feedback);

/** @param {Spread | null | undefined} of_ @param {(x: number) => string} write */
function spread(of_, write) {
  if (!of_ || of_.mean === null) return "–";
  const mean = write(of_.mean);
  const ends = [of_.least, of_.most].map((x) => (x === null ? mean : write(x)));
  return ends.every((one) => one === mean) ? mean : `${mean} (${ends.join(" – ")})`;
}

/** @param {"th" | "td"} tag @param {string[]} cells */
function row(tag, cells) {
  const made = document.createElement("tr");
  for (const [i, words] of cells.entries()) {
    const cell = document.createElement(tag === "th" || i === 0 ? "th" : "td");
    const [mean, range] = tag === "td" && i ? words.split(/ (?=\()/) : [words];
    cell.textContent = mean;
    if (range) cell.append(" ", Object.assign(document.createElement("small"), { textContent: range }));
    cell.setAttribute("scope", tag === "th" ? "col" : "row");
    if (cell.tagName === "TD") cell.removeAttribute("scope");
    made.append(cell);
  }
  return made;
}
