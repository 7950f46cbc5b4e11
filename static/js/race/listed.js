// A race in the list of one's own: what is raced, when it was begun, and what came of it, so that two alike can be told apart.

import { brief, percent } from "../words/format.js";
import { t } from "../words/texts.js";

const pages = document.body.dataset.pages ?? "";

/** @param {string} created ISO @returns {string} with the day where it is another */
export function when(created) {
  const at = new Date(created);
  const today = at.toDateString() === new Date().toDateString();
  return today ? at.toLocaleTimeString() : at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/** @param {string} name */
const operator = (name) => t(`option-feedback-${name}`);

/** @param {any} race @returns {HTMLLIElement} */
export function listed(race) {
  const [item, link, more] = [document.createElement("li"), document.createElement("a"), document.createElement("small")];
  const { layers, dataset, optimizer } = race.config;
  link.href = `${pages}/${race.id}`;
  link.textContent = t("race-listed", { layers: layers.join(", "), operators: race.feedbacks.map(operator).join(", ") });
  const facts = [
    ...(race.created ? [when(race.created)] : []),
    dataset.name ?? t("race-inline"),
    t("race-listed-seeds", { count: race.seeds.length }),
    t("race-listed-epochs", { count: race.epochs }),
    t("race-listed-rate", { rate: brief(optimizer.learning_rate) }),
    ...best(race.summary),
  ];
  more.textContent = facts.join(" · ");
  item.append(link, ` · ${t(`race-state-${race.state}`)}`, more);
  return item;
}

/** The operator that has come furthest, where there is something to be right about. @param {import("./results.js").Standing[]} summary */
function best(summary) {
  const reached = summary.flatMap(({ feedback, accuracy }) => {
    const mean = (accuracy.test ?? accuracy.train)?.mean;
    return mean === null || mean === undefined ? [] : [{ feedback, mean }];
  });
  if (!reached.length) return [];
  const first = reached.reduce((one, other) => (other.mean > one.mean ? other : one));
  return [t("race-listed-best", { operator: operator(first.feedback), accuracy: percent(first.mean) })];
}
