import * as chat from "./chat.js";
import { send } from "./http.js";
import { show as showView } from "./view.js";

const ADDRESS = "/page/conversations";
const KEY = "pinpoint-conversation"; // of the tab, not of the browser
const PAUSE_MS = 200;

let limit = 50;
let drawn = null; // the list's HTML
let refreshing = 0; // which request for the list was the last,
let opening = 0; // and which for a conversation

const list = () => document.getElementById("conversation-list");
const search = () => document.getElementById("conversation-search");
const item = (id) =>
  [...list().querySelectorAll("li")].find((each) => each.dataset.conversation === id);
const current = () => sessionStorage.getItem(KEY);

function tell(words) {
  document.getElementById("conversation-told").textContent = words;
}

/** Do something that may fail, and say so in words. */
async function attempt(work) {
  tell("");
  try {
    await work();
  } catch (error) {
    tell(error.message);
  }
}

function remember(id) {
  if (id) sessionStorage.setItem(KEY, id);
  else sessionStorage.removeItem(KEY);
  mark();
}

/** Mark the conversation that is shown. */
function mark() {
  for (const each of list().querySelectorAll("li")) {
    const open = each.querySelector(".open");
    if (each.dataset.conversation === current()) open.setAttribute("aria-current", "true");
    else open.removeAttribute("aria-current");
  }
}

/** Fetch the list anew, unless a title is being written or a deletion asked about. */
async function refresh() {
  if (list().querySelector(".renaming, .deleting")) return;
  const mine = (refreshing += 1);
  const query = new URLSearchParams({ search: search().value, limit });
  const html = await (await send(`${ADDRESS}?${query}`)).text();
  if (mine !== refreshing || list().querySelector(".renaming, .deleting")) return;
  if (html !== drawn) draw(html);
  mark();
}

/** Put a list that the server rendered in the place of the old one; what is in use stays so. */
function draw(html) {
  drawn = html;
  const active = document.activeElement;
  const focused = active.closest("#conversation-list li")?.dataset.conversation;
  const act = active.dataset.do;
  const control = act ? `[data-do=${act}]` : active.matches(".more") ? ".more" : ".open";
  const expanded = list().querySelector(".more[aria-expanded=true]")?.closest("li");
  const template = document.createElement("template");
  template.innerHTML = html;
  list().replaceChildren(template.content);
  if (expanded) toggle(item(expanded.dataset.conversation), true);
  if (focused) item(focused)?.querySelector(control).focus();
}

async function openOne(id) {
  const mine = (opening += 1);
  try {
    const html = await (await send(`${ADDRESS}/${encodeURIComponent(id)}`)).text();
    if (mine !== opening) return; // another was opened or begun meanwhile
    chat.show(html, id);
    remember(id);
  } catch (error) {
    if (mine === opening && error.status === 404 && id === current()) begin();
    throw error;
  }
}

/** Show an empty chat. */
function begin() {
  opening += 1;
  chat.clear();
  remember(null);
}

/** Open or close the buttons below a title; those of others close. */
function toggle(li, open) {
  for (const each of list().querySelectorAll("li")) {
    const shown = each === li && open;
    each.querySelector(".actions").hidden = !shown;
    each.querySelector(".more").setAttribute("aria-expanded", String(shown));
  }
}

/** Put a form or question of the page's templates in the place of a title. */
function ask(li, name) {
  cancel();
  toggle(null, false);
  const put = document.getElementById(name).content.cloneNode(true).firstElementChild;
  li.querySelector(".row").hidden = true;
  li.append(put);
  return put;
}

/** Take the form or question away. */
function cancel() {
  const put = list().querySelector(".renaming, .deleting");
  if (!put) return;
  const li = put.closest("li");
  put.remove();
  li.querySelector(".row").hidden = false;
  li.querySelector(".open").focus();
}

/** Take the form or question away, and catch up with what it held up. */
function stop() {
  cancel();
  attempt(refresh);
}

function rename(li) {
  const input = ask(li, "renaming").querySelector("input");
  input.value = li.querySelector(".open").textContent;
  input.select();
}

function confirmDeletion(li) {
  const group = ask(li, "deleting");
  const title = li.querySelector(".open").textContent;
  group.querySelector("bdi").textContent = title;
  group.setAttribute("aria-label", `Delete ${title}?`);
  group.querySelector("[data-do=cancel]").focus();
}

async function save(form) {
  const id = form.closest("li").dataset.conversation;
  await send(`${ADDRESS}/${id}`, { title: form.elements.title.value }, "PATCH");
  cancel();
  await refresh();
}

async function remove(li) {
  const id = li.dataset.conversation;
  const next = (li.nextElementSibling ?? li.previousElementSibling)?.dataset.conversation;
  try {
    await send(`${ADDRESS}/${id}`, undefined, "DELETE");
  } finally {
    cancel();
  }
  if (id === current()) begin();
  await refresh();
  tell("Deleted.");
  (item(next)?.querySelector(".open") ?? document.getElementById("new-conversation")).focus();
}

async function onClick({ target }) {
  const button = target.closest("button, a");
  const li = target.closest("li");
  if (button?.matches(".open"))
    await attempt(async () => {
      await openOne(li.dataset.conversation);
      showView("ask");
      document.getElementById("turns").focus({ preventScroll: true });
    });
  if (button?.matches(".more")) toggle(li, button.getAttribute("aria-expanded") !== "true");
  if (button?.matches(".older")) {
    limit = Number(button.dataset.limit);
    await attempt(refresh);
  }
  const acts = {
    rename: () => rename(li),
    delete: () => confirmDeletion(li),
    cancel: stop,
    "delete-now": () => attempt(() => remove(li)),
  };
  await acts[button?.dataset.do]?.();
}

function onKey(event) {
  if (event.key !== "Escape") return;
  const li = event.target.closest("li");
  if (list().querySelector(".renaming, .deleting")) stop();
  else if (li && !li.querySelector(".actions").hidden) {
    toggle(null, false);
    li.querySelector(".more").focus();
  } else return;
  event.stopPropagation(); // else the drawer closes too
}

export function start() {
  let pause;
  search().addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => attempt(refresh), PAUSE_MS);
  });
  list().addEventListener("click", onClick);
  list().addEventListener("keydown", onKey);
  list().addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => save(event.target));
  });
  document.getElementById("new-conversation").addEventListener("click", () => {
    begin();
    showView("ask");
    document.querySelector("#question textarea").focus();
  });
  document.addEventListener("pinpoint:conversation", ({ detail }) => {
    if (detail.shown && detail.id) remember(detail.id);
    attempt(refresh);
  });
  document.addEventListener("pinpoint:question", () => (opening += 1));
  // Another tab may have asked, renamed or deleted meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) attempt(refresh);
  });
  attempt(async () => {
    const before = opening;
    await refresh();
    // A question may have been asked already.
    if (current() && before === opening) await openOne(current());
  });
}
