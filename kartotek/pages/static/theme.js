// Sets light or dark before the first paint: what the person chose, else what the system has.
{
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wish = root.dataset.theme;
    root.dataset.bsTheme = wish === "auto" ? (system.matches ? "dark" : "light") : wish;
  };
  apply();
  system.addEventListener("change", apply);
}
