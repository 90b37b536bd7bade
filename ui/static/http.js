/** Send a request and return its response; an Error in words where that fails. */
export async function send(address, body) {
  const json = { method: "POST", headers: { "Content-Type": "application/json" } };
  const options = body === undefined ? {} : { ...json, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error("Pinpoint does not answer; is it still running?");
  }
  if (!response.ok) throw new Error(`Pinpoint answered with status ${response.status}.`);
  return response;
}

/** Yield the server-sent events of a response as `{ event, data }`, `data` parsed as JSON. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.has("data"))
        yield { event: fields.get("event"), data: JSON.parse(fields.get("data")) };
    }
  }
}

/** Return a fragment of the page as the server rendered it. */
export async function fragment(address) {
  const made = document.createElement("template");
  made.innerHTML = await (await send(address)).text();
  return made.content;
}
