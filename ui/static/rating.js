import { send } from "./http.js";

async function rate(button) {
  const group = button.closest(".rating");
  const rating = button.getAttribute("aria-pressed") === "true" ? 0 : Number(button.dataset.rating);
  const told = group.querySelector(".told");
  try {
    await send(`/page/turns/${group.dataset.turn}/rating`, { rating }, "PUT");
  } catch (error) {
    told.textContent = error.message;
    return;
  }
  told.textContent = "";
  for (const each of group.querySelectorAll("[data-rating]"))
    each.setAttribute("aria-pressed", String(Number(each.dataset.rating) === rating));
}

export function start() {
  document.getElementById("turns").addEventListener("click", (event) => {
    const button = event.target.closest("[data-rating]");
    if (button) rate(button);
  });
}
