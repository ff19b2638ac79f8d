// Requests to the server that the page came from, with the token of its address.

const token = new URLSearchParams(location.search).get("token") ?? "";
const TOKEN_HEADER = "X-Oneroom-Token";

async function ask(path, options = {}) {
  try {
    return await fetch(path, { ...options, cache: "no-store", headers: { [TOKEN_HEADER]: token } });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Error("oneroom ui does not answer any more; start it again, and open the address that it prints");
  }
}

/** The answer to a request, which is a POST if it has a body. Throws an Error with the server's words. */
page.request = async (path, body) => {
  const answer = await ask(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
};

/** Calls `hear` with the name and the value of each event of a stream, until it ends or `signal` is aborted. */
page.events = async (path, hear, signal) => {
  const answer = await ask(path, { signal });
  if (!answer.ok) throw new Error((await answer.json()).error);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      const name = event.match(/^event: (.*)$/m);
      const data = event.match(/^data: (.*)$/m);
      if (name && data) hear(name[1], JSON.parse(data[1]));
    }
  }
};
