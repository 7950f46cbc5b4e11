// Before the first paint: the theme that was chosen here before. Without a choice the system's own is used.
// A classic script on purpose: a module would run too late.
(() => {
  try {
    const theme = localStorage.getItem("blameflow-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; then the system decides.
  }
})();
