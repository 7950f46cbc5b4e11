// The frame around the picture: panels that fold, sheets on a phone, and a picture made for the room there is.

/** Waits for the end of resizing, ms. */
const SETTLED_MS = 120;
/** Smaller differences are left to scaling, px. */
const NEAR = 2;

/**
 * @param {() => void} refitted called when the server's new picture stands in the page
 * @param {(width: number, height: number) => number} [enlarged] by how much the picture is larger than the stage it is made for
 */
export function fit(refitted, enlarged = () => 1) {
  const stage = /** @type {HTMLElement} */ (document.getElementById("stage"));
  let timer = 0;
  let asked = "";

  async function look() {
    const svg = stage.querySelector("svg#network");
    if (!(svg instanceof SVGSVGElement)) return;
    const scale = enlarged(stage.clientWidth, stage.clientHeight);
    const [width, height] = [Math.round(stage.clientWidth / scale), Math.round(stage.clientHeight / scale)];
    const near = Math.abs(Number(svg.dataset.width) - width) <= NEAR && Math.abs(Number(svg.dataset.height) - height) <= NEAR;
    const size = `${width}x${height}`;
    // The server may refuse to go as small as the room is: then one answer for a size is enough.
    if (near || width < 10 || height < 10 || asked === size) return;
    asked = size;
    try {
      const answer = await fetch(`${stage.dataset.sceneUrl}?width=${width}&height=${height}`);
      if (!answer.ok || asked !== size) return;
      const focused = document.activeElement?.closest("#network, #timeline") ? document.activeElement.id : "";
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["network", "timeline"]) {
        const next = made.getElementById(id);
        if (next) document.getElementById(id)?.replaceWith(document.adoptNode(next));
      }
      refitted();
      // Who stood on a neuron or a phase stands there still.
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    } catch {
      // Without an answer the picture stays scaled; the stream says if the server is gone.
      asked = "";
    }
  }

  new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED_MS);
  }).observe(stage);
  look();
}

export function sheets() {
  const tabs = document.getElementById("tabs");
  const show = (/** @type {string} */ sheet) => {
    document.body.dataset.sheet = sheet === "network" ? "" : sheet;
    for (const button of tabs?.querySelectorAll("button") ?? [])
      button.setAttribute("aria-pressed", String(button.dataset.sheet === sheet));
    // Charts and maps measure themselves again.
    dispatchEvent(new Event("resize"));
  };
  tabs?.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button instanceof HTMLElement && button.dataset.sheet) show(button.dataset.sheet);
  });
}

/** What the server refuses of a form is seen, also where its field is the lowest of what shows. */
export function refusals() {
  document.addEventListener("htmx:after:swap", () => document.querySelector("form .refusal")?.scrollIntoView({ block: "nearest" }));
}

export function folding() {
  const fold = (/** @type {boolean} */ folded) => {
    document.body.dataset.left = folded ? "folded" : "";
    document.getElementById(folded ? "unfold-left" : "fold-left")?.focus({ preventScroll: true });
  };
  document.getElementById("fold-left")?.addEventListener("click", () => fold(true));
  document.getElementById("unfold-left")?.addEventListener("click", () => fold(false));
}

/** On a phone the menu stands for buttons that have no room: `data-same-as` names the one that is pressed. */
export function standIns() {
  document.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest("[data-same-as]") : null;
    if (!(item instanceof HTMLElement)) return;
    /** @type {HTMLElement | null} */ (item.closest("[popover]"))?.hidePopover();
    document.getElementById(item.dataset.sameAs ?? "")?.click();
  });
}
