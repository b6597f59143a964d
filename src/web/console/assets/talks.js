// A conversation follows what is said. The answer that somebody writes is never touched, nothing takes the focus, and whoever else
// has the conversation open sees that an answer is being written. Without this script the same page is loaded again.
'use strict';

const lines = document.querySelector('#lines');
const fresh = document.querySelector('#fresh');
const stream = document.querySelector('#live');
const spoken = document.querySelector('#spoken');
const answer = document.querySelector('#answer');
// Without a stream it is asked for anew this often; while a reply is not out yet, oftener.
const AGAIN_MS = 15 * 1000;
const UNSENT_MS = 2 * 1000;
const GATHER_MS = 300;
// Others see it for some seconds.
const TYPING_MS = 4 * 1000;

// Whoever is so near to the end reads the end.
const END_PX = 80;

const toEnd = () => { lines.scrollTop = lines.scrollHeight; };
const last = root => [...root.querySelectorAll('.talk li')].at(-1)?.id ?? '';

const refresh = () => htmx.trigger(fresh, 'refresh');
let gathering;
const soon = () => {
  gathering ??= setTimeout(() => { gathering = undefined; refresh(); }, GATHER_MS);
};
let again;
const arm = () => {
  clearTimeout(again);
  again = setTimeout(() => { if (document.hidden) arm(); else refresh(); }, lines.querySelector('[data-unsent]') ? UNSENT_MS : AGAIN_MS);
};

fresh.addEventListener('htmx:after:request', event => {
  const { status } = event.detail.ctx.response;
  // Whoever is not signed in any more, or not at this office, is led to where they can be.
  if (status === 401 || status === 404) location.reload();
});
fresh.addEventListener('htmx:after:swap', event => {
  arm();
  if (event.detail.ctx.response.status !== 200) return;
  const content = document.createElement('div');
  content.append(...fresh.childNodes);
  // Under somebody's finger nothing changes; it is asked for again.
  const isHeld = document.activeElement !== lines && lines.contains(document.activeElement);
  if (content.innerHTML.trim() === lines.innerHTML.trim() || isHeld) return;
  const [before, isAtEnd] = [last(lines), lines.scrollHeight - lines.scrollTop - lines.clientHeight < END_PX];
  lines.replaceChildren(...content.childNodes);
  if (isAtEnd) toEnd();
  if (last(lines) === before) return;
  spoken.textContent = lines.dataset.new;
  setTimeout(() => { spoken.textContent = ''; }, 8000);
});
fresh.addEventListener('htmx:error', arm);
stream.addEventListener('talks', soon);
stream.addEventListener('htmx:sse:error', event => { if (event.detail.status === 401) location.reload(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
arm();
toEnd();

if (answer) {
  let told = -TYPING_MS;
  answer.addEventListener('input', () => {
    if (performance.now() - told < TYPING_MS) return;
    told = performance.now();
    fetch(answer.dataset.typing, { method: 'POST' }).catch(() => {});
  });
  // One press is one answer.
  let isSent = false;
  answer.addEventListener('submit', event => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener('pageshow', () => { isSent = false; });
}
