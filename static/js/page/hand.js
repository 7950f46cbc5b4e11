// Whether the visitor's last move was with a pointer: what was clicked keeps the focus, but then the keys are the page's own.

let pointer = false;

/** Whether keys belong to the page, although something has the focus. */
export const byPointer = () => pointer;

export function watch() {
  addEventListener("pointerdown", () => (pointer = true), { capture: true });
  addEventListener("keydown", (event) => event.key === "Tab" && (pointer = false), { capture: true });
}
