// A list follows the day: today's people, or conversations. States and counts change where they stand; whoever is new, or gone, waits behind a button, so that no
// row moves under a finger, and nothing takes the focus.
'use strict';

const list = document.querySelector('#list');
const fresh = document.querySelector('#fresh');
const more = document.querySelector('#more');
const stream = document.querySelector('#live');
// Without a stream the list is asked for anew this often; with one, it is a second look.
const AGAIN_MS = 30 * 1000;
// Of many changes at once, the list is asked for once.
const GATHER_MS = 1000;
const LOST_AFTER_MS = 2 * AGAIN_MS + 10 * 1000;

const one = (root, id) => root.querySelector(`[id="${CSS.escape(id)}"]`);
const age = () => one(list, 'age');
let etag = age().dataset.etag;
let confirmed = performance.now();
// The newest list, not in the page.
let waiting = null;

const seen = taken => {
  confirmed = performance.now();
  if (taken) age().dataset.taken = taken;
  age().classList.remove('lost');
  age().textContent = `${list.dataset.of} ${age().dataset.taken}`;
};

const showAll = () => {
  if (!waiting) return;
  const before = new Set([...list.querySelectorAll('tr[id]')].map(row => row.id));
  list.replaceChildren(...waiting.childNodes);
  waiting = null;
  more.hidden = true;
  const added = [...list.querySelectorAll('tr[id]')].filter(row => !before.has(row.id));
  for (const row of added) row.classList.add('fresh');
  setTimeout(() => { for (const row of added) row.classList.remove('fresh'); }, 4000);
  (added[0]?.querySelector('a') ?? list).focus({ preventScroll: added.length === 0 });
};

// Takes what can change in place into the page; says what cannot.
const merge = content => {
  for (const part of content.querySelectorAll('[data-live]')) {
    const old = one(list, part.id);
    if (old && old.innerHTML !== part.innerHTML) old.replaceChildren(...part.cloneNode(true).childNodes);
  }
  let [added, gone] = [0, 0];
  for (const row of content.querySelectorAll('tr[id]')) {
    const old = one(list, row.id);
    if (!old) added += 1;
    // The name, which may have the focus, stays; number and state are replaced.
    else if (old.innerHTML !== row.innerHTML) {
      old.firstElementChild.replaceWith(row.firstElementChild.cloneNode(true));
      old.lastElementChild.replaceWith(row.lastElementChild.cloneNode(true));
    }
  }
  for (const row of list.querySelectorAll('tr[id]')) if (!one(content, row.id)) gone += 1;
  waiting = content;
  const parts = [];
  if (added) parts.push(`${added} ${more.dataset.new}`);
  if (gone) parts.push(`${gone} ${more.dataset.gone}`);
  more.hidden = parts.length === 0;
  more.textContent = `${parts.join(', ')}. ${more.dataset.show}`;
};

const refresh = () => htmx.trigger(fresh, 'refresh');
let gathering;
const soon = () => {
  gathering ??= setTimeout(() => { gathering = undefined; refresh(); }, GATHER_MS);
};

more.addEventListener('click', showAll);
fresh.addEventListener('htmx:config:request', event => { event.detail.ctx.request.headers['If-None-Match'] = etag; });
fresh.addEventListener('htmx:after:request', event => {
  const { status, headers } = event.detail.ctx.response;
  // Whoever is not signed in any more, or not at this office, is led to where they can be.
  if (status === 401 || status === 404) location.reload();
  if (status === 304) seen(headers.get('antrean-time'));
});
fresh.addEventListener('htmx:after:swap', event => {
  const { status, headers } = event.detail.ctx.response;
  if (status !== 200) return;
  const content = document.createElement('div');
  content.append(...fresh.childNodes);
  etag = headers.get('etag') ?? etag;
  merge(content);
  seen(headers.get('antrean-time'));
});
for (const topic of (list.dataset.topics ?? 'today bookings').split(' ')) stream.addEventListener(topic, soon);
stream.addEventListener('htmx:sse:error', event => { if (event.detail.status === 401) location.reload(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
setInterval(() => { if (!document.hidden) refresh(); }, AGAIN_MS);
setInterval(() => {
  if (performance.now() - confirmed < LOST_AFTER_MS) return;
  age().classList.add('lost');
  age().textContent = `${list.dataset.lost} ${age().dataset.taken}`;
}, 5000);
