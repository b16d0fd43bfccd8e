"use strict";
// Everything can be read without these scripts; they add the panel, the grid's keys, filters, search, and printing.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

const made = (name, text, className) => {
  const node = document.createElement(name);
  node.textContent = text;
  if (className) node.className = className;
  return node;
};

const copied = (id) => {
  const copy = document.getElementById(id).cloneNode(true);
  copy.removeAttribute("id");
  return copy;
};

// The panel beside the page: what was selected, in full. Whoever opens it says what to do when it closes.
const panel = (() => {
  const node = one("#panel");
  let opener = null;
  let whenClosed = () => {};

  const forget = () => {
    const last = whenClosed;
    whenClosed = () => {};
    last();
  };
  const close = () => {
    if (node.hidden) return;
    node.hidden = true;
    node.replaceChildren();
    document.body.classList.remove("drawn");
    forget();
    if (opener) opener.focus();
    opener = null;
  };
  const open = (from, title, parts, closed) => {
    if (from !== opener) forget();
    [opener, whenClosed] = [from, closed];
    const button = made("button", "Close");
    button.type = "button";
    button.addEventListener("click", close);
    const heading = made("h2", title);
    heading.id = "panel-title";
    node.replaceChildren(button, heading, ...parts);
    node.hidden = false;
    node.scrollTop = 0;
    document.body.classList.add("drawn");
    from.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  return { open, close, focus: () => node.focus(), isOpen: () => !node.hidden };
})();

// A link leads into a closed <details>; not every browser opens it by itself.
const reveal = (target) => {
  for (let holder = target.closest("details"); holder; holder = holder.parentElement.closest("details")) {
    holder.open = true;
  }
  target.scrollIntoView({ block: "start" });
};
const follow = () => {
  const target = one(":target");
  if (target) reveal(target);
};
window.addEventListener("hashchange", follow);
window.addEventListener("load", follow);

// A form of filters over rows: `fits` says whether a row is shown, `done` hears of the change.
const filtered = (form, rows, fits, done = () => {}) => {
  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const row of rows) {
      row.hidden = !fits(row, wanted);
      if (!row.hidden) shown += 1;
    }
    one("output", form).textContent = `${shown} of ${rows.length} shown`;
    done();
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
};

// On paper stands what the reader sees, and in any case what failed.
(() => {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details[data-failed]:not([open])");
    for (const item of opened) item.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });
})();
