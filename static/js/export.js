// An export that shows how far it is, can be stopped, and saves nothing that is not whole.
(() => {
  const place = document.querySelector(".export");
  if (!place) return;
  const bar = place.querySelector("progress");
  const words = place.querySelector("p");
  const stop = place.querySelector("button");
  const QUOTE = 34;
  const NEWLINE = 10;
  const QUIET_MS = 400;
  let running = null;

  const number = new Intl.NumberFormat(document.documentElement.lang || "en");

  // Rows are lines; in a table a quoted cell may hold line ends of its own.
  function counter(isTable) {
    let isQuoted = false;
    let lines = 0;
    return (bytes) => {
      for (const byte of bytes) {
        if (byte === NEWLINE && !isQuoted) lines += 1;
        else if (isTable && byte === QUOTE) isQuoted = !isQuoted;
      }
      return Math.max(lines - 1, 0);
    };
  }

  function tell(text, rows, total) {
    words.textContent = text.replace("%s", number.format(rows)).replace("%t", number.format(parseInt(total, 10) || 0));
  }

  function save(parts, reply, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.download = /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] ?? "backups";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function take(url, abort) {
    let rows = 0;
    place.hidden = stop.hidden = bar.hidden = false;
    bar.removeAttribute("value");
    words.textContent = place.dataset.begins;
    try {
      const reply = await fetch(url, { signal: abort.signal });
      if (!reply.ok || reply.redirected) throw new Error(reply.statusText);
      const type = reply.headers.get("Content-Type") ?? "";
      const total = reply.headers.get("X-Rows") ?? "";
      const isKnown = /^\d+$/.test(total);
      const count = counter(type.startsWith("text/csv"));
      const parts = [];
      let last = 0;
      for (const reader = reply.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        rows = count(value);
        if (isKnown && Number(total)) bar.value = Math.min(rows / Number(total), 1);
        if (performance.now() - last < QUIET_MS) continue;
        last = performance.now();
        tell(isKnown ? place.dataset.of : total ? place.dataset.many : place.dataset.goes, rows, total);
      }
      save(parts, reply, type);
      tell(place.dataset.done, rows);
    } catch {
      if (abort.signal.aborted) words.textContent = place.dataset.stopped;
      else tell(place.dataset.broken, rows);
    }
    stop.hidden = bar.hidden = true;
    running = null;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-export]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (running) return;
    running = new AbortController();
    take(link.href, running);
  });
  stop.addEventListener("click", () => running?.abort());
})();
