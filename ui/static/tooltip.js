let shown = null;

/** Show the quote of a chip, with its source, beside it. */
function show(chip) {
  hide();
  const quote = chip.closest("blockquote").querySelector(".quote").cloneNode(true);
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
  shown?.remove();
  shown = null;
  for (const chip of document.querySelectorAll(".chip[aria-describedby]"))
    chip.removeAttribute("aria-describedby");
}

export function start() {
  const chip = (event) => event.target.closest?.(".chip");
  for (const name of ["mouseover", "focusin"])
    document.addEventListener(name, (event) => chip(event) && show(chip(event)));
  for (const name of ["mouseout", "focusout"])
    document.addEventListener(name, (event) => chip(event) && hide());
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
