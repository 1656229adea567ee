// A table of choices (data-mapping): a search over the suggestions of a field's list, and every choice is sent at once.
{
  const suggestions = (input) => [...(input.list?.options ?? [])].map((one) => ({ value: one.dataset.value, text: one.value, kind: one.dataset.kind, about: one.dataset.about }));
  const NEW = "+";
  const dress = (input) => {
    if (input.tomselect || input.disabled) return;
    const create = { value: NEW, text: input.form.dataset.create, kind: "", about: "" };
    const options = [...suggestions(input), create];
    const now = options.find((one) => one.text === input.value)?.value ?? "";
    input.removeAttribute("list");
    input.value = now;
    const made = new TomSelect(input, {
      options, items: now ? [now] : [], maxItems: 1, maxOptions: 400, create: false, dropdownParent: "body", searchField: [{ field: "text", weight: 1 }, { field: "value", weight: 0.5 }, { field: "about", weight: 0.1 }],
      render: { option: (one, escape) => `<div class="k-property"><span>${escape(one.text)}</span><span class="k-faint">${escape(one.kind ?? "")}</span><small>${escape(one.about ?? "")}</small></div>` },
      score(search) {
        const usual = this.getScoreFunction(search);
        return (one) => (one.value === NEW ? 1e-9 : usual(one));
      },
      onItemAdd(value) {
        if (value !== NEW) return made.blur();
        made.clear(true);
        input.closest("td").querySelector(".k-create").click();
      },
    });
    made.focus();
  };
  const send = (form) => form.dispatchEvent(new CustomEvent("k:mapped"));
  document.addEventListener("focusin", (event) => event.target.matches("[data-mapping] input[data-property]") && dress(event.target));
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-mapping]");
    if (!form || event.target.closest("[type=search]")) return;
    const row = event.target.closest("tr");
    const field = row?.querySelector("[data-property]");
    if (event.target.matches("[data-as]") && !event.target.value.includes(":") && event.target.value !== "nothing" && field) {
      field.tomselect?.destroy();
      field.disabled = false;
      field.setAttribute("list", `properties-${event.target.value || form.querySelector("datalist").id.replace("properties-", "")}`);
      field.value = "";
      return field.focus();
    }
    send(form);
  });
  const show = (choice) => choice.closest("[data-shows]")?.querySelectorAll("[data-show-for]").forEach((one) => (one.hidden = !one.dataset.showFor.split(" ").includes(choice.value)));
  document.addEventListener("change", (event) => event.target.matches("[data-show-choice]") && show(event.target));
  document.addEventListener("k:shown", (event) => event.detail.querySelectorAll("[data-show-choice]").forEach(show));
  document.querySelectorAll("[data-show-choice]").forEach(show);
}
