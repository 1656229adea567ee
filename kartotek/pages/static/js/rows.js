// Rows that open by a click anywhere (data-href), by Enter, and that are walked by j and k and looked into by the space bar.
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
    if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    if (event.key === " " && here()?.querySelector("[data-peek]")) {
      event.preventDefault();
      here().querySelector("[data-peek]").click();
    }
    if (event.key === "x") here()?.querySelector("[data-tick]")?.click();
  });
}
