// A page that is one of several steps ([data-steps]): whoever goes on or back finds the keyboard at what is wrong, else at
// the heading of the page that comes, and a screen reader reads that out. A button that only adds to the page ([data-stays])
// keeps the keyboard. A page that loads the next one by itself, as the progress of an import does at its end, hands it on.
{
  const KEY = "k-step";
  const LONGEST = 60_000; // milliseconds that an answer may take
  const leave = () => document.querySelector("[data-steps]") && sessionStorage.setItem(KEY, Date.now());
  const arrive = (at) => {
    const main = document.querySelector("main");
    const wrong = [...main.querySelectorAll("[role=alert]")].find((one) => one.checkVisibility());
    const place = wrong ?? main.querySelector("h1");
    if (!place || Date.now() - at > LONGEST || (!wrong && main.querySelector("[autofocus]"))) return;
    place.tabIndex = -1;
    place.focus();
  };

  document.addEventListener("k:sent", leave);
  document.addEventListener("submit", (event) => {
    const whole = event.target.method === "post" && !event.target.closest("dialog") && !event.defaultPrevented;
    if (whole && event.submitter && !event.submitter.matches("[data-stays]")) leave();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-steps] a") && leave());
  addEventListener("pagehide", () => document.activeElement?.matches("main h1") && leave());
  addEventListener("pageshow", () => {
    const at = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (at) arrive(Number(at));
  });
}
