import { bounds } from "./filters.js";
import { events, send } from "./http.js";
import { open, tell as tellPlace } from "./source_pane.js";

// The check that runs; a new one or "Stop" ends it.
let running = null;

const $ = (id) => document.getElementById(id);
const tell = (words) => ($("check-told").textContent = words);

function fail(words) {
  $("check-failed").textContent = words;
  $("check-failed").hidden = !words;
}

/** Show a sentence that the server rendered, and the first of its quotes beside it if none is yet. */
function put(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  $("check-result").append(made.content);
  if (!$("check-result").querySelector("[aria-current]"))
    open($("check-result").querySelector("div > blockquote .chip"));
  tellPlace();
}

async function check(text) {
  const mine = (running = {});
  const result = $("check-result");
  result.replaceChildren();
  open(null);
  fail("");
  tell("Reading the text…");
  $("check-stop").hidden = false;
  let total = 0;
  let ended = false;
  try {
    for await (const { event, data } of events(await send("/page/claims", { text, ...bounds() }))) {
      if (mine !== running) return;
      if (event === "sentences") total = data;
      if (event === "claim") put(data);
      if (event === "claim" || event === "sentences")
        tell(`${result.children.length} of ${total} sentences checked`);
      if (event === "queued") tell("Waiting for a question that is before this…");
      if (event === "checked") tell(data);
      if (event === "failed") throw new Error(data);
      ended = event === "checked";
    }
    if (!ended) throw new Error("The check was cut off; start it again.");
  } catch (error) {
    if (mine === running) fail(error.message);
  } finally {
    if (mine === running) $("check-stop").hidden = true;
  }
}

export function start() {
  $("check-form").addEventListener("submit", (event) => {
    event.preventDefault();
    check($("check-text").value);
  });
  $("check-stop").addEventListener("click", () => {
    running = null;
    $("check-stop").hidden = true;
    tell(`Stopped after ${$("check-result").children.length} sentences`);
  });
  document.addEventListener("pinpoint:view", (event) => {
    if (event.detail === "check") $("check-bounds").textContent = $("bounds").textContent;
  });
}
