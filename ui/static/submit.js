(question) => {
  // The page's own scripts may start later than this box; the question waits for them.
  (window.pinpointAsked ??= []).push(question);
  document.dispatchEvent(new Event("pinpoint:question"));
  return "";
}
