const KEY = "pinpoint-view";
const page = () => document.getElementById("pinpoint");

/** Show one of the views, `ask`, `documents` or `check`, and tell its script that it is seen. */
export function show(view) {
  page().dataset.view = view;
  sessionStorage.setItem(KEY, view);
  for (const button of document.querySelectorAll("#side button[data-view]"))
    if (button.dataset.view === view) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  close();
  document.dispatchEvent(new CustomEvent("pinpoint:view", { detail: view }));
}

/** Close the drawer that holds the side's parts on a narrow screen. */
function close() {
  document.getElementById("side").classList.remove("open");
  document.getElementById("menu").setAttribute("aria-expanded", "false");
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-view]");
    if (button) show(button.dataset.view);
  });
  document.getElementById("menu").addEventListener("click", () => {
    const open = document.getElementById("side").classList.toggle("open");
    document.getElementById("menu").setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

/** Show the view that was seen before the page was loaded again; once all parts listen. */
export function restore() {
  show(sessionStorage.getItem(KEY) ?? "ask");
}
