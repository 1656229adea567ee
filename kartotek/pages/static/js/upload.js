// A form that sends one file (data-upload): dropped or chosen, with the share that has arrived, refused when too large.
{
  const form = document.querySelector("[data-upload]");
  const size = (bytes) => (bytes >= 1048576 ? `${Math.round(bytes / 1048576)} MB` : `${Math.ceil(bytes / 1024)} KB`);
  const start = (input) => {
    const part = (name) => form.querySelector(`[data-${name}]`);
    const wrong = (sentence) => {
      part("wrong").textContent = sentence;
      part("wrong").hidden = false;
      part("progress").hidden = true;
      input.value = "";
    };
    const files = [...input.files];
    const large = files.find((file) => file.size > Number(form.dataset.limit));
    if (large) return wrong(form.dataset.tooLarge.replace("%size%", size(large.size)));
    part("wrong").hidden = true;
    part("progress").hidden = false;
    part("file-name").textContent = files.map((file) => file.name).join(", ");
    const sending = new XMLHttpRequest();
    sending.upload.onprogress = (event) => {
      const share = Math.floor((event.loaded / event.total) * 100);
      form.querySelector("progress").value = share;
      part("share").textContent = share < 100 ? `${share} %` : form.dataset.reading;
    };
    sending.onload = () => {
      const page = new DOMParser().parseFromString(sending.responseText, "text/html");
      const said = page.querySelector("[data-wrong]:not([hidden])") ?? page.querySelector(".k-sheet p:not(.k-code)");
      if (sending.status < 400) {
        document.dispatchEvent(new CustomEvent("k:sent"));
        location.href = sending.responseURL;
      } else wrong(said?.textContent ?? form.dataset.lost);
    };
    sending.onerror = () => wrong(form.dataset.lost);
    sending.open("POST", form.action);
    sending.send(new FormData(form));
  };
  if (form) {
    const input = form.querySelector("input[type=file]");
    const zone = form.querySelector("[data-drop]");
    input.addEventListener("change", () => input.files.length && start(input));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.files.length) start(input);
    });
    for (const name of ["dragover", "dragleave", "drop"]) {
      addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.toggle("k-over", name === "dragover");
        if (name !== "drop" || !event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        start(input);
      });
    }
  }
}
