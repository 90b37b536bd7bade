/**
 * Send a request and return its response; an Error in words, with its status, where that fails.
 * A body that is no form is sent as JSON.
 */
export async function send(address, body, method = body === undefined ? "GET" : "POST") {
  let response;
  try {
    response = await fetch(address, { method, ...content(body) });
  } catch {
    throw new Error("Pinpoint does not answer; is it still running?");
  }
  if (response.status === 401) {
    // The session has ended; the page is there again after the login.
    location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  }
  if (!response.ok) {
    const words = (await said(response)) ?? `Pinpoint answered with status ${response.status}.`;
    throw Object.assign(new Error(words), { status: response.status });
  }
  return response;
}

function content(body) {
  if (body === undefined || body instanceof FormData) return { body };
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** What a refusal says in words (RFC 9457), or null. */
async function said(response) {
  try {
    const { detail } = await response.json();
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}

/** Yield the server-sent events of a response as `{ event, data }`, `data` parsed as JSON. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      // A response that breaks off has ended too.
      const { value, done } = await reader.read().catch(() => ({ done: true }));
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
  } finally {
    reader.cancel().catch(() => {}); // who stops reading wants no more
  }
}

/** Return a fragment of the page as the server rendered it. */
export async function fragment(address) {
  const made = document.createElement("template");
  made.innerHTML = await (await send(address)).text();
  return made.content;
}
