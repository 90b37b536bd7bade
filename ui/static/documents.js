import { send } from "./http.js";
import { follow, put } from "./job.js";
import { dropped, form } from "./upload.js";

const WAIT_MS = 250;
const asked = { query: "", sort: "path", direction: "ascending", offset: 0 };
const chosen = new Map(); // path to whether it was uploaded
let latest = 0;
let typing = null;

const $ = (id) => document.getElementById(id);

function notice(words) {
  $("documents-notice").textContent = words;
  $("documents-notice").hidden = !words;
}

/** Do something that may fail, and say so if it does. */
async function trying(action) {
  notice("");
  try {
    return await action();
  } catch (error) {
    notice(error.message);
  }
}

/** Start a job on the server, and follow it. */
function begin(address, body) {
  return trying(async () => {
    const response = await send(address, body);
    await follow();
    return response.json();
  });
}

/** Show the table and the places as they are now; an older answer never replaces a newer one. */
async function load() {
  const number = ++latest;
  try {
    const parts = ["/page/documents?" + new URLSearchParams(asked), "/page/documents/places"];
    const [table, places] = await Promise.all(
      parts.map(async (address) => (await send(address)).text()),
    );
    if (number !== latest) return;
    const focused = document.activeElement?.dataset?.sort;
    const open = document.querySelector(".followed")?.open;
    put($("documents-table"), table);
    put($("documents-places"), places);
    if (open) document.querySelector(".followed")?.setAttribute("open", "");
    if (focused) document.querySelector(`#documents-table [data-sort="${focused}"]`)?.focus();
    mark();
  } catch (error) {
    notice(error.message);
  }
}

const boxes = () => [...document.querySelectorAll("#documents-table tbody [type=checkbox]")];

/** Show which documents are chosen. */
function mark() {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  const all = document.querySelector("#documents-table [data-all]");
  if (all) {
    const on = boxes().filter((box) => box.checked).length;
    all.checked = on > 0 && on === boxes().length;
    all.indeterminate = on > 0 && !all.checked;
  }
  $("chosen").hidden = !chosen.size;
  $("chosen-count").textContent = `${chosen.size} selected`;
}

function choose(box, on) {
  if (on) chosen.set(box.value, "uploaded" in box.dataset);
  else chosen.delete(box.value);
}

function unchoose() {
  chosen.clear();
  mark();
}

/** Ask whether to go on; return null, or whether uploaded files are to be deleted too. */
function confirmed({ title, text, yes, uploads }) {
  const dialog = $("confirm");
  const box = dialog.querySelector("[type=checkbox]");
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = text;
  $("confirm-delete").hidden = !uploads;
  box.checked = uploads;
  dialog.querySelector("[value=yes]").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((tell) =>
    dialog.addEventListener(
      "close",
      () => tell(dialog.returnValue === "yes" ? { deleting: uploads && box.checked } : null),
      { once: true },
    ),
  );
}

async function remove(paths, { root = false, uploads = false } = {}) {
  const what = paths.length === 1 ? "1 document" : `${paths.length} documents`;
  const again = "The next indexing adds them again while they lie in a followed folder.";
  const answer = await confirmed({
    title: root ? `Stop following ${paths[0]}?` : `Remove ${what} from the index?`,
    text: root
      ? "All its documents leave the index. The files themselves stay."
      : `The files themselves stay where they are. ${again}`,
    yes: root ? "Stop following" : "Remove",
    uploads,
  });
  if (!answer) return;
  const body = { paths, delete_uploads: answer.deleting };
  if (await begin("/page/documents/remove", body)) unchoose();
}

async function upload(files) {
  if (!files.length) return;
  $("refused").hidden = true;
  const what = files.length === 1 ? "1 file" : `${files.length} files`;
  $("drop").dataset.sending = `Sending ${what}…`;
  const replace = $("replace").checked;
  const told = await begin(`/page/documents/upload?replace=${replace}`, form(files));
  delete $("drop").dataset.sending;
  if (told) refuse(told.refused);
}

function refuse(refused) {
  const lines = refused.map(({ name, cause }) => {
    const line = $("refusal").content.cloneNode(true);
    line.querySelector(".path").textContent = name;
    line.querySelector(".cause").textContent = cause;
    return line;
  });
  $("refused").querySelector("ul").replaceChildren(...lines);
  $("refused").hidden = !lines.length;
}

function onTableClick(event) {
  const { sort, offset, remove: path, root } = event.target.closest("button")?.dataset ?? {};
  if (sort) {
    const turned = asked.sort === sort && asked.direction === "ascending";
    Object.assign(asked, { sort, offset: 0, direction: turned ? "descending" : "ascending" });
    load();
  }
  if (offset !== undefined) {
    asked.offset = Number(offset);
    load();
  }
  if (path !== undefined) remove([path], { root: root !== undefined });
}

function onTableChange(event) {
  const box = event.target;
  if ("all" in box.dataset) for (const one of boxes()) choose(one, box.checked);
  else choose(box, box.checked);
  mark();
}

function startDropping() {
  const view = $("documents");
  const files = (event) => event.dataTransfer?.types.includes("Files");
  let inside = 0;
  const over = (by) => {
    inside = by ? Math.max(0, inside + by) : 0;
    view.classList.toggle("dropping", inside > 0);
  };
  view.addEventListener("dragenter", (event) => files(event) && over(1));
  view.addEventListener("dragleave", (event) => files(event) && over(-1));
  view.addEventListener("dragover", (event) => files(event) && event.preventDefault());
  view.addEventListener("drop", async (event) => {
    if (!files(event)) return;
    event.preventDefault();
    over(0);
    const found = await trying(() => dropped(event.dataTransfer));
    if (found) upload(found);
  });
}

function startAdding() {
  for (const name of ["files", "folder"]) {
    document
      .querySelector(`[data-choose=${name}]`)
      .addEventListener("click", () => $(name).click());
    $(name).addEventListener("change", async () => {
      await upload([...$(name).files]);
      $(name).value = "";
    });
  }
  $("add-folder").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await begin("/page/documents/add", { path: $("add-path").value })) $("add-path").value = "";
  });
  startDropping();
}

function startJobs() {
  const index = (body) => () => begin("/page/documents/index", body);
  $("update").addEventListener("click", index({}));
  $("dry-run").addEventListener("click", index({ dry_run: true }));
  $("rebuild").addEventListener("click", async () => {
    const asking = {
      title: "Read and embed all documents again?",
      text: "That takes as long as the first time. Questions are answered meanwhile.",
      yes: "Read all again",
      uploads: false,
    };
    if (await confirmed(asking)) index({ rebuild: true })();
  });
  $("update-chosen").addEventListener("click", () => index({ paths: [...chosen.keys()] })());
  $("remove-chosen").addEventListener("click", () =>
    remove([...chosen.keys()], { uploads: [...chosen.values()].includes(true) }),
  );
  $("clear-chosen").addEventListener("click", unchoose);
}

export function start() {
  $("documents-query").addEventListener("input", (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      Object.assign(asked, { query: event.target.value.trim(), offset: 0 });
      load();
    }, WAIT_MS);
  });
  for (const part of ["documents-table", "documents-places"])
    $(part).addEventListener("click", onTableClick);
  $("documents-table").addEventListener("change", onTableChange);
  startAdding();
  startJobs();
  document.addEventListener("pinpoint:indexed", load);
  document.addEventListener("pinpoint:view", (event) => {
    if (event.detail === "documents") load();
  });
}
