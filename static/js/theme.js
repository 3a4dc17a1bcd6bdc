// The theme: system, light or dark. Runs before the first paint, so it is not deferred.
(() => {
  const root = document.documentElement;
  const choices = ["system", "light", "dark"];

  function stored() {
    try {
      const value = localStorage.getItem("theme");
      return choices.includes(value) ? value : "system";
    } catch {
      return "system"; // storage may be forbidden
    }
  }

  function apply(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const meta = document.querySelector("meta[name=color-scheme]");
    if (meta) meta.content = theme === "system" ? "light dark" : theme;
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      const label = button.dataset[theme]; // data-system, data-light, data-dark hold the translated labels
      if (label) {
        button.setAttribute("aria-label", label);
        button.title = label;
      }
    }
  }

  apply(stored());
  document.addEventListener("DOMContentLoaded", () => apply(stored()));
  window.addEventListener("storage", (event) => event.key === "theme" && apply(stored()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-toggle]")) return;
    const current = root.dataset.theme ?? "system";
    const next = choices[(choices.indexOf(current) + 1) % choices.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // then it lasts for this page
    }
    apply(next);
  });
})();
