import { send } from "./http.js";

const POLL_MS = 1000;
const HIDDEN = "pinpoint-hidden-job";
let timer = null;
let ended; // which job was seen to have ended last; undefined before the first look

const part = (name) => document.getElementById(`job${name}`);

/** Begin to follow the job, from now on until it has ended. */
export async function follow() {
  clearTimeout(timer);
  timer = null;
  let now;
  try {
    now = await (await send("/page/job")).json();
    if (now.state) await show(now.state, now.words);
  } catch {
    timer = setTimeout(follow, 5 * POLL_MS);
    return;
  }
  for (const hint of document.querySelectorAll(".none-yet")) hint.hidden = !now.empty;
  if (now.state && !now.state.finished) timer = setTimeout(follow, POLL_MS);
  tell(now.state?.finished ? now.state.started : null);
}

/** Tell the page when another job has ended since the last look. */
function tell(now) {
  const news = now && ended !== undefined && now !== ended;
  if (now || ended === undefined) ended = now;
  if (news) document.dispatchEvent(new CustomEvent("pinpoint:indexed"));
}

async function show(state, words) {
  const over = Boolean(state.finished);
  const hidden = over && sessionStorage.getItem(HIDDEN) === state.started;
  part("").hidden = hidden;
  part("").dataset.started = state.started;
  part("-title").textContent = words.title;
  for (const name of ["label", "speed", "left"]) part(`-${name}`).textContent = words[name];
  bar(state);
  part("-cancel").hidden = over;
  part("-hide").hidden = !over;
  part("-cancel").disabled = state.cancelling;
  for (const button of document.querySelectorAll("#collection [data-changes]"))
    button.disabled = !over;
  const result = part("-result");
  if (!over) {
    result.replaceChildren();
    delete result.dataset.of;
  } else if (!hidden && result.dataset.of !== state.started) {
    put(result, await (await send("/page/job/result")).text());
    result.dataset.of = state.started;
  }
}

function bar(state) {
  const progress = part("-progress");
  progress.hidden = Boolean(state.finished);
  if (state.total) {
    progress.max = state.total;
    progress.value = state.done;
  } else progress.removeAttribute("value");
}

/** Put HTML that the server rendered into an element. */
export function put(element, html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  element.replaceChildren(made.content);
}

export function start() {
  part("-cancel").addEventListener("click", async () => {
    try {
      await send("/page/job/cancel", {});
    } finally {
      follow();
    }
  });
  part("-hide").addEventListener("click", () => {
    sessionStorage.setItem(HIDDEN, part("").dataset.started);
    part("").hidden = true;
    document.getElementById("update").focus();
  });
  document.addEventListener("pinpoint:view", (event) => {
    if (event.detail === "documents") follow();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) follow();
  });
  follow();
}
