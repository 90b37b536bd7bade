import { bounds } from "./filters.js";
import { events, fragment, send } from "./http.js";
import { open } from "./source_pane.js";

const STAGES = {
  searching: "Searching your documents…",
  reading: "Reading the best passages…",
  "checking quotes": "Checking quotes…",
};

const CUT_OFF = "What the model wrote was cut off; the quotes are the answer.";

// The conversation that is shown: its id once it is kept, and until then the last answer awaited.
let shown = { id: null, beginning: null };

// Whether the question in the box is one that was understood otherwise than meant, being put right.
let editing = false;

const turns = () => document.getElementById("turns");
const welcome = () => document.querySelector(".welcome");

/** Put a question at the end of the chat, as waiting; return its place there. */
function wait(question) {
  const turn = document.getElementById("pending").content.cloneNode(true).firstElementChild;
  const asked = turn.querySelector(".question");
  if (question.trim()) asked.textContent = question;
  else asked.remove();
  welcome().hidden = true;
  turns().append(turn);
  say(turn, STAGES.searching);
  turn.scrollIntoView();
  return turn;
}

function say(turn, words) {
  turn.querySelector(".stage").textContent = words;
}

/** The elements of HTML that the server rendered. */
function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Put a reply that the server rendered in the place of a waiting one. */
function reply(turn, html) {
  const put = made(html).firstElementChild;
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

const before = (count) =>
  count === 1 ? "One question is before yours." : `${count} questions are before yours.`;

async function ask(question) {
  const asked = { question, ...bounds(), as_typed: editing };
  editing = false;
  const turn = wait(question);
  const place = shown;
  // Two questions must not begin two conversations.
  const first = place.id ? null : place.beginning;
  if (first) say(turn, before(turns().querySelectorAll(".pending").length - 1));
  const answering = Promise.resolve(first).then(
    () => new Promise((done) => answer(turn, asked, place, done)),
  );
  if (!place.id) place.beginning = answering;
  await answering;
  count();
}

/** Ask, and show what comes of it; `done` is called once the quotes are there, or never will be. */
async function answer(turn, asked, place, done) {
  let answered = false;
  let shownTurn = null;
  try {
    const body = { ...asked, conversation: place.id };
    for await (const { event, data } of events(await send("/page/ask", body))) {
      if (event === "queued") say(turn, before(data));
      if (event === "understood") turn.querySelector(".as").textContent = `Understood as “\u2068${data}\u2069”`;
      if (event === "stage") say(turn, STAGES[data]);
      if (event === "turn") {
        answered = true;
        place.id = data.conversation ?? place.id;
        shownTurn = arrive(turn, data, place);
        tell(place);
        done();
      }
      if (event === "phrasing") phrasing(shownTurn, data);
      if (event === "phrased") shownTurn?.querySelector(".phrasing")?.replaceWith(made(data));
    }
    if (!answered) throw new Error("The answer was cut off; ask again.");
    if (shownTurn?.querySelector("p.phrasing")) phrasing(shownTurn, null, CUT_OFF);
  } catch (error) {
    if (!answered) fail(turn, error.message);
    else phrasing(shownTurn, null, CUT_OFF);
  } finally {
    done();
  }
}

/** Show an answer, and return it, unless another conversation was opened meanwhile. */
function arrive(turn, { html, turn: id }, place) {
  if (turn.isConnected) {
    const put = reply(turn, html);
    open(put.querySelector(".found .chip"));
    return put;
  }
  // Its own was left and opened again, without the question, while that was worked on.
  if (place.id === shown.id && id && !turns().querySelector(`[data-turn="${id}"]`))
    turns().append(made(html));
  return null;
}

/** Say under the quotes that a model is writing, or that it broke off. */
function phrasing(turn, model, words = `\u2068${model}\u2069 is writing an answer from these quotes…`) {
  const note = Object.assign(document.createElement("p"), { className: "phrasing lead", textContent: words });
  note.setAttribute("role", "status");
  const before = turn?.querySelector(".phrasing");
  if (before) before.replaceWith(note);
  else if (model !== null) turn?.querySelector(".found")?.append(note);
}

/** Tell the list that a conversation has a new turn. */
function tell(place) {
  const detail = { id: place.id, shown: place === shown };
  document.dispatchEvent(new CustomEvent("pinpoint:conversation", { detail }));
}

/** Show a conversation's turns, as the server rendered them, in the place of those shown. */
export function show(html, id) {
  shown = { id, beginning: null };
  editing = false;
  turns().replaceChildren(made(html));
  welcome().hidden = Boolean(turns().firstElementChild);
  const last = turns().lastElementChild;
  last?.scrollIntoView();
  open(last?.querySelector(".found .chip") ?? null);
}

/** Show an empty chat; the next question begins a conversation. */
export function clear() {
  show("", null);
}

/** Say how many documents are indexed. */
async function count() {
  try {
    document.getElementById("counted").textContent = await (await send("/page/counted")).json();
  } catch (error) {
    document.getElementById("counted").textContent = error.message;
  }
}

/** Offer questions that the documents answer, while nothing has been asked. */
async function offer() {
  try {
    document.getElementById("examples")?.replaceChildren(await fragment("/page/examples"));
  } catch {
    // Examples are a help, not a promise.
  }
}

/** Ask what was submitted, also before this script had started. */
function askTyped() {
  for (const question of window.pinpointAsked?.splice(0) ?? []) ask(question);
}

/** Put a question into the box, to be changed and asked as it then stands. */
function edit(question) {
  const box = document.querySelector("#question textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  editing = true;
}

export function start() {
  document.addEventListener("pinpoint:question", askTyped);
  document.addEventListener("click", (event) => {
    const example = event.target.closest(".example");
    if (example) ask(example.textContent);
    const button = event.target.closest("[data-edit]");
    if (button) edit(button.parentElement.querySelector("q").textContent);
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("#question textarea") && !target.value.trim()) editing = false;
  });
  document.addEventListener("pinpoint:indexed", () => {
    count();
    offer();
  });
  count();
  offer();
}
