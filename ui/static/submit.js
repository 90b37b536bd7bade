(question) => {
  document.dispatchEvent(new CustomEvent("pinpoint:question", { detail: question }));
  return "";
}
