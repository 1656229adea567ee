// Links with data-panel open their page's #panel-content over the present page; without scripts they just lead there.
{
  const frame = () => document.querySelector("[data-panel-frame]");
  let opener = null;
  let dirty = false; // the page below shows less than there is

  const narrow = () => matchMedia("(max-width: 700px)").matches;
  const fill = (text, address) => {
    const found = new DOMParser().parseFromString(text, "text/html").getElementById("panel-content");
    if (!found) return false;
    frame().replaceChildren(document.adoptNode(found));
    frame().dataset.address = address;
    document.dispatchEvent(new CustomEvent("k:shown", { detail: frame() }));
    window.htmx?.process(frame());
    if (!frame().open) frame().showModal();
    const first = frame().querySelector("[autofocus]") ?? frame().querySelector("input:not([type=hidden]), select, textarea");
    (first?.tomselect ?? first)?.focus();
    return true;
  };
  const open = async (address) => {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok || !fill(await answer.text(), address)) location.href = address;
  };
  const say = (text) => {
    const told = new DOMParser().parseFromString(text, "text/html").querySelector("[role=status]:has([data-toast])");
    if (!told) return;
    document.querySelectorAll("[data-toast]").forEach((old) => old.remove());
    frame().append(document.adoptNode(told));
  };
  const close = () => {
    if (dirty) {
      document.dispatchEvent(new CustomEvent("k:left", { detail: opener }));
      return location.reload();
    }
    frame().close();
    frame().replaceChildren();
    opener?.focus();
  };
  const send = async (form, button) => {
    const data = new FormData(form, button);
    const method = (button?.getAttribute("formmethod") ?? form.method).toLowerCase();
    const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? frame().dataset.address, location.href);
    if (method === "get") {
      address.search = new URLSearchParams(data);
      return open(address.href);
    }
    const body = new URLSearchParams(data);
    // What the next page has to say is for the one that the browser then goes to, not for this look at where that is.
    const kept = button?.name === "another" ? {} : { "x-said": "later" };
    const answer = await fetch(address, { method: "post", body, headers: { accept: "text/html", ...kept } });
    // The next form of several: it takes the place of this one, and what was done is said above it.
    if (answer.redirected && button?.name === "another") {
      const text = await answer.text();
      dirty = true;
      return fill(text, answer.url) ? say(text) : (location.href = answer.url);
    }
    if (answer.redirected) {
      document.dispatchEvent(new CustomEvent("k:left", { detail: opener }));
      const there = new URL(answer.url);
      return there.pathname === location.pathname && !there.search ? location.reload() : (location.href = answer.url);
    }
    if (answer.status === 409) dirty = true; // somebody else was quicker
    if (!fill(await answer.text(), address.href)) form.submit();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (event.target.closest("[data-panel-close]") && frame().open) {
      event.preventDefault();
      return close();
    }
    if (event.target === frame()) return close();
    if (!link || narrow() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!link.closest("dialog")) opener = link.closest("[data-menu]")?.querySelector("summary") ?? (link.matches("[data-peek]") ? link.closest("tr").querySelector("a") : link);
    open(link.href);
  });
  document.addEventListener("submit", (event) => {
    const asking = event.target.matches("form[data-panel]") && !event.target.closest("dialog") && !narrow();
    if (asking) {
      event.preventDefault();
      opener = event.submitter;
      const address = new URL(event.submitter?.getAttribute("formaction") ?? event.target.action, location.href);
      address.search = new URLSearchParams(new FormData(event.target));
      return open(address.href);
    }
    const inside = event.target.closest("[data-panel-frame]") && event.target.method !== "dialog" && !("download" in event.target.dataset);
    if (!inside || event.defaultPrevented) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("cancel", (event) => event.target === frame() && (event.preventDefault(), close()), true);
}
