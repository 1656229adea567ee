// Columns that say the same (data-alike): each choice tells what stands there, and those that are still open take the
// column of the same name, too.
{
  const tell = (choice) => (choice.closest(".k-join-card").querySelector("[data-told]").textContent = choice.selectedOptions[0]?.dataset.about ?? "");
  document.addEventListener("change", (event) => {
    const choice = event.target;
    if (!choice.matches("[data-alike] [data-tells]")) return;
    tell(choice);
    const words = choice.selectedOptions[0].textContent;
    if (!choice.value) return;
    choice.closest("[data-alike]").querySelectorAll("[data-tells]").forEach((other) => {
      const alike = [...other.options].filter((one) => one.value && one.textContent === words);
      if (other.value || alike.length !== 1) return;
      other.value = alike[0].value;
      tell(other);
    });
  });
  // A browser that comes back to the page keeps its choices, and not what was told of them.
  addEventListener("pageshow", () => document.querySelectorAll("[data-alike] [data-tells]").forEach(tell));
}
