// What has data-copies puts something on the clipboard: a link its address (without scripts it leads there), a button,
// which only shows with scripts, what stands in the field of that id.
{
  const say = (text) => {
    const toast = Object.assign(document.createElement("div"), { className: "k-toast", textContent: text });
    document.getElementById("toasts").replaceChildren(toast);
    setTimeout(() => toast.remove(), 3000);
  };
  const copy = async (field) => {
    field.select();
    // Away from https and this machine there is no other way.
    if (!navigator.clipboard) return document.execCommand("copy");
    await navigator.clipboard.writeText(field.value);
    return true;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copies]");
    if (button && (await copy(document.getElementById(button.dataset.copies)))) say(button.dataset.copied);
    const link = event.target.closest("a[data-copies]");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await navigator.clipboard.writeText(link.href);
    say(link.dataset.copied);
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button[data-copies]")) button.hidden = false;
  });
}
