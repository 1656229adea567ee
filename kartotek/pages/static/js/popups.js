// Links with data-popup open their page's #panel-content as a small list beside them; without scripts they lead there.
{
  const narrow = () => matchMedia("(max-width: 700px)").matches;
  let popup = null;
  const made = () => {
    if (popup) return popup;
    popup = Object.assign(document.createElement("div"), { className: "k-popup", popover: "auto" });
    popup.setAttribute("role", "dialog");
    document.body.append(popup);
    return popup;
  };
  const lay = (link) => {
    const { left, bottom, top } = link.getBoundingClientRect();
    const { width, height } = popup.getBoundingClientRect();
    const below = bottom + 4 + height <= innerHeight || top < height;
    popup.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    popup.style.top = `${below ? bottom + 4 : top - height - 4}px`;
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-popup]");
    if (popup?.matches(":popover-open") && event.target.closest(".k-popup [data-panel-close]")) {
      event.preventDefault();
      return popup.hidePopover();
    }
    if (!link || narrow() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("panel-content");
    if (!answer.ok || !found) return (location.href = link.href);
    found.removeAttribute("id");
    made().replaceChildren(document.adoptNode(found));
    popup.setAttribute("aria-label", popup.querySelector("h1").textContent);
    popup.showPopover({ source: link });
    lay(link);
    popup.querySelector("li a")?.focus();
  });
}
