// Menus made of <details data-menu>: one at a time, closed by a click elsewhere and by Esc.
{
  const close = (but) => document.querySelectorAll("[data-menu][open]").forEach((menu) => menu !== but && (menu.open = false));
  document.addEventListener("click", (event) => close(event.target.closest("[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("[data-menu][open]");
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}
