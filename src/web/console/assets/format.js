// The format's page: what stands beside the draft follows it while somebody types. The line and the file say the same thing, so
// whichever is not being typed in is brought up to date; rules are shown anew while nobody is among them.
'use strict';

const form = document.querySelector('#draft');
const live = document.querySelector('#live');

const takeOver = () => {
  const synced = live.querySelector('#synced');
  if (!synced || !form) return;
  const { line, file, was } = form.elements.namedItem('line') ? {
    line: form.elements.namedItem('line'), file: form.elements.namedItem('file'), was: form.elements.namedItem('line_was'),
  } : {};
  if (!line) return;
  if (synced.dataset.file !== undefined && document.activeElement !== file) file.value = synced.dataset.file;
  // Whatever was typed since then is sent with the next pause.
  if (document.activeElement !== line) line.value = synced.dataset.line;
  was.value = synced.dataset.line;
  const rules = document.querySelector('#rules');
  const fresh = live.querySelector('#fresh-rules');
  if (rules && fresh && !rules.contains(document.activeElement)) rules.replaceChildren(fresh.content.cloneNode(true));
};

if (live) new MutationObserver(takeOver).observe(live, { childList: true });
document.addEventListener('htmx:after:request', event => {
  const status = event.detail.ctx?.response?.status;
  // Whoever is not signed in any more, or not at this office, is led to where they can be.
  if (status === 401 || status === 404) location.reload();
});
