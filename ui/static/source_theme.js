/* In the head and no module, so that the page never shows in the other theme first. */
(() => {
  const apply = () => {
    const chosen = localStorage.getItem("pinpoint-theme");
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    document.documentElement.dataset.theme = chosen || system;
  };
  apply();
  addEventListener("storage", apply);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
})();
