// The help: a dialog that `?` opens and closes.

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("help"));

export function toggle() {
  if (!dialog) return;
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

export function start() {
  document.getElementById("open-help")?.addEventListener("click", toggle);
  document.getElementById("close-help")?.addEventListener("click", () => dialog?.close());
  // A click on the backdrop lands on the dialog itself.
  dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
