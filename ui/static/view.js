const KEY = "pinpoint-view";
const page = () => document.getElementById("pinpoint");

/** Show one of the views, `ask`, `documents` or `check`, and tell its script that it is seen. */
export function show(view) {
  page().dataset.view = view;
  sessionStorage.setItem(KEY, view);
  for (const button of document.querySelectorAll("#side button[data-view]"))
    if (button.dataset.view === view) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  toggle(false);
  document.dispatchEvent(new CustomEvent("pinpoint:view", { detail: view }));
}

const side = () => document.getElementById("side");
const menu = () => document.getElementById("menu");
const isOpen = () => side().classList.contains("open");

/** Open or close the drawer that holds the side's parts on a narrow screen. */
function toggle(open) {
  side().classList.toggle("open", open);
  menu().setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#drawer [aria-current]").focus();
}

/** Put the focus where the view that is shown begins. */
function skip(event) {
  event.preventDefault();
  const asking = page().dataset.view === "ask";
  document.querySelector(asking ? "#question textarea" : "#collection-title").focus();
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-view]");
    if (button) show(button.dataset.view);
  });
  document.querySelector(".skip").addEventListener("click", skip);
  menu().addEventListener("click", () => toggle(!isOpen()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    toggle(false);
    menu().focus();
  });
  // It lies over the page, so it closes as soon as something of the page is used.
  side().addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !side().contains(relatedTarget)) toggle(false);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (isOpen() && !side().contains(target)) toggle(false);
  });
}

/** Show the view that was seen before the page was loaded again; once all parts listen. */
export function restore() {
  show(sessionStorage.getItem(KEY) ?? "ask");
}
