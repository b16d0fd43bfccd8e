"use strict";
// Everything can be read without this script; it adds the panel beside the graph, the filter, and printing in full.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const panel = one("#panel");
  const nodes = all("a.node");
  let selected = null;

  const mark = (id) => {
    one(".graph").classList.toggle("selecting", id !== null);
    const near = new Set([id]);
    for (const path of all(".edges path")) {
      const on = id !== null && (path.dataset.from === id || path.dataset.to === id);
      path.classList.toggle("on", on);
      if (on) near.add(path.dataset.from).add(path.dataset.to);
    }
    for (const node of nodes) {
      node.classList.toggle("near", near.has(node.dataset.stack));
      if (node.dataset.stack === id) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }
  };

  const close = () => {
    panel.hidden = true;
    panel.replaceChildren();
    mark(null);
    if (selected) selected.focus();
    selected = null;
  };

  const select = (node) => {
    const id = node.dataset.stack;
    const body = document.getElementById("stack-" + id);
    const title = document.createElement("h3");
    title.textContent = id;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", close);
    const copy = body.cloneNode(true);
    copy.removeAttribute("id");
    panel.replaceChildren(button, title, copy);
    panel.hidden = false;
    panel.scrollTop = 0;
    selected = node;
    mark(id);
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    panel.scrollIntoView({ block: "nearest" });
  };

  for (const node of nodes) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      select(node);
      if (event.detail === 0) panel.focus(); // the keyboard asked: Escape leads back to the node
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  // A link to a stack leads into a closed <details>; not every browser opens it by itself.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const holder = target && target.closest("details");
    if (holder && !holder.open) {
      holder.open = true;
      target.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  const form = one("#filter");
  const rows = all("#stack-table tbody tr");
  const filter = () => {
    const text = form.elements.text.value.trim().toLowerCase();
    const { environment, status } = { environment: form.elements.environment.value, status: form.elements.status.value };
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(row.dataset.text.toLowerCase().includes(text)
        && (!environment || row.dataset.environment === environment)
        && (!status || row.dataset.status === status));
      if (!row.hidden) shown += 1;
    }
    one("output", form).textContent = `${shown} of ${rows.length} shown`;
  };
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const item of opened) item.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });
})();
