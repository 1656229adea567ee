// Choices that change what a form asks for: [data-redraws] sends its form, so that it is drawn anew, and says which
// field it was; [data-submit] sends a form that leads to another page.
{
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-submit]")) field.form.requestSubmit();
    if (!field.matches("[data-redraws]")) return;
    const form = field.form;
    if (form.elements.changed) form.elements.changed.value = field.name;
    form.requestSubmit();
  });
}
