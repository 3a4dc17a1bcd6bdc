// Live parts, [data-live]: silent while nobody looks, true again when somebody does, still under the reader's hand.
(() => {
  const isLive = (element) => element?.matches?.("[data-live]") ?? false;
  const show = (id, isShown) => {
    const notice = document.getElementById(id);
    if (notice) notice.hidden = !isShown;
  };
  const TINT_MS = 2400;
  const health = document.getElementById("health");
  let failures = 0;
  let isSignedOut = false;
  let kept = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isLive(event.detail.elt) && (document.hidden || isSignedOut)) event.preventDefault();
  });

  function ask() {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-live]")) htmx.trigger(element, "live");
  }
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);

  // A page that cannot ask says so: what it shows may be old.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isLive(event.detail.elt)) return;
    failures = event.detail.successful ? 0 : failures + 1;
    show("connection-lost", failures > 1);
  });

  // A session that ended answers with a redirect to the sign-in page, which belongs in no fragment.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig, shouldSwap } = event.detail;
    const asked = new URL(requestConfig.path, location.href).pathname;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) {
      event.detail.shouldSwap = false;
      isSignedOut = true;
      show("signed-out", true);
    } else if (shouldSwap && isLive(target)) {
      kept = remember(target);
    }
  });
  // A changed line that this page does not show has no place here: the bar counts it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isLive(event.detail.elt) || !event.detail.shouldSwap) return;
    const told = document.createElement("template");
    told.innerHTML = event.detail.serverResponse;
    for (const line of told.content.querySelectorAll("template")) {
      if (!document.getElementById(line.content.firstElementChild?.id)) line.remove();
    }
    event.detail.serverResponse = told.innerHTML;
  });
  // The banner keeps the room it has: what stands below it does not move when less is to be told.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === health) health.style.minHeight = `${health.getBoundingClientRect().height}px`;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (kept && isLive(event.target)) restore(event.target, kept);
    kept = null;
  });

  // A line that is replaced keeps the focus, and is marked where its status has changed.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const fresh = fragment.firstElementChild;
    if (!target.matches("tr") || !fresh) return;
    mark(target, fresh);
    if (!target.contains(document.activeElement)) return;
    const place = remember(target);
    queueMicrotask(() => restore(document.getElementById(target.id), place));
  });

  // The next poll may replace the line while its tint still fades: the tint goes on, it does not begin again.
  const changes = new Map();
  function mark(old, fresh) {
    const status = (row) => row.querySelector(".status")?.textContent.trim();
    const now = performance.now();
    if (status(old) !== status(fresh)) changes.set(fresh.id, now);
    const since = now - (changes.get(fresh.id) ?? -Infinity);
    if (since > TINT_MS) {
      changes.delete(fresh.id);
      return;
    }
    fresh.dataset.changed = "";
    queueMicrotask(() => {
      // Not through a style attribute: htmx copies those while it settles, and the policy forbids it.
      for (const animation of document.getElementById(fresh.id)?.getAnimations({ subtree: true }) ?? []) {
        if (animation.animationName === "changed") animation.currentTime = since;
      }
    });
    setTimeout(() => document.getElementById(fresh.id)?.removeAttribute("data-changed"), TINT_MS - since);
  }

  const details = (root) => [...root.querySelectorAll("details")];
  const rooms = (root) => [...root.querySelectorAll(".page-head, .state")];
  const stops = (root) => [root, ...root.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];

  function remember(root) {
    return {
      open: details(root).map((element) => element.open),
      focus: stops(root).indexOf(document.activeElement),
      rooms: rooms(root).map((element) => element.getBoundingClientRect().height),
      scroll: [...root.querySelectorAll("pre.code")].map((element) => element.scrollTop),
    };
  }

  function restore(root, { open, focus, rooms: kept, scroll }) {
    if (!root) return;
    // What stands below the state of a backup stays there when less is to be told of it, or done with it.
    rooms(root).forEach((element, index) => { if (kept[index]) element.style.minHeight = `${kept[index]}px`; });
    details(root).forEach((element, index) => { if (open[index]) element.open = true; });
    root.querySelectorAll("pre.code").forEach((element, index) => { element.scrollTop = scroll[index] ?? 0; });
    const stop = stops(root)[focus];
    if (stop === root) root.tabIndex = -1;
    stop?.focus({ preventScroll: true });
  }
})();
