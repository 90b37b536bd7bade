const EMPTY = "/source/";
let current = null;

const frame = () => document.querySelector("#source iframe");
const chips = () => [...(current?.closest(".reply").querySelectorAll(".chip:not(.again)") ?? [])];
const bar = () => document.getElementById("sourcebar");

/** Open the quote of a chip beside the chat; nothing for null. */
export function open(chip) {
  for (const old of document.querySelectorAll(".chip[aria-current]"))
    old.removeAttribute("aria-current");
  // Going to a fragment of the page that is still shown would not stop another that is on its way.
  if (chip?.href !== current?.href) frame().contentDocument?.defaultView.stop();
  current = chip;
  chip?.setAttribute("aria-current", "true");
  // A new address, not a new entry in the browser's history.
  frame().contentWindow.location.replace(chip ? chip.getAttribute("href") : EMPTY);
  tell();
  for (const button of bar().querySelectorAll("[data-copy]")) button.disabled = !chip;
}

/** Say which of how many quotes is open; again where more were added to its reply. */
export function tell() {
  const all = chips();
  const at = all.indexOf(current);
  document.getElementById("place").textContent = current ? `${at + 1} of ${all.length}` : "";
  bar().querySelector("[data-step='-1']").disabled = at <= 0;
  bar().querySelector("[data-step='1']").disabled = at >= all.length - 1;
}

/** The chip at the quote itself, for one that only names it again. */
export function quoted(chip) {
  if (!chip.classList.contains("again")) return chip;
  const same = (other) => other.href === chip.href;
  return [...chip.closest(".reply").querySelectorAll(".chip:not(.again)")].find(same);
}

function step(by) {
  const chip = chips()[chips().indexOf(current) + by];
  if (!chip) return;
  chip.closest("details")?.setAttribute("open", "");
  open(chip);
  chip.scrollIntoView({ block: "nearest" });
}

/** Show no source; where one has no room beside the chat, the chat then has it all. */
function close() {
  const chip = current;
  open(null);
  chip?.focus();
}

/** Markdown that shows one line of text and marks up nothing. */
const plain = (line) =>
  line
    .replace(/[\\`*_{}[\]()<>#+!|~&=$-]/g, "\\$&")
    .replace(/^\d+(?=\.)/, "$&\\") // a list
    .replace(/^[ \t]+/, (blanks) => [...blanks].map((one) => `&#${one.charCodeAt(0)};`).join("")); // code

/** The open quote with its source, for pasting elsewhere. */
function copied(form) {
  const reply = current.closest(".reply");
  const quote = current.closest("blockquote").querySelector(".quote").textContent;
  const title = [...reply.querySelectorAll(".sources li")]
    .find((source) => source.querySelector(".number").textContent === current.textContent)
    .querySelector(".title").textContent;
  if (form === "text") return `“${quote}” (${title})`;
  const lines = quote.split(/\r\n|\r|\n/).map((line) => `> ${plain(line)}`);
  return `${lines.join("\n")}\n>\n> [${plain(title)}](${current.href})\n`;
}

/** Put text into the clipboard, which browsers give only to pages of this machine or over HTTPS. */
async function clip(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const box = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  focused.focus();
  if (!done) throw new Error("no clipboard");
}

async function copy(button) {
  const words = (button.dataset.words ??= button.textContent); // not "Copied" at a second click
  let told = "Copied";
  try {
    await clip(copied(button.dataset.copy));
  } catch {
    told = "The browser does not allow it";
  }
  button.textContent = told;
  setTimeout(() => (button.textContent = words), 1500);
}

function onKey(event) {
  const by = { PageUp: -1, PageDown: 1 }[event.key];
  if (!event.altKey || !by) return;
  event.preventDefault();
  step(by);
}

export function start() {
  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(quoted(chip));
  });
  bar().addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) step(Number(button.dataset.step));
    if (button?.dataset.copy) copy(button);
    if (button && "close" in button.dataset) close();
  });
  document.addEventListener("keydown", onKey);
  frame().addEventListener("load", () => frame().contentWindow.addEventListener("keydown", onKey));
  open(null);
}
