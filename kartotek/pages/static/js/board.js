// A board (data-board): cards (data-slip) are carried to another lane by the mouse, or by keys: the space bar takes one up
// and puts it down, the arrows carry it, Esc puts it back. The server is told at once; what it refuses goes back.
{
  let held = null;
  const lane = (of) => of.closest?.("[data-lane]");
  const cards = (of) => [...of.querySelectorAll("[data-lane-cards] > *")];
  const name = (of) => of.querySelector("[data-lane-head] .k-cut").textContent;
  const link = (card) => card.querySelector("a");
  const tell = (card) => (card.closest("[data-board]").querySelector("[data-board-says]").textContent = `${card.dataset.slip} → ${name(lane(card))}`);
  const mark = (over) => {
    document.querySelectorAll(".k-over").forEach((one) => one !== over && one.classList.remove("k-over"));
    over?.classList.add("k-over");
  };
  const take = (card) => {
    held = { card, from: lane(card), next: card.nextElementSibling };
    card.classList.add("k-held");
  };
  const put = (card, to) => {
    to.querySelector("[data-lane-cards]").prepend(card);
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const back = ({ card, from, next }) => {
    const list = from.querySelector("[data-lane-cards]");
    list.insertBefore(card, next?.parentElement === list ? next : null);
    if (document.activeElement === document.body) link(card).focus();
  };
  const free = () => {
    const was = held;
    held = null;
    mark(null);
    was?.card.classList.remove("k-held");
    return was;
  };
  const say = (toast) => {
    document.getElementById("toasts").replaceChildren(document.adoptNode(toast));
    if (!toast.matches(".k-wrong")) setTimeout(() => toast.remove(), 6000);
  };
  const told = (text) => new DOMParser().parseFromString(text, "text/html");
  const send = async (was) => {
    const { card, from } = was;
    const to = lane(card);
    if (to === from) return;
    const board = card.closest("[data-board]");
    const body = new URLSearchParams({ csrf: board.dataset.csrf, stage: to.dataset.lane });
    const answer = await fetch(card.dataset.moves, { method: "post", body, headers: { "hx-request": "true" } }).catch(() => null);
    const page = answer && told(await answer.text());
    if (!answer?.ok) back(was);
    else board.querySelectorAll("[data-lane]").forEach((one) => {
      const fresh = page.getElementById(one.id)?.querySelector("[data-lane-head]");
      if (fresh) one.querySelector("[data-lane-head]").replaceWith(document.adoptNode(fresh));
    });
    say(page?.querySelector("[data-toast]") ?? Object.assign(document.createElement("div"), { className: "k-toast k-wrong", textContent: board.dataset.lost }));
  };
  const walk = (card, key) => {
    const all = [...card.closest("[data-board]").querySelectorAll("[data-lane]")].filter((one) => held || cards(one).length);
    const at = cards(lane(card)).indexOf(card);
    if (key === "ArrowUp" || key === "ArrowDown") return held ? card : cards(lane(card))[at + (key === "ArrowUp" ? -1 : 1)];
    const to = all[all.indexOf(lane(card)) + (key === "ArrowLeft" ? -1 : 1)];
    if (!to || !held) return to && cards(to)[Math.min(at, cards(to).length - 1)];
    put(card, to);
    tell(card);
    return card;
  };

  document.addEventListener("dragstart", (event) => event.target.matches?.("[data-slip]") && take(event.target));
  document.addEventListener("dragover", (event) => {
    const over = held && lane(event.target);
    if (!over) return;
    event.preventDefault();
    mark(over);
  });
  document.addEventListener("drop", (event) => {
    const over = held && lane(event.target);
    if (!over) return;
    event.preventDefault();
    if (over !== held.from) put(held.card, over);
    send(free());
  });
  document.addEventListener("dragend", () => held && free());
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-board] li");
    if (!card || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("a:not([data-panel])")) return;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      const next = walk(card, event.key);
      return next && link(next).focus();
    }
    if (event.key === "Escape" && held) back(free()), link(card).focus();
    if (!(event.key === " " || (event.key === "Enter" && held)) || !card.dataset.slip) return;
    event.preventDefault();
    if (held) send(free());
    else take(card);
    tell(card), link(card).focus();
  });
}
