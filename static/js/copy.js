// Buttons that copy what stands beside them; without scripts one selects it by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[aria-live]");
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    // Selected in any case: where the browser gives no clipboard (plain HTTP), Ctrl C does the rest.
    getSelection().selectAllChildren(source);
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      if (!document.execCommand("copy")) return;
    }
    words.textContent = button.dataset.done;
    setTimeout(() => { words.textContent = before; }, 4000);
  });
}
