// A form with data-palette lists what it finds while somebody types; without scripts it leads to the page of results.
{
  const RECENT = "kartotek:recent";
  const form = document.querySelector("[data-palette]");
  const field = form?.querySelector("input");
  const list = form?.querySelector("[role=listbox]");
  let asked = null;
  let wait = 0;

  // Only where the records are: what they are called, and who may know, the server says each time.
  const recent = () => {
    try {
      return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    } catch {
      return [];
    }
  };
  const visited = document.querySelector("[data-record]")?.dataset.record;
  if (visited) localStorage.setItem(RECENT, JSON.stringify([visited, ...recent().filter((one) => one !== visited)].slice(0, 9)));

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    active()?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = (open) => {
    if (list.matches(":popover-open") !== open) list.togglePopover(open);
    field.setAttribute("aria-expanded", open);
    if (!open) choose(null);
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const text = field.value.trim();
    const query = new URLSearchParams({ q: text, here: field.dataset.here });
    if (!text) query.set("recent", recent().filter((one) => one !== visited).join(","));
    try {
      const answer = await fetch(`${form.action}?${query}`, { headers: { "hx-request": "true" }, signal: asked.signal });
      if (!answer.ok || document.activeElement !== field) return;
      list.innerHTML = await answer.text();
      show(true);
      choose(text ? options()[0] : null);
    } catch (error) {
      if (error.name !== "AbortError") show(false); // the form still leads to the page
    }
  };
  const move = (step) => {
    const all = options();
    const at = all.indexOf(active());
    choose(all[(at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step + all.length) % all.length]);
  };

  field?.addEventListener("focus", ask);
  field?.addEventListener("input", () => {
    clearTimeout(wait);
    choose(null); // what is listed belongs to another text
    wait = setTimeout(ask, 60);
  });
  field?.addEventListener("blur", () => setTimeout(() => !form.contains(document.activeElement) && show(false), 120));
  list?.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  field?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && list.matches(":popover-open")) {
      event.preventDefault();
      return show(false);
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      return list.matches(":popover-open") ? move(event.key === "ArrowDown" ? 1 : -1) : ask();
    }
    if (event.key === "Enter" && active() && list.matches(":popover-open")) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(active().href, "_blank", "noopener");
      else active().click();
    }
  });
}
