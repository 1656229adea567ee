// Entries of a list (data-sortable) are put in another order by dragging; the keys are buttons with data-move.
{
  let held = null;
  document.addEventListener("dragstart", (event) => {
    held = event.target.closest?.("[data-sortable] [draggable]");
    held?.classList.add("k-held");
  });
  document.addEventListener("dragover", (event) => {
    const over = held && event.target.closest?.("[data-sortable] [draggable]");
    if (!over || over === held || over.parentElement !== held.parentElement) return held && event.preventDefault();
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("k-held");
    held = null;
  });
}
