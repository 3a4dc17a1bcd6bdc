// Times that stay true while the page is open: time[data-relative] and [data-elapsed-from].
(() => {
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
  const units = [
    ["year", 31_557_600],
    ["month", 2_629_800],
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ];

  function told(moment) {
    const seconds = (moment - Date.now()) / 1000;
    const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    return relative.format(Math.trunc(seconds / size), unit);
  }

  function elapsed(since) {
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    if (hours) return `${hours} h ${minutes} min`;
    return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
  }

  function write(element, moment, tell) {
    if (Number.isNaN(moment)) return;
    const text = tell(moment);
    if (element.textContent !== text) element.textContent = text;
  }

  function refresh() {
    if (document.hidden) return;
    for (const time of document.querySelectorAll("time[data-relative]")) {
      write(time, Date.parse(time.dateTime), told);
    }
    for (const element of document.querySelectorAll("[data-elapsed-from]")) {
      write(element, Date.parse(element.dataset.elapsedFrom), elapsed);
    }
  }

  refresh();
  setInterval(refresh, 1000);
  document.addEventListener("visibilitychange", refresh);
  // At once after a swap, before the paint, so that the server's words do not flash.
  document.addEventListener("htmx:afterSwap", refresh);
  document.addEventListener("htmx:oobAfterSwap", refresh);
})();
