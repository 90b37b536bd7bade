import { quoted } from "./source_pane.js";

const LINGER_MS = 250; // for the pointer's way from the chip to what it shows

let shown = null;
let leaving = null;

/** Show the quote of a chip, with its source, beside it. */
function show(chip) {
  hide();
  const quote = quoted(chip).closest("blockquote").querySelector(".quote").cloneNode(true);
  const number = chip.textContent;
  const source = [...chip.closest(".reply").querySelectorAll(".sources li")]
    .find((item) => item.querySelector(".number").textContent === number)
    .lastElementChild.cloneNode(true);
  shown = Object.assign(document.createElement("div"), { id: "quoted", role: "tooltip" });
  shown.append(quote, source);
  document.getElementById("pinpoint").append(shown);
  const at = chip.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - shown.offsetWidth - 8));
  const below = at.bottom + shown.offsetHeight + 8 < innerHeight;
  shown.style.left = `${left}px`;
  shown.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - shown.offsetHeight - 6)}px`;
  chip.setAttribute("aria-describedby", "quoted");
}

function hide() {
  clearTimeout(leaving);
  shown?.remove();
  shown = null;
  for (const chip of document.querySelectorAll(".chip[aria-describedby]"))
    chip.removeAttribute("aria-describedby");
}

export function start() {
  const chip = (event) => event.target.closest?.(".chip");
  const over = (event) => chip(event) ?? event.target.closest?.("#quoted");
  for (const name of ["mouseover", "focusin"])
    document.addEventListener(name, (event) => chip(event) && show(chip(event)));
  document.addEventListener("mouseover", (event) => over(event) && clearTimeout(leaving));
  document.addEventListener("mouseout", (event) => {
    if (over(event)) leaving = setTimeout(hide, LINGER_MS);
  });
  document.addEventListener("focusout", (event) => chip(event) && hide());
  document.addEventListener("scroll", hide, true);
  addEventListener("resize", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
