// What pages do beyond their forms: use the token of a link, show an error first, and warn before a session ends.
'use strict';

const takeToken = () => {
  const field = document.querySelector('#link');
  if (!field || location.hash.length < 2 || location.hash === '#content') return;
  field.value = location.hash.slice(1);
  // The token stays in no history and in no address.
  history.replaceState(null, '', location.pathname);
  document.querySelector('#link-form').requestSubmit();
};
takeToken();
addEventListener('hashchange', takeToken);

document.querySelector('#problem')?.focus();

const printer = document.querySelector('[data-print]');
if (printer) {
  printer.hidden = false;
  printer.addEventListener('click', () => print());
}

const WARN_BEFORE_MS = 2 * 60 * 1000;
const body = document.body;
if (body.dataset.ends) {
  const ending = document.querySelector('#ending');
  let timer;
  const arm = seconds => {
    clearTimeout(timer);
    timer = setTimeout(() => { ending.hidden = false; }, Math.max(0, seconds * 1000 - WARN_BEFORE_MS));
  };
  arm(Number(body.dataset.ends));
  document.querySelector('#stay').addEventListener('click', async () => {
    const answer = await fetch('/console/alive', { method: 'POST', redirect: 'manual' });
    if (answer.status !== 204) {
      location.reload();
      return;
    }
    ending.hidden = true;
    arm(Number(body.dataset.ends));
  });
}
