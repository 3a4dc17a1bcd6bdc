// The keyboard: ? lists the keys. Never while something is typed.
(() => {
  // On a narrow screen bars are longer than the window: where one is shows in them.
  for (const here of document.querySelectorAll(".nav [aria-current=page], .tabs [aria-current=page]")) {
    here.scrollIntoView({ block: "nearest", inline: "center" });
  }

  const dialog = document.querySelector("dialog.keys");
  const GO = "abciopu"; // g, then one of these, follows [data-key=...]
  const ROWS = "table.list tbody tr:not(.more), .requests > .request";
  let isGoing = false;
  let timer = 0;

  const isTyping = (element) =>
    element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio]), select, textarea");

  function open() {
    if (dialog && !dialog.open) dialog.showModal();
  }

  function follow(selector) {
    document.querySelector(selector)?.click();
  }

  const row = () => document.activeElement.closest(ROWS);

  // Its first link is what a row is about.
  const openRow = () => row()?.querySelector("td > a[href], :is(h2, h3, p) > a[href]")?.click();
  const selectRow = () => row()?.querySelector("input[type=checkbox]:not(:disabled)")?.click();

  function step(by) {
    const rows = [...document.querySelectorAll(ROWS)];
    if (!rows.length) return;
    const current = rows.indexOf(row());
    const next = current < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(current + by, 0), rows.length - 1);
    rows[next].tabIndex = -1;
    rows[next].focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
  }

  const actions = {
    "?": open,
    n: () => follow("[data-key=n]"),
    "/": () => {
      const search = document.querySelector("main :is([data-search], input[type=search])");
      if (!search) return follow("[data-open-palette]");
      search.focus();
      search.select();
    },
    g: () => {
      isGoing = true;
      clearTimeout(timer);
      timer = setTimeout(() => (isGoing = false), 1200);
    },
    j: () => step(1),
    k: () => step(-1),
    o: openRow,
    x: selectRow,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.matches(ROWS)) {
      openRow();
      return;
    }
    const isPlace = isGoing && GO.includes(event.key);
    const action = isPlace ? () => follow(`[data-key=${event.key}]`) : actions[event.key];
    isGoing = false;
    if (!action) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-open-keys]")) open();
    if (event.target === dialog) dialog.close(); // a click on the backdrop
  });
})();
