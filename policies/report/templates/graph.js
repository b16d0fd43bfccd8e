// The stack graph: a selected node shows its lines, and its details in the panel.
(() => {
  const nodes = all("a.node");

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

  for (const node of nodes) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      const id = node.dataset.stack;
      panel.open(node, id, [copied("stack-" + id)], () => mark(null));
      mark(id);
      if (event.detail === 0) panel.focus(); // the keyboard asked: Escape leads back to the node
    });
  }
})();
