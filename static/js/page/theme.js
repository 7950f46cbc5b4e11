// Light or dark: by the system until somebody switches, and then remembered.

import { forgetColours } from "../picture/colours.js";
import { remember } from "./memory.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark"} */
function current() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light";
}

/** @param {() => void} changed what is painted on canvases has to be painted again */
export function start(changed) {
  const button = document.getElementById("theme");
  const tell = () => {
    forgetColours();
    button?.setAttribute("aria-pressed", String(current() === "dark"));
    changed();
  };
  button?.setAttribute("aria-pressed", String(current() === "dark"));
  button?.addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    const system = dark.matches ? "dark" : "light";
    // Back at the system's own theme there is nothing to remember: it may change with the time of day.
    if (next === system) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    remember("theme", next === system ? null : next);
    tell();
  });
  dark.addEventListener("change", tell);
}
