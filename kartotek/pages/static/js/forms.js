// Small help for forms: a pressed button says that it is busy; Esc takes the way of [data-escape]; Enter sends.
{
  document.documentElement.classList.add("k-scripted");
  document.addEventListener("submit", (event) => {
    const button = event.submitter ?? event.target.querySelector("button[data-busy]");
    if (!button?.dataset.busy) return;
    button.dataset.words = button.textContent;
    setTimeout(() => {
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-disabled", "true");
    });
  });
  addEventListener("pageshow", () => document.querySelectorAll("button[data-words]").forEach((button) => {
    button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
  }));
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-inline]");
    if (form && event.key === "Escape") form.querySelector("[data-escape]").click();
    if (form && event.key === "Enter" && event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  document.addEventListener("change", (event) => {
    const asked = event.target.closest("[data-submit-on-change]");
    (asked?.form ?? asked)?.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]").remove();
    if (event.target.closest("[data-back]")) { event.preventDefault(); history.back(); }
    const to = event.target.closest("[data-opens-field]");
    const field = to && document.querySelector(to.dataset.opensField);
    if (field?.checkVisibility()) { event.preventDefault(); field.focus(); }
  });
  const fade = () => document.querySelectorAll("[data-toast]:not(.k-wrong)").forEach((toast) => setTimeout(() => toast.remove(), 6000));
  addEventListener("pageshow", fade);
  document.addEventListener("htmx:after:settle", fade);
}
