// Menus made of <details data-menu>: one at a time, walked by arrows, closed by a click elsewhere and by Esc.
{
  const close = (but) => document.querySelectorAll("[data-menu][open]").forEach((menu) => menu !== but && (menu.open = false));
  document.addEventListener("click", (event) => close(event.target.closest("[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("[data-menu][open]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open?.contains(event.target) && step) {
      const all = [...open.querySelectorAll("a, button")];
      const at = all.indexOf(event.target);
      event.preventDefault();
      return all.at((at < 0 && step < 0 ? -1 : at + step) % all.length)?.focus();
    }
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}
