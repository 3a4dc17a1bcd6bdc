// Progress that goes on between two answers: [data-begun][data-usual], in seconds by this instance's past.
(() => {
  const NEARLY_DONE_PERCENT = 95;

  // As the server rounds an estimate: to minutes, or to tens of seconds below two minutes.
  function roughly(seconds) {
    const step = seconds >= 120 ? 60 : 10;
    const rounded = Math.max(Math.round(seconds / step), 1) * step;
    const hours = Math.floor(rounded / 3600);
    const minutes = Math.floor((rounded % 3600) / 60);
    if (hours) return `${hours} h ${minutes} min`;
    if (rounded >= 120) return `${minutes} min`;
    return minutes ? `${minutes} min ${rounded % 60} s` : `${rounded} s`;
  }

  function refresh() {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-begun][data-usual]")) {
      const usual = Number(element.dataset.usual);
      const elapsed = (Date.now() - Date.parse(element.dataset.begun)) / 1000;
      if (!(usual > 0) || Number.isNaN(elapsed)) continue;
      if (element.matches("progress")) {
        element.value = Math.min(Math.max((100 * elapsed) / usual, 0), NEARLY_DONE_PERCENT);
        continue;
      }
      const { left, late } = element.dataset; // translated; %s stands for the time
      const text = elapsed < usual ? left.replace("%s", roughly(usual - elapsed)) : late;
      if (element.textContent !== text) element.textContent = text;
    }
  }

  refresh();
  setInterval(refresh, 1000);
  document.addEventListener("visibilitychange", refresh);
  document.addEventListener("htmx:afterSwap", refresh);
  document.addEventListener("htmx:oobAfterSwap", refresh);
})();
