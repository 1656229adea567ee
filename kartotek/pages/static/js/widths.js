// Columns whose edges are dragged (data-edge): the width follows the pointer and is kept by the server (data-widths).
{
  const LEAST = 60;
  const MOST = 900;
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  let rules = new Map();
  const show = () => sheet.replaceSync([...rules].map(([at, size]) => `@media (min-width: 701px) { .k-table :is(th, td):nth-child(${at}) { width: ${size}px; min-width: ${size}px; max-width: ${size}px; } }`).join("\n"));
  const keep = (table, column, size) => {
    const body = new URLSearchParams({ csrf: document.querySelector("[name=csrf]").value, column, size });
    fetch(table.dataset.widths, { method: "post", body, redirect: "manual" });
  };
  document.addEventListener("pointerdown", (event) => {
    const edge = event.target.closest("[data-edge]");
    if (!edge) return;
    event.preventDefault();
    const head = edge.parentElement;
    const at = [...head.parentElement.children].indexOf(head) + 1;
    const from = event.clientX;
    const before = head.getBoundingClientRect().width;
    let size = 0;
    const move = (moved) => {
      size = Math.round(Math.min(MOST, Math.max(LEAST, before + moved.clientX - from)));
      rules.set(at, size);
      show();
    };
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", () => {
      edge.removeEventListener("pointermove", move);
      if (size) keep(head.closest("table"), head.dataset.column, size);
    }, { once: true });
  });
}
