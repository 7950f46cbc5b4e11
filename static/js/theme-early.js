// Before the first paint: the theme of the address, else the one that was chosen here before, else the system's own.
// A classic script on purpose: a module would run too late.
(() => {
  try {
    if (document.documentElement.dataset.theme) return;
    const theme = localStorage.getItem("blameflow-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; then the system decides.
  }
})();
