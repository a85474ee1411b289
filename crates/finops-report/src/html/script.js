"use strict";
(() => {
  const number = new Intl.NumberFormat("en");
  const bodies = (table) => [...table.tBodies];
  // A table either has one body with many rows, or a body for each entry.
  const entries = (table) => (table.dataset.entries === "body" ? bodies(table) : [...table.tBodies[0].rows]);
  const cell = (entry, column) => (entry.rows ? entry.rows[0] : entry).cells[column];
  const value = (entry, column) => {
    const of = cell(entry, column);
    return of === undefined ? "" : of.dataset.v ?? of.textContent.trim();
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.dataset.plain === "") return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = head.dataset.numeric === "" ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const numeric = head.dataset.numeric === "";
        const sorted = entries(table).sort((a, b) => {
          const [x, y] = [value(a, column), value(b, column)];
          return sign * (numeric ? (Number(x) || 0) - (Number(y) || 0) : x.localeCompare(y, "en", { numeric: true }));
        });
        const parent = table.dataset.entries === "body" ? table : table.tBodies[0];
        parent.append(...sorted);
      });
    });
  }
  for (const form of document.querySelectorAll("[data-filters]")) {
    form.hidden = false;
    const table = document.getElementById(form.dataset.filters);
    const status = form.querySelector("[role=status]");
    const apply = () => {
      const words = (form.querySelector("input[type=search]")?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = [...form.querySelectorAll("select")].filter((select) => select.value !== "");
      let shown = 0;
      const all = entries(table);
      for (const entry of all) {
        const row = entry.rows ? entry.rows[0] : entry;
        const text = row.textContent.toLowerCase();
        const fits = words.every((word) => text.includes(word)) && wanted.every((select) => entry.dataset[select.name] === select.value);
        entry.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      status.textContent = `${number.format(shown)} of ${number.format(all.length)} shown`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => (each.open = true)));
})();
