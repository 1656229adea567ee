// The keyboard stays where it was when a panel's work loads the page anew: on what opened the panel, else in its card.
{
  const KEY = "k-opener";
  const words = (element) => element.getAttribute("aria-label") ?? element.getAttribute("href") ?? element.textContent.trim();

  document.addEventListener("k:left", ({ detail: opener }) => {
    if (!opener) return;
    const within = opener.closest("section[id], aside [id], form[id]")?.id ?? "";
    sessionStorage.setItem(KEY, JSON.stringify([location.pathname, opener.tagName, words(opener), within]));
  });
  const found = ([path, tag, said, within]) => {
    if (path !== location.pathname) return null;
    const all = [...document.querySelectorAll(tag)].filter((one) => one.checkVisibility());
    return all.find((one) => words(one) === said) ?? document.getElementById(within)?.querySelector("a[data-panel], a, button");
  };
  addEventListener("pageshow", () => {
    const left = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (left && document.activeElement === document.body) found(JSON.parse(left))?.focus();
  });
}
