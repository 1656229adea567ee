// Fields that are more than a box: long lists become searchable (data-choose), lists narrow as one types (data-narrows),
// and a field that was opened in place takes the focus, which goes back to its property afterwards.
{
  const LONG = 8;
  const dress = (root) => root.querySelectorAll("select[data-choose]:not(.tomselected)").forEach((select) => {
    if (!select.multiple && select.options.length <= LONG) return;
    const inside = select.closest("dialog, .k-about") ?? document.body;
    const made = new TomSelect(select, { maxOptions: 500, refreshThrottle: 0, plugins: select.multiple ? ["remove_button"] : ["dropdown_input"], dropdownParent: inside === document.body ? "body" : null });
    if (select.autofocus) made.focus();
  });
  let last = "";
  document.addEventListener("htmx:before:request", (event) => (last = event.target.closest?.(".k-line")?.id ?? ""));
  document.addEventListener("htmx:after:settle", () => {
    dress(document);
    const line = last && document.getElementById(last);
    if (!line) return;
    const field = line.querySelector("input:not([type=hidden]), textarea, select") ?? line.querySelector("a[data-edit]");
    field?.focus({ preventScroll: true });
    if (field?.matches("input:not([type=date]), textarea")) field.select();
    last = "";
  });
  document.addEventListener("k:shown", (event) => dress(event.detail));
  document.addEventListener("input", (event) => {
    const rule = event.target.dataset.narrows;
    if (!rule) return;
    const wanted = event.target.value.trim().toLowerCase();
    document.querySelectorAll(rule).forEach((one) => (one.hidden = !one.dataset.narrowText.includes(wanted)));
    if (wanted) document.querySelectorAll(rule).forEach((one) => !one.hidden && one.closest("details") && (one.closest("details").open = true));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    const item = button?.closest("label");
    if (!item) return;
    event.preventDefault();
    if (button.dataset.move < 0) item.previousElementSibling?.matches("label") && item.previousElementSibling.before(item);
    else item.nextElementSibling?.after(item);
    button.focus();
  });
  dress(document);
}
