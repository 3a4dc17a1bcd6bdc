// Forms that are sent once, come back usable, and lead to what is wrong.
(() => {
  const sent = new Set();

  function busy(form, isBusy) {
    if (isBusy) sent.add(form);
    else sent.delete(form);
    for (const button of form.querySelectorAll("button:not([type=button], [type=reset])")) {
      button.disabled = isBusy;
      if (isBusy) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (sent.has(form) && !event.defaultPrevented) {
      event.preventDefault();
      return;
    }
    // After this turn, so that the pressed button's own name still travels with the form.
    sent.add(form);
    setTimeout(() => sent.has(form) && busy(form, true));
  });

  const release = () => [...sent].forEach((form) => busy(form, false));
  window.addEventListener("pageshow", release);
  for (const name of ["htmx:afterRequest", "htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = event.detail.elt;
      if (sent.has(form)) busy(form, false);
    });
  }

  // To the first wrong field in reading order; else to the summary.
  function firstWrong() {
    for (const found of document.querySelectorAll("[aria-invalid=true], .note[data-tone=error]")) {
      const place = found.matches(".note") ? found.closest("fieldset, .field") : null;
      const control = place ? place.querySelector("input:not([type=hidden]), select, textarea") : found;
      if (control?.matches("input, select, textarea")) return control;
    }
    return document.querySelector(".error-summary");
  }
  firstWrong()?.focus();

  // Many to choose from: all at once, and how many they are.
  const everything = document.querySelector("[data-choose-all]");
  const count = document.querySelector("[data-chosen]");
  const choices = [...document.querySelectorAll("input[name=choice]")];
  function countChosen() {
    const chosen = choices.filter((box) => box.checked).length;
    if (count) count.textContent = chosen ? count.dataset.chosen.replace("%s", chosen) : "";
    if (!everything) return;
    everything.checked = chosen === choices.length;
    everything.indeterminate = chosen > 0 && chosen < choices.length;
  }
  if (everything) {
    for (const hidden of everything.parentElement.querySelectorAll("[hidden]")) hidden.hidden = false;
    everything.addEventListener("change", () => {
      for (const box of choices) box.checked = everything.checked;
      countChosen();
    });
  }
  for (const box of choices) box.addEventListener("change", countChosen);
  window.addEventListener("pageshow", countChosen);

  // An address says only what was chosen.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  // A menu closes like a menu.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details:is(.menu, .fold)[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details:is(.menu, .fold)[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
