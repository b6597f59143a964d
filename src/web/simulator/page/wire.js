// Everything that goes over the network. Addresses are relative, so that the page works behind a path prefix.

/** How long a request may take, in milliseconds: a little more than the server's own patience. */
const PATIENCE = 30_000;

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { answer });
  return answer.json();
}

function post(address, body) {
  return ask(address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Where webhooks go, what time it is, and which offices there are. */
export const overview = () => ask("simulator/overview");

/** The office's replies to one citizen so far. */
export const transcript = (key, contact) => ask(`simulator/transcript?${new URLSearchParams({ key, contact })}`);

/** Moves the clock: `{minutes: 10}` or `{office: key, hour: 8}`. */
export const moveClock = step => post("simulator/clock", step);

/** Hands a webhook body in. Never throws: `{verdicts}`, or `{trouble, status, after}` with `after` in milliseconds. */
export async function deliver(webhook, body) {
  try {
    return await post(webhook, body);
  } catch (error) {
    const status = error.answer?.status;
    if (status === undefined) return { trouble: "offline", after: 4000 };
    if (status < 500 && status !== 408 && status !== 429) return { trouble: "refused", status };
    const seconds = Number(error.answer.headers.get("retry-after"));
    return { trouble: "busy", status, after: Math.min(60, Math.max(1, seconds || 5)) * 1000 };
  }
}

/** Listens for replies. One stream for the whole page: browsers open only six connections to one host. */
export function listen({ reply, opened, lost }) {
  const stream = new EventSource("simulator/events");
  stream.addEventListener("open", opened);
  stream.addEventListener("reply", event => reply(JSON.parse(event.data)));
  // The server dropped what we were too slow for; the transcript has it.
  stream.addEventListener("missed", opened);
  stream.addEventListener("error", () => {
    lost();
    // A stream that was refused outright does not come back by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen({ reply, opened, lost }), 4000);
  });
}
