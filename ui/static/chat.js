import { events, send } from "./http.js";
import { open } from "./source_pane.js";

const STAGES = {
  searching: "Searching your documents…",
  reading: "Reading the best passages…",
  "checking quotes": "Checking quotes…",
};

/** Put a question at the end of the chat, as waiting; return its place there. */
function wait(question) {
  const turn = document.getElementById("pending").content.cloneNode(true).firstElementChild;
  const asked = turn.querySelector(".question");
  if (question.trim()) asked.textContent = question;
  else asked.remove();
  document.querySelector(".welcome")?.remove();
  document.getElementById("turns").append(turn);
  say(turn, STAGES.searching);
  turn.scrollIntoView();
  return turn;
}

function say(turn, words) {
  turn.querySelector(".stage").textContent = words;
}

/** Put a reply that the server rendered in the place of a waiting one. */
function reply(turn, html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const put = made.content.firstElementChild;
  turn.replaceWith(put);
  put.scrollIntoView();
  return put;
}

function fail(turn, words) {
  const reply = turn.querySelector(".reply");
  reply.className = "reply failure";
  reply.setAttribute("role", "alert");
  reply.replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));
}

async function ask(question) {
  const turn = wait(question);
  const bound = (name) => document.querySelector(`#filters [name=${name}]`).value || null;
  let answered = false;
  try {
    const body = { question, since: bound("since"), until: bound("until") };
    for await (const { event, data } of events(await send("/page/ask", body))) {
      if (event === "queued")
        say(turn, data === 1 ? "One question is before yours." : `${data} questions are before yours.`);
      if (event === "stage") say(turn, STAGES[data]);
      if (event === "turn") {
        answered = true;
        open(reply(turn, data).querySelector(".found .chip"));
      }
    }
    if (!answered) throw new Error("The answer was cut off; ask again.");
  } catch (error) {
    if (!answered) fail(turn, error.message);
  }
  count();
}

/** Say how many documents are indexed. */
async function count() {
  try {
    document.getElementById("counted").textContent = await (await send("/page/counted")).json();
  } catch (error) {
    document.getElementById("counted").textContent = error.message;
  }
}

export function start() {
  document.addEventListener("pinpoint:question", (event) => ask(event.detail));
  document.addEventListener("pinpoint:indexed", count);
  count();
}
