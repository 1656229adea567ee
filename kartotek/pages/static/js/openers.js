// The keyboard stays where it was when a form or a panel's work loads the page anew: on what sent it or opened it, be it
// a field that sends its form when it changes, else in the row or card around that,
// or around the card.
{
  const KEY = "k-opener";
  const LONGEST = 10_000; // milliseconds that an answer may take
  const SENDING = "[data-submit-on-change], [data-submit-on-change] *, [data-redraws], [data-submit]";
  const AROUND = "tr[id], section[id], form[id]";
  const named = (field) => `${field.name} ${field.matches("[type=checkbox], [type=radio]") ? field.value : ""}`;
  const words = (element) => element.matches("input, select") ? named(element) : element.getAttribute("aria-label") ?? element.getAttribute("href") ?? element.textContent.trim();
  const leave = (opener) => {
    const within = [];
    for (let at = opener.closest(AROUND); at; at = at.parentElement.closest(AROUND)) within.push(at.id);
    sessionStorage.setItem(KEY, JSON.stringify([Date.now(), location.pathname, opener.tagName, words(opener), within]));
  };
  const found = ([at, path, tag, said, within]) => {
    if (path !== location.pathname || Date.now() - at > LONGEST) return null;
    const seen = (all) => [...(all ?? [])].filter((one) => one.checkVisibility());
    const around = within.map((id) => document.getElementById(id)).find(Boolean);
    return seen(document.querySelectorAll(tag)).find((one) => words(one) === said) ?? seen(around?.querySelectorAll("a[data-panel], a, button"))[0];
  };

  document.addEventListener("k:left", ({ detail: opener }) => opener && leave(opener));
  document.addEventListener("submit", (event) => {
    const whole = event.target.method === "post" && !event.target.closest("dialog") && !event.target.matches("[hx-post]");
    const field = document.activeElement;
    if (whole && event.submitter && !event.defaultPrevented) leave(event.submitter);
    if (!event.submitter && field?.form === event.target && field.matches(SENDING)) leave(field);
  });
  addEventListener("pageshow", () => {
    const left = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (left && document.activeElement === document.body) found(JSON.parse(left))?.focus();
  });
}
