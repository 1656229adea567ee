// Keys: an element says which one presses it by data-key ("/", "c", "g c"); rows move by j and k.
{
  let before = "";
  let forget = 0;
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .ts-wrapper");
  const press = (element) => (element.matches("input, textarea") ? (element.focus(), element.select()) : element.click());
  const shown = (selector) => [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());

  document.addEventListener("keydown", (event) => {
    const panel = document.querySelector("dialog[open]");
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      return press(document.querySelector('[data-key="/"]'));
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || panel) return;
    const wanted = before ? `${before} ${event.key}` : event.key;
    before = event.key === "g" && !before ? "g" : "";
    clearTimeout(forget);
    forget = setTimeout(() => (before = ""), 1200);
    const element = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted) ?? (wanted === "e" && shown("[data-edit]"));
    if (element) {
      event.preventDefault();
      press(element);
    }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
  });
}
