// Ticked rows bring up the bar that says how many there are (data-ticked), and that all the page shows can be meant
// (data-tick-every, which says how many those are).
{
  const show = () => {
    const bar = document.querySelector("[data-ticked]");
    if (!bar) return;
    const count = document.querySelectorAll("[data-rows] [data-tick]:checked").length;
    bar.hidden = count === 0;
    const meant = bar.querySelector("[data-tick-every]");
    if (meant && count < document.querySelectorAll("[data-rows] [data-tick]").length) meant.checked = false;
    bar.querySelector("[data-ticked-count]").textContent = meant?.checked ? meant.dataset.tickEvery : count;
    const all = document.querySelector("[data-tick-all]");
    const every = document.querySelectorAll("[data-rows] [data-tick]").length;
    all.checked = count === every;
    all.indeterminate = count > 0 && count < every;
  };
  const set = (value) => {
    document.querySelectorAll("[data-rows] [data-tick]").forEach((box) => (box.checked = value));
    show();
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]") || (event.target.matches("[data-tick-every]") && event.target.checked)) set(event.target.checked);
    else if (event.target.matches("[data-tick], [data-tick-every]")) show();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-untick]") && set(false));
  addEventListener("pageshow", show);
}
