// The desk beyond its forms: the panel is swapped without a reload, whatever a scanner types reaches the code, and single letters
// press buttons. Without this script the same forms load the page.
'use strict';

const desk = () => document.querySelector('#desk');
const scan = () => document.querySelector('[data-scan]');
const isWriting = element => element.matches('input:not([type=checkbox], [type=hidden]), select, textarea');

// --- Focus. A scanner is a keyboard that types a code and Enter: the code has the focus whenever nothing else is written in.
const focusFirst = () => {
  const first = document.querySelector('[data-first]') ?? scan() ?? document.querySelector('.acts button');
  first?.focus({ preventScroll: true });
};

addEventListener('keydown', event => {
  const code = scan();
  if (!code || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
  if (event.key === ' ' || isWriting(document.activeElement)) return;
  // The letter itself arrives in the field.
  code.focus();
});

// --- Letters that press buttons, on pages where nobody scans. They can be switched off: a screen reader has letters of its own.
const KEPT = 'antrean-shortcuts';
const areShortcutsOn = () => localStorage.getItem(KEPT) !== 'off';
const showShortcuts = () => { document.documentElement.dataset.shortcuts = areShortcutsOn() ? 'on' : 'off'; };
const choice = document.querySelector('#shortcuts-on');
if (choice) {
  document.querySelector('#shortcuts').hidden = false;
  choice.checked = areShortcutsOn();
  choice.addEventListener('change', () => {
    localStorage.setItem(KEPT, choice.checked ? 'on' : 'off');
    showShortcuts();
  });
  showShortcuts();
  addEventListener('keydown', event => {
    if (!areShortcutsOn() || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isWriting(document.activeElement)) return;
    document.querySelector(`#desk [data-key="${CSS.escape(event.key.toUpperCase())}"]`)?.click();
  });
}

// --- What a moment changes: an undo ends after a minute, a call can be repeated after one.
let timers = [];
const arm = () => {
  for (const timer of timers) clearTimeout(timer);
  timers = [...document.querySelectorAll('#desk [data-seconds]')].map(element =>
    setTimeout(() => { element.hidden = true; }, Number(element.dataset.seconds) * 1000));
};

const settle = () => {
  arm();
  const said = document.querySelector('#desk [data-say]')?.dataset.say;
  if (said) document.querySelector('#spoken').textContent = said;
  focusFirst();
};

// --- One press is one press: the answer may put another button under the finger that presses twice, or is not lifted yet.
const SETTLE_MS = 400;
let swappedAt = -SETTLE_MS;
addEventListener('click', event => {
  if (event.detail > 1 && event.target.closest('#desk button')) event.preventDefault();
}, true);
addEventListener('keydown', event => {
  const isPressing = (event.key === 'Enter' || event.key === ' ') && event.target.closest?.('#desk button');
  if (isPressing && (event.repeat || performance.now() - swappedAt < SETTLE_MS)) event.preventDefault();
}, true);

// --- One press at a time. What is scanned meanwhile waits, and is sent with the next panel.
let isBusy = false;
let isWaiting = false;
const unsent = document.querySelector('#unsent');

addEventListener('submit', event => {
  if (!event.target.closest('#desk')) return;
  if (isBusy) {
    event.preventDefault();
    event.stopImmediatePropagation();
    isWaiting = event.target.contains(scan());
  }
}, true);

// A form is a press. The lists, and the stream of changes, ask by themselves. The form itself is gone once its answer is there.
const presses = new WeakSet();
const isPress = event => presses.has(event.detail.ctx ?? event);

addEventListener('htmx:before:request', event => {
  if (!event.detail.ctx.sourceElement.matches('#desk form')) return;
  presses.add(event.detail.ctx);
  isBusy = true;
  unsent.hidden = true;
  desk().setAttribute('aria-busy', 'true');
  // What comes next is another code.
  const code = scan();
  if (code) code.value = '';
});

// An answer that is no panel must not take the place of one: the session is over, or the server could not.
addEventListener('htmx:after:request', event => {
  if (!isPress(event) && event.detail.ctx.sourceElement.id !== 'lists') return;
  const { text, response } = event.detail.ctx;
  const isOver = response.status === 401 || new URL(response.raw.url).pathname === '/console/sign-in';
  if (isOver) {
    event.preventDefault();
    location.reload();
  } else if (!text.includes(isPress(event) ? 'id="desk"' : 'id="lists"')) {
    event.preventDefault();
    unsent.hidden = !isPress(event);
  }
});

// While one panel takes the place of another there is no field: what a scanner types meanwhile is kept beside it.
let typed = '';
let isSwapping = false;
addEventListener('keydown', event => {
  if (!isSwapping || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Enter') isWaiting = true;
  else if (event.key.length === 1) typed += event.key;
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
addEventListener('htmx:before:swap', event => {
  if (!isPress(event) || !scan()) return;
  typed = scan().value;
  isSwapping = true;
});
addEventListener('htmx:after:swap', event => {
  if (!isPress(event)) return;
  swappedAt = performance.now();
  isSwapping = false;
  const code = scan();
  if (code && typed) code.value = typed;
  typed = '';
  settle();
});
addEventListener('htmx:error', event => { if (isPress(event)) unsent.hidden = false; });
addEventListener('htmx:finally:request', event => {
  if (!isPress(event)) return;
  isBusy = false;
  isSwapping = false;
  desk().removeAttribute('aria-busy');
  if (isWaiting) {
    isWaiting = false;
    scan()?.form.requestSubmit();
  }
});

// --- Lists that changed are asked for again, but never under somebody's finger.
let isStale = false;
let asking;
const refresh = () => {
  const lists = document.querySelector('#lists');
  if (!isStale || asking || !lists || lists.contains(document.activeElement) || isBusy) return;
  isStale = false;
  htmx.trigger(lists, 'stale');
};
addEventListener('htmx:before:request', event => {
  if (event.detail.ctx.sourceElement.id === 'lists') asking = event.detail.ctx;
});
addEventListener('today', () => { isStale = true; refresh(); });
addEventListener('focusout', () => setTimeout(refresh));
addEventListener('htmx:finally:request', event => {
  // What changed meanwhile is asked for now: the answer may be older.
  if (event.detail.ctx === asking) asking = undefined;
  setTimeout(refresh);
});

settle();
