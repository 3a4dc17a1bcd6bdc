// Lines that are ticked: all at once, how many they are, and still ticked after a line has changed.
(() => {
  const bulk = document.getElementById("bulk");
  const everything = document.querySelector("[data-select-all]");
  if (!bulk || !everything) return;
  const told = bulk.querySelector("[data-selected]");
  const none = bulk.querySelector("[data-select-none]");
  const boxes = () => [...document.querySelectorAll("table.history input[name=choice]")];

  function count() {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    const text = told.dataset.selected.replace("%s", chosen);
    if (told.textContent !== text) told.textContent = text;
    everything.hidden = !all.length;
    everything.checked = all.length > 0 && chosen === all.length;
    everything.indeterminate = chosen > 0 && chosen < all.length;
    bulk.toggleAttribute("data-shown", chosen > 0);
  }

  function tick(isTicked) {
    for (const box of boxes()) box.checked = isTicked;
    count();
  }

  none.hidden = false;
  none.addEventListener("click", () => {
    tick(false);
    everything.focus();
  });
  everything.addEventListener("change", () => tick(everything.checked));
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=choice]")) count();
  });

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const was = target.querySelector?.("input[name=choice]:checked");
    const box = was && fragment.querySelector(`input[name=choice][value="${CSS.escape(was.value)}"]`);
    if (box) box.checked = true;
  });
  for (const name of ["htmx:oobAfterSwap", "htmx:afterSwap", "pageshow"]) {
    (name === "pageshow" ? window : document).addEventListener(name, () => queueMicrotask(count));
  }
  count();
})();
