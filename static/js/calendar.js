// The calendar is one stop of the Tab key: arrow keys go on to the next day with backups, Home and End to the first and last.
(() => {
  const calendar = document.querySelector("[data-calendar]");
  if (!calendar) return;
  const days = () => [...calendar.querySelectorAll("a.day")];
  const place = (day) => {
    const cell = day.closest("td");
    return { week: cell.cellIndex, weekday: cell.parentElement.rowIndex };
  };

  function stopAt(day) {
    for (const each of days()) each.tabIndex = each === day ? 0 : -1;
  }

  // Down and up go through the days one by one, right and left through the same weekday.
  function next(from, key) {
    const here = place(from);
    const number = ({ week, weekday }) => week * 7 + weekday;
    const others = days().filter((day) => day !== from).map((day) => [day, place(day)]);
    const ahead = others.filter(([, there]) => {
      const isLater = number(there) > number(here);
      if (key === "ArrowDown" || key === "ArrowUp") return isLater === (key === "ArrowDown");
      return there.weekday === here.weekday && isLater === (key === "ArrowRight");
    });
    const distance = ([, there]) => Math.abs(number(there) - number(here));
    return ahead.sort((one, other) => distance(one) - distance(other))[0]?.[0];
  }

  calendar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("a.day")) return;
    const inOrder = () => days().sort((one, other) => place(one).week - place(other).week || place(one).weekday - place(other).weekday);
    const found = { Home: () => inOrder()[0], End: () => inOrder().at(-1) }[event.key]?.();
    const target = found ?? (event.key.startsWith("Arrow") ? next(event.target, event.key) : undefined);
    if (!target) return;
    event.preventDefault();
    stopAt(target);
    target.focus();
  });
  calendar.addEventListener("focusin", (event) => {
    if (event.target.matches("a.day")) stopAt(event.target);
  });

  function settle() {
    const all = days();
    if (!all.some((day) => day.tabIndex === 0 && day.hasAttribute("tabindex"))) stopAt(all.sort((one, other) => place(one).week - place(other).week || place(one).weekday - place(other).weekday).at(-1));
  }
  settle();
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.matches?.(".day")) settle();
  });
})();
