// The coverage matrix as a grid with one tab stop, its drill-down, deep links, and the choice of a framework.
(() => {
  const table = one("#matrix");
  const rows = all("tr[data-control]", table);
  const heads = all("th[data-account]", table);
  const rowOf = new Map(rows.map((row) => [row.dataset.control, row]));
  const place = (cell) => ({ row: cell.parentElement, account: heads[cell.cellIndex - 1] || null });
  let current = null;
  let selected = null;

  table.setAttribute("role", "grid");
  for (const row of rows) {
    for (const cell of row.cells) cell.tabIndex = -1;
    one("a", row).tabIndex = -1;
  }
  const enter = (cell) => {
    if (current) current.tabIndex = -1;
    current = cell;
    if (cell) cell.tabIndex = 0;
  };

  const unmark = () => {
    if (selected) selected.removeAttribute("aria-selected");
    selected = null;
    history.replaceState(null, "", "#coverage");
  };

  // What the control says, narrowed to one account: its findings only, and whether each point reaches it.
  const narrowed = (body, head, cell) => {
    const name = head.dataset.account;
    const column = String(heads.indexOf(head));
    for (const item of all("li[data-account]", body)) {
      if (item.dataset.account !== name) item.remove();
    }
    for (const list of all(".records", body)) {
      if (!list.children.length) {
        const before = list.previousElementSibling;
        if (before && before.matches(".waived")) before.remove();
        list.remove();
      }
    }
    const groups = all(".finding", body);
    for (const group of groups) {
      if (!one(".records", group)) group.remove();
      else group.open = true;
    }
    if (groups.length && !one(".finding", body)) body.append(made("p", "No failed or waived finding here.", "quiet"));
    for (const badge of all(".finding > summary .badge", body)) {
      const word = badge.textContent.split(" ").pop();
      badge.textContent = `${all("li", badge.closest(".finding")).length} ${word}`;
    }
    for (const point of all("li[data-reach]:not([data-reach=''])", body)) {
      const reached = point.dataset.reach.split(" ").includes(column);
      const note = made("span", reached ? `reaches ${name}` : `does not reach ${name}`, reached ? "here" : "here not");
      one(".code", point).after(note);
      for (const others of all(".reach", point)) others.remove();
    }
    const facts = made("p", cell.getAttribute("aria-label") + ".", "states");
    const origin = head.dataset.origins ? `${name} is written in ${head.dataset.origins}.` : "";
    return [facts, made("p", origin, "origin"), body];
  };

  const select = (cell, focus) => {
    const { row, account } = place(cell);
    const control = row.dataset.control;
    const objective = made("p", one(".objective", row).textContent, "lead");
    const body = copied("control-" + control);
    const parts = account ? narrowed(body, account, cell) : [body];
    const title = account ? `${control} in ${account.dataset.account}` : control;
    if (selected) selected.removeAttribute("aria-selected");
    panel.open(cell, title, [objective, ...parts], unmark);
    selected = cell;
    cell.setAttribute("aria-selected", "true");
    enter(cell);
    const place_ = new URLSearchParams({ control, ...(account && { account: account.dataset.account }) });
    history.replaceState(null, "", "#" + place_);
    if (focus) panel.focus();
  };

  const move = (cell) => {
    enter(cell);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (panel.isOpen() && selected) select(cell, false);
  };

  const target = (event) => {
    const shown = rows.filter((row) => !row.hidden);
    const column = current.cellIndex;
    const at = shown.indexOf(current.parentElement);
    const to = (row, index) => shown[Math.max(0, Math.min(shown.length - 1, row))].cells[index];
    const last = heads.length;
    switch (event.key) {
      case "ArrowDown": return to(at + 1, column);
      case "ArrowUp": return to(at - 1, column);
      case "ArrowRight": return to(at, Math.min(last, column + 1));
      case "ArrowLeft": return to(at, Math.max(0, column - 1));
      case "PageDown": return to(at + 10, column);
      case "PageUp": return to(at - 10, column);
      case "Home": return to(event.ctrlKey ? 0 : at, 0);
      case "End": return to(event.ctrlKey ? shown.length : at, last);
      default: return null;
    }
  };
  table.addEventListener("keydown", (event) => {
    if (event.target !== current || event.altKey || event.metaKey) return;
    const cell = target(event);
    if (cell) move(cell);
    else if (event.key === "Enter" || event.key === " ") select(current, true);
    else return;
    event.preventDefault();
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("tr[data-control] > *");
    if (!cell) return;
    event.preventDefault();
    cell.focus({ preventScroll: true });
    select(cell, false);
  });

  const textOf = (row) => `${row.cells[0].textContent} ${row.dataset.text}`.toLowerCase();
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  filtered(
    one("#matrix-filter"),
    rows,
    (row, wanted) => words(wanted.text).every((word) => textOf(row).includes(word))
      && (!wanted.area || row.dataset.area === wanted.area)
      && (!wanted.severity || row.dataset.severity === wanted.severity)
      && (!wanted.framework || row.dataset.frameworks.split(" ").includes(wanted.framework))
      && (!wanted.state || row.dataset.state.split(" ").includes(wanted.state)),
    () => {
      for (const body of table.tBodies) body.hidden = all("tr[data-control]", body).every((row) => row.hidden);
      if (!current || current.parentElement.hidden) {
        const first = rows.find((row) => !row.hidden);
        enter(first ? first.cells[Math.min(1, heads.length)] : null);
      }
    },
  );

  // #control=SM-01&account=fraud-prod, the account left out for a whole control
  const follow = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const row = rowOf.get(wanted.get("control"));
    if (!row) return;
    const column = 1 + heads.findIndex((head) => head.dataset.account === wanted.get("account"));
    row.hidden = row.parentElement.hidden = false;
    select(row.cells[column], true);
  };
  window.addEventListener("hashchange", follow);
  window.addEventListener("load", follow);

  const choice = one("#framework-choice");
  const frameworks = all("[data-framework]");
  const choose = () => {
    const key = choice.elements.framework.value;
    for (const item of frameworks) item.classList.toggle("off", item.dataset.framework !== key);
    one("output", choice).textContent = one(".framework:not(.off) .sum").textContent;
  };
  choice.hidden = false;
  choice.addEventListener("input", choose);
  choice.addEventListener("submit", (event) => event.preventDefault());
  choose();
})();
