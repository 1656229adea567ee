// Reveals: a menu that is wider than the screen shows where one is (data-reveals).
for (const menu of document.querySelectorAll("[data-reveals]")) {
  const here = menu.querySelector("[aria-current]");
  if (here) menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
}
