import { asked } from "./source_parts.js";

/** The box that finds words in the document: the server finds them, `show` opens the place of one. */
export function start(source, query, show) {
  const form = document.getElementById("find");
  const told = document.getElementById("hits");
  const buttons = [...form.querySelectorAll("[data-hit]")];
  let words = "";
  let hits = [];
  let at = -1;

  function open(next) {
    at = (next + hits.length) % hits.length;
    const [start, end] = hits[at];
    told.textContent = `${at + 1} of ${hits.length}${hits.more ? " or more" : ""}`;
    show(`${source}/text?hit=${start}-${end}&${query}`);
  }

  async function find() {
    const wanted = (words = form.elements.words.value);
    hits = [];
    if (words.trim()) {
      const response = await asked(`${source}/find?${new URLSearchParams({ words })}`);
      const found = await response.json();
      if (wanted !== words) return; // something else is looked for by now
      hits = Object.assign(found.hits, { more: found.more });
    }
    for (const button of buttons) button.disabled = !hits.length;
    told.textContent = words.trim() ? "not found" : "";
    if (!hits.length) return;
    const quote = Number(new URLSearchParams(query).get("start"));
    open(Math.max(0, hits.findIndex(([start]) => start >= quote)));
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (form.elements.words.value !== words) await find();
      else if (hits.length) open(at + 1);
    } catch (error) {
      words = ""; // so that Enter tries again
      told.textContent = error.message;
    }
  });
  for (const button of buttons)
    button.addEventListener("click", () => hits.length && open(at + Number(button.dataset.hit)));
}
