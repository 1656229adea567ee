// Says how many of a form's boxes are ticked (data-counted), in the words of [data-counts]: "{number} selected".
{
  const count = (form) => {
    const told = form?.querySelector("[data-counts]");
    if (!told) return;
    const number = form.querySelectorAll("[data-counted]:checked:not(:disabled)").length;
    told.textContent = told.dataset.counts.replace("{number}", number);
  };
  document.addEventListener("change", (event) => event.target.matches("[data-counted]") && count(event.target.form));
  document.addEventListener("htmx:after:settle", () => document.querySelectorAll("form:has([data-counts])").forEach(count));
  document.addEventListener("k:shown", (event) => count(event.detail.querySelector("form")));
}
