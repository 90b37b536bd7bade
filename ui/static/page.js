import * as chat from "./chat.js";
import * as check from "./check.js";
import * as conversations from "./conversations.js";
import * as documents from "./documents.js";
import * as filters from "./filters.js";
import * as job from "./job.js";
import * as person from "./person.js";
import * as pins from "./pins.js";
import * as rating from "./rating.js";
import * as source from "./source_pane.js";
import * as theme from "./theme.js";
import * as tooltip from "./tooltip.js";
import * as view from "./view.js";

const PARTS = [
  "counted", "turns", "filters", "question", "sourcebar", "collection", "pins", "conversation-list", "check-form",
  "person",
];

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
  const parts = [theme, person, view, filters, chat, source, tooltip, rating, conversations];
  for (const part of [...parts, documents, job, pins, check]) part.start();
  view.restore();
  // Gradio's box may have taken a question before chat.js listened.
  if (window.pinpointAsked?.length) document.dispatchEvent(new Event("pinpoint:question"));
});
