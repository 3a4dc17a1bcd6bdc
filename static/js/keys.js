// The keyboard: ? lists the keys. Never while something is typed.
(() => {
  const dialog = document.querySelector("dialog.keys");
  const links = { a: "[data-key=a]", b: "[data-key=b]", c: "[data-key=c]", i: "[data-key=i]", o: "[data-key=o]", p: "[data-key=p]", u: "[data-key=u]" };
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

  function step(by) {
    const rows = [...document.querySelectorAll("table.list tbody tr:not(.more)")];
    if (!rows.length) return;
    const current = rows.indexOf(document.activeElement.closest("tr"));
    const next = current < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(current + by, 0), rows.length - 1);
    rows[next].tabIndex = -1;
    rows[next].focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
  }

  const actions = {
    "?": open,
    n: () => follow("[data-key=n]"),
    "/": () => {
      const search = document.querySelector("[data-search], input[type=search]");
      search?.focus();
      search?.select();
    },
    g: () => {
      isGoing = true;
      clearTimeout(timer);
      timer = setTimeout(() => (isGoing = false), 1200);
    },
    j: () => step(1),
    k: () => step(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || dialog?.open) return;
    if (event.key === "Enter" && event.target.matches("table.list tbody tr")) {
      event.target.querySelector("td > a[href]")?.click();
      return;
    }
    const action = isGoing && event.key in links ? () => follow(links[event.key]) : actions[event.key];
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
