/**
 * Send a request and return its response; an Error in words where that fails.
 * A body that is no form is sent as JSON.
 */
export async function send(address, body) {
  let response;
  try {
    response = await fetch(address, options(body));
  } catch {
    throw new Error("Pinpoint does not answer; is it still running?");
  }
  if (!response.ok) throw new Error(await problem(response));
  return response;
}

function options(body) {
  if (body === undefined) return {};
  if (body instanceof FormData) return { method: "POST", body };
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

/** What a response says is wrong (RFC 9457), else its status. */
async function problem(response) {
  const kind = response.headers.get("content-type") ?? "";
  if (kind.startsWith("application/problem+json")) return (await response.json()).detail;
  return `Pinpoint answered with status ${response.status}.`;
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
