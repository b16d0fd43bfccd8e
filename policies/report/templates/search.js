// One field over everything that the page tells of: all words must be there; the arrows lead through what was found.
(() => {
  const MOST = 40;
  const form = one("#search");
  const field = form.elements.words;
  const list = one("#results");
  const said = one("output", form);
  let index = null;

  const nameOf = (node) => node.dataset.name
    || `${one("summary .code", node.closest(".finding")).textContent} ${one(".path, .address", node).textContent}`;
  const read = () => all("[data-kind]").map((node) => {
    const facts = node.matches(".control > summary, .stack > summary") ? one(".facts", node.parentElement) : node;
    const name = nameOf(node);
    return { node, kind: node.dataset.kind, name, text: `${name} ${facts.textContent}`.toLowerCase() };
  });

  const go = (node) => {
    hide();
    const choice = node.closest("[data-framework]");
    if (choice) {
      const select = one("#framework-choice select");
      select.value = choice.dataset.framework;
      select.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (node.matches("summary")) node.parentElement.open = true;
    else node.tabIndex = -1;
    reveal(node);
    node.focus({ preventScroll: true });
  };

  const hide = () => {
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
  };

  const search = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      hide();
      return;
    }
    index = index || read();
    const found = index.filter((entry) => words.every((word) => entry.text.includes(word)));
    found.sort((a, b) => words.every((word) => b.name.toLowerCase().includes(word))
      - words.every((word) => a.name.toLowerCase().includes(word)));
    const items = found.slice(0, MOST).map((entry) => {
      const button = made("button", "");
      button.type = "button";
      button.append(made("span", entry.kind, "kind"), " ", made("span", entry.name));
      button.addEventListener("click", () => go(entry.node));
      return button;
    });
    said.textContent = found.length === 1 ? "1 result" : `${found.length} results`;
    const note = found.length > MOST ? `The first ${MOST} of ${found.length} results: add a word.` : said.textContent;
    list.replaceChildren(made("p", note, "quiet"), ...items);
    list.hidden = false;
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = one("button", list);
    if (first) first.click();
  });
  field.addEventListener("input", search);
  field.addEventListener("focus", search);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // a click must not take the focus first
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) hide();
  });
  form.addEventListener("keydown", (event) => {
    const stops = [field, ...all("button", list)];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Escape") {
      field.value = "";
      field.focus();
      hide();
    } else if (event.key === "ArrowDown") stops[Math.min(stops.length - 1, at + 1)].focus();
    else if (event.key === "ArrowUp") stops[Math.max(0, at - 1)].focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    field.focus();
  });
})();
