// A list in an order of one's own (data-order): by dragging, by its arrows, and by ticks elsewhere in the form that put
// an item in or take it out (data-places).
{
  let held = null;
  const list = (of) => of.closest("form").querySelector("[data-order]");
  const find = (name, form) => [...form.querySelectorAll("[data-placed]")].find((one) => one.dataset.placed === name);
  const place = (box) => {
    const there = find(box.value, box.form);
    if (!box.checked) return there?.remove();
    if (there) return;
    const made = box.form.querySelector("[data-placed-template]").content.firstElementChild.cloneNode(true);
    made.dataset.placed = made.querySelector("input").value = box.value;
    const label = box.dataset.places;
    made.querySelectorAll("[aria-label]").forEach((one) => one.setAttribute("aria-label", one.getAttribute("aria-label").replace("%label%", label)));
    made.querySelector(".k-cut").textContent = made.querySelector(".k-cut").title = label;
    list(box).append(made);
  };
  document.addEventListener("change", (event) => event.target.matches("[data-places]") && place(event.target));
  document.addEventListener("click", (event) => {
    const item = event.target.closest("[data-placed]");
    const step = event.target.closest("[data-step]");
    if (step) {
      if (step.dataset.step < 0) item.previousElementSibling?.before(item);
      else item.nextElementSibling?.after(item);
      step.focus();
    } else if (event.target.closest("[data-unplace]")) {
      const box = [...item.closest("form").elements.columns].find((one) => one.value === item.dataset.placed);
      (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("button")?.focus();
      box.checked = false;
      item.remove();
    }
  });
  document.addEventListener("dragstart", (event) => {
    held = event.target.closest?.("[data-placed]");
    held?.classList.add("k-held");
  });
  document.addEventListener("dragover", (event) => {
    const over = held && event.target.closest?.("[data-placed]");
    if (!over || over.parentElement !== held.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== held) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("k-held");
    held = null;
  });
}
