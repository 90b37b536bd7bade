import * as chat from "./chat.js";
import * as documents from "./documents.js";
import * as job from "./job.js";
import * as source from "./source_pane.js";
import * as theme from "./theme.js";
import * as view from "./view.js";

const PARTS = ["counted", "turns", "filters", "question", "sourcebar", "collection"];

/** Call `start` once Gradio has put all parts in their place. */
function whenBuilt(start) {
  const built = () => PARTS.every((id) => document.getElementById(id));
  if (built()) return start();
  const observer = new MutationObserver(() => {
    if (!built()) return;
    observer.disconnect();
    start();
  });
  observer.observe(document, { childList: true, subtree: true });
}

whenBuilt(() => {
  for (const part of [theme, view, chat, source, documents, job]) part.start();
  view.restore();
});
