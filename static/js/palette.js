// The command palette: Ctrl+K or Cmd+K opens it, arrows choose, Enter opens. The server finds (#palette-options).
(() => {
  const dialog = document.querySelector("dialog.palette");
  if (!dialog) return;
  const input = dialog.querySelector("[role=combobox]");
  const told = dialog.querySelector("[role=status]");
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  let isHasty = false; // Enter was pressed before the answer came

  const list = () => dialog.querySelector("[role=listbox]");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const chosen = () => list().querySelector("[aria-selected=true]");
  const isAnswered = () => list().dataset.q === input.value.trim();

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = options();
    if (!all.length) return;
    const next = all.indexOf(chosen()) + by;
    choose(all[(next + all.length) % all.length]);
    if (next % all.length === 0) list().scrollTop = 0; // with the heading over the first
  }

  function open() {
    if (dialog.open) return;
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    isHasty = false;
    dialog.showModal();
    input.select();
    htmx.trigger(input, "palette-open");
  }

  function close() {
    dialog.close();
    // Where nothing had the focus before, the hidden field would keep it until the next frame.
    if (dialog.contains(document.activeElement)) document.activeElement.blur();
  }

  for (const key of document.querySelectorAll("[data-palette-key]")) {
    if (isMac) key.textContent = "⌘ K";
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault(); // else the browser's own search
    if (dialog.open) close();
    else open();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-open-palette]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault(); // without this script the link leads to the search page
      open();
    }
    if (event.target === dialog || event.target.closest?.("[data-close-palette]")) close();
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      step(steps[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      isHasty = !isAnswered();
      if (isHasty) htmx.trigger(input, "palette-open");
      else chosen()?.click();
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      close();
    }
  });
  input.addEventListener("input", () => (isHasty = false));

  // A pointer that moves chooses; one that only lies there while the list changes under it does not.
  dialog.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) {
      chosen()?.setAttribute("aria-selected", "false");
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.elt.id !== "palette-options" && event.detail.target.id !== "palette-options") return;
    choose(options()[0]);
    list().scrollTop = 0;
    told.textContent = list().dataset.told ?? "";
    if (isHasty && isAnswered()) chosen()?.click();
    isHasty = false;
  });

  // A session that ended is told on the page (live.js), which the dialog covers.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.elt === input && !event.detail.shouldSwap) close();
  });

  // Back from another page: closed, as a new page would be.
  window.addEventListener("pagehide", () => close());
})();
