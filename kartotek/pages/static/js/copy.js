// Links with data-copies put their address on the clipboard; without scripts they lead there.
{
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-copies]");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await navigator.clipboard.writeText(link.href);
    const toast = Object.assign(document.createElement("div"), { className: "k-toast", textContent: link.dataset.copied });
    document.getElementById("toasts").replaceChildren(toast);
    setTimeout(() => toast.remove(), 3000);
  });
}
