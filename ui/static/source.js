import { start as startFinding } from "./source_find.js";
import { Parts } from "./source_parts.js";

const { source, query, quote, length } = document.body.dataset;
const box = (id) => document.getElementById(id);
const texts = new Parts(box("text"));
const sheets = box("sheets") && new Parts(box("sheets"));
let view = "text";
const places = {}; // how far each view is scrolled, once it was left

const parts = () => ({ text: texts, sheets })[view];

/** Say where in the document the reader is. */
function tell() {
  const at = parts()?.current;
  let told = "";
  if (at && view === "text") {
    const { start, end } = at.part.dataset;
    const place = Number(start) + at.share * (end - start);
    told = `${Math.round((100 * place) / Math.max(1, length))} %`;
  } else if (at) told = `Page ${at.part.dataset.number} of ${at.part.dataset.count}`;
  if (box("position").textContent !== told) box("position").textContent = told;
}

function say(words) {
  box("why").textContent = words;
  box("why").hidden = !words;
}

/** Show one of the views; the others stay as they are. The text is first seen at the quote. */
function choose(name) {
  if (name === view && !box(name).hidden) return;
  if (!box(view).hidden) places[view] = scrollY;
  view = name;
  for (const id of ["sheets", "table", "text"]) if (box(id)) box(id).hidden = id !== name;
  for (const button of document.querySelectorAll("[data-view]"))
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  if (box("leaves")) box("leaves").hidden = name !== "sheets";
  if (name in places || name !== "text") scrollTo(0, places[name] ?? 0);
  else toQuote();
}

const toQuote = () => document.querySelector("#text mark.quote")?.scrollIntoView({ block: "center" });

/** Show the part of the text at an address; `place` scrolls to what is wanted of it. */
async function showText(address, place) {
  choose("text");
  if (await texts.show(address)) place();
  await settle();
}

/** Show a page; `wanted` gives its number from the data of the page that is looked at. */
async function showSheet(wanted, marked = false) {
  choose("sheets");
  await inTurn(async () => {
    const number = wanted(sheets.current?.part.dataset ?? {});
    if (!(number > 0)) return; // no page is there to start from
    const there = sheets.all.find((one) => one.dataset.number === String(number));
    const sheet = there ?? (await sheets.show(`${source}/page/${number}?${query}`));
    const mark = marked ? sheet?.querySelector(".spot") : null;
    (mark ?? sheet)?.scrollIntoView({ block: mark ? "center" : "start" });
  });
  await settle();
}

/** Turn pages one after another: each turn starts where the one before it has ended. */
let turning = Promise.resolve();
const inTurn = (work) => (turning = turning.then(work, work));
const showQuotedSheet = () => showSheet(() => box("sheets").dataset.first, true);

/** Fetch what is missing around the view, and say where it is. */
async function settle() {
  tell();
  try {
    await parts()?.fill();
  } catch (error) {
    say(error.message);
  }
  tell();
}

async function open(name) {
  choose(name);
  if (name === "sheets" && !sheets.all.length) await showQuotedSheet();
  await settle();
}

/** Open the page of a PDF file; the text where that cannot be. */
async function openSheets() {
  try {
    await open("sheets");
  } catch (error) {
    say(`The page cannot be shown: ${error.message}`);
    choose("text");
    toQuote();
    await settle();
  }
}

async function go(where) {
  if (view === "sheets") {
    if (where === "quote") return showQuotedSheet();
    return showSheet(({ count }) => (where === "first" ? 1 : count));
  }
  if (where === "first") return showText(`${source}/text?after=0&${query}`, () => scrollTo(0, 0));
  if (where === "quote") return showText(quote, toQuote);
  const toEnd = () => scrollTo(0, document.documentElement.scrollHeight);
  return showText(`${source}/text?before=${length}&${query}`, toEnd);
}

const turn = (by) =>
  showSheet(({ number, count }) => Math.min(count, Math.max(1, Number(number) + by)));

const told = (work) => work.catch((error) => say(error.message));

function onClick(event) {
  const { view: name, go: where, leaf } = event.target.closest("button")?.dataset ?? {};
  if (name) told(name === "sheets" ? openSheets() : open(name));
  if (where) told(go(where));
  if (leaf) told(turn(Number(leaf)));
}

function onKey(event) {
  const where = { Home: "first", End: "last" }[event.key];
  if (!where || event.altKey || event.shiftKey || event.target.closest?.("input")) return;
  event.preventDefault();
  told(go(where));
}

/** Keep the quote in view, if it is there, where a window of another size moves it. */
let quoteSeen = false;
const quoted = () => document.querySelector(view === "sheets" ? ".spot" : "#text mark.quote");
function look() {
  const { top, bottom } = quoted()?.getBoundingClientRect() ?? {};
  quoteSeen = bottom > 0 && top < innerHeight;
}
addEventListener("resize", () => quoteSeen && quoted()?.scrollIntoView({ block: "center" }));

let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    look();
    told(settle());
  });
});
addEventListener("keydown", onKey);
box("tools").addEventListener("click", onClick);
const toHit = () => document.querySelector(".hit")?.scrollIntoView({ block: "center" });
startFinding(source, query, (address) => told(showText(address, toHit)));

if (sheets) openSheets();
else if (box("table")) told(open("table"));
else {
  toQuote();
  told(settle());
}
