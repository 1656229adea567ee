// Rows that open by a click anywhere (data-href), by Enter, and that are walked by j and k, then also by arrows, and looked into by the space bar.
{
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
  const here = () => document.querySelector("tr.k-here");
  const open = (row, aside) => (aside ? window.open(row.dataset.href) : (location.href = row.dataset.href));

  const move = (step) => {
    const all = rows();
    const at = all.indexOf(here());
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
    here()?.classList.remove("k-here");
    next?.classList.add("k-here");
    next?.querySelector("a")?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, input, button, label, summary") || String(getSelection())) return;
    open(row, event.ctrlKey || event.metaKey);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const step = { j: 1, k: -1 }[event.key] ?? (event.target.closest("tr.k-here") && { ArrowDown: 1, ArrowUp: -1 }[event.key]);
    if (step) {
      event.preventDefault();
      move(step);
    }
    if (event.key === " " && here()?.querySelector("[data-peek]")) {
      event.preventDefault();
      here().querySelector("[data-peek]").click();
    }
    if (event.key === "x") here()?.querySelector("[data-tick]")?.click();
  });
}
