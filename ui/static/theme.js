const KEY = "pinpoint-theme";

/** Tell whether the page is dark: as the person chose, or else as the system is. */
function dark() {
  const chosen = localStorage.getItem(KEY);
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Put the theme on the page in Gradio's way, and on the source document in it. */
function apply() {
  document.body.classList.toggle("dark", dark());
  // There is no element yet while it loads; it is done again then.
  const source = document.querySelector("#source iframe").contentDocument?.documentElement;
  if (source) source.dataset.theme = dark() ? "dark" : "light";
}

export function start() {
  const select = document.getElementById("theme");
  select.value = localStorage.getItem(KEY) ?? "";
  select.addEventListener("change", () => {
    if (select.value) localStorage.setItem(KEY, select.value);
    else localStorage.removeItem(KEY);
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  document.querySelector("#source iframe").addEventListener("load", apply);
  apply();
}
