import { fragment } from "./http.js";

const form = () => document.querySelector("#filters form");
const chosen = (name) => form().elements.namedItem(name)?.value || null;

/** The bounds of the documents that are asked, as the server takes them. */
export function bounds() {
  const kinds = form().querySelectorAll("[name=kind]:checked");
  return {
    since: chosen("since"),
    until: chosen("until"),
    folders: chosen("folder") ? [chosen("folder")] : [],
    kinds: [...kinds].map((kind) => kind.value),
  };
}

/** Say the bounds in the words of the summary. */
function tell() {
  const { since, until, folders, kinds } = bounds();
  const days = [since && `from ${since}`, until && `until ${until}`];
  const told = [kinds.join(", "), ...folders, ...days].filter(Boolean);
  document.getElementById("bounds").textContent = told.join(" · ") || "all";
}

/** Offer what the collection has, and keep what was chosen of it. */
async function load() {
  const before = bounds();
  try {
    form().replaceChildren(await fragment("/page/filters"));
  } catch {
    return; // what was offered before still serves
  }
  const put = (name, value) => {
    const field = form().elements.namedItem(name);
    if (field && value) field.value = value;
  };
  put("since", before.since);
  put("until", before.until);
  if ([...form().querySelectorAll("option")].some((o) => o.value === before.folders[0]))
    put("folder", before.folders[0]);
  for (const kind of form().querySelectorAll("[name=kind]"))
    kind.checked = before.kinds.includes(kind.value);
  tell();
}

export function start() {
  form().addEventListener("input", tell);
  form().addEventListener("submit", (event) => event.preventDefault());
  form().addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    form().reset();
    tell();
  });
  document.addEventListener("pinpoint:indexed", load);
  load();
}
