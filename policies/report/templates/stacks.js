// The table of stacks: text, environment and status narrow it together.
filtered(
  one("#filter"),
  all("#stack-table tbody tr"),
  (row, wanted) => row.dataset.text.toLowerCase().includes(wanted.text.trim().toLowerCase())
    && (!wanted.environment || row.dataset.environment === wanted.environment)
    && (!wanted.status || row.dataset.status === wanted.status),
);
