// A field's note changes while one types; the input must say the same to a screen reader.
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const note = event.detail.target;
  if (!note.dataset.noteFor) return;
  const fresh = document.getElementById(note.id);
  const input = document.getElementById(note.dataset.noteFor);
  if (!fresh || !input) return;
  const isWrong = fresh.dataset.tone === "error";
  input.toggleAttribute("aria-invalid", false);
  if (isWrong) input.setAttribute("aria-invalid", "true");
  input.closest(".field")?.classList.toggle("is-wrong", isWrong);
});
