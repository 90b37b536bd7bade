import { send } from "./http.js";

const section = () => document.getElementById("pins");

/** Put the list that a request gives in the place of the old one. */
async function show(address, method) {
  const html = await (await send(address, undefined, method)).text();
  section().innerHTML = html;
}

function complain(words) {
  const told = document.createElement("p");
  told.className = "failure";
  told.setAttribute("role", "alert");
  told.textContent = words;
  section().querySelector(".failure")?.remove();
  section().append(told);
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    complain(error.message);
  }
}

const load = () => attempt(() => show("/page/pins"));

/** Do what a button of the list says; while all are asked again it cannot be pressed. */
async function act(button) {
  const id = button.closest("[data-pin-id]")?.dataset.pinId;
  const acts = {
    ask: () => show("/page/pins/ask", "POST"),
    accept: () => show(`/page/pins/${id}/accept`, "POST"),
    unpin: async () => {
      await send(`/page/pins/${id}`, undefined, "DELETE");
      await show("/page/pins");
    },
  };
  button.disabled = true;
  await attempt(acts[button.dataset.pins]);
  button.disabled = false;
}

/** Pin the answer above a button. */
async function pin(button) {
  const proof = button.closest(".proof");
  const told = proof.querySelector(".told");
  try {
    await send(`/page/turns/${proof.dataset.proof}/pin`, undefined, "POST");
    told.textContent = "Pinned; see Documents.";
  } catch (error) {
    told.textContent = error.message;
  }
}

export function start() {
  document.getElementById("turns").addEventListener("click", (event) => {
    const button = event.target.closest("[data-pin]");
    if (button) pin(button);
  });
  section().addEventListener("click", (event) => {
    const button = event.target.closest("[data-pins]");
    if (button) act(button);
  });
  document.addEventListener("pinpoint:indexed", load);
  document.addEventListener("pinpoint:view", (event) => {
    if (event.detail === "documents") load();
  });
}
