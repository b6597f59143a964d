// A display in a hall: asks what the hall looks like, shows it, and makes of new calls what is seen and heard.
import { Voice } from './voice.js';

const ASK_EVERY_MS = 5000;          // also where nothing says that something has changed
const ASK_TIME_MS = 4000;           // an answer that takes longer is none
const SAY_EVERY_MS = 20000;         // that this display is there
const HEARD_MS_MAX = 30000;         // a call older than that is not rung any more
const FRESH_MS = 10000;             // how long a call stands out
const BACK_MS = [500, 3000];        // not all displays come back in the same moment
const CALLS_SHOWN = 4;

const base = location.pathname.replace(/\/$/, '');
const at = id => document.getElementById(id);
const voice = new Voice(document.body.dataset.voice, document.body.dataset.words);

let state = null;
let answeredAt = 0;                 // by the page's own stopwatch: a clock of the machine may jump
let isGone = false;
let announced = [];                 // calls that wait to be shown and heard
let shown = null;

// Which calls this display knows: kept over a reload, so that nothing rings twice.
const seen = {
  read: date => {
    try {
      const [day, seq] = (sessionStorage.getItem('seen') ?? '').split(' ');
      return day === date ? Number(seq) : null;
    } catch { return null; }
  },
  write: (date, seq) => {
    try { sessionStorage.setItem('seen', `${date} ${seq}`); } catch { /* then it is not kept */ }
  },
};

const ageOf = call => call.age_ms + performance.now() - call.toldAt;

function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function take(told) {
  const now = performance.now();
  told.calls.forEach(call => { call.toldAt = now; });
  const known = state?.date === told.date ? state.seq : seen.read(told.date);
  const last = told.calls.at(-1)?.seq ?? 0;
  state = { ...told, seq: Math.max(known ?? 0, last) };
  seen.write(told.date, state.seq);
  for (const call of told.calls.filter(call => call.seq > (known ?? 0))) {
    if (call.kind === 'withdrawn') {
      announced = announced.filter(other => other.number !== call.number || other.counter !== call.counter);
    } else if (ageOf(call) < HEARD_MS_MAX) {
      announced.push(call);
    }
  }
  render();
  announce();
}

// Calls that stand: one that was taken back is shown no more.
function standing() {
  const calls = [];
  for (const call of state.calls) {
    const same = calls.findIndex(other => other.number === call.number);
    if (same >= 0) calls.splice(same, 1);
    if (call.kind !== 'withdrawn') calls.push(call);
  }
  return calls;
}

function render() {
  at('clock').textContent = `${state.clock} ${state.zone}`;
  const day = new Date(`${state.date}T00:00:00Z`);
  at('date').textContent = day.toLocaleDateString('id-ID', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const rows = state.counters.map(counter => {
    const row = document.createElement('tr');
    row.className = counter.is_called ? 'called' : '';
    const head = element('th', String(counter.counter));
    head.scope = 'row';
    row.append(head, element('td', counter.number ?? '–'));
    return row;
  });
  const inColumns = rows.length > 6;
  document.documentElement.style.setProperty('--rows', Math.max(5, inColumns ? Math.ceil(rows.length / 2) : rows.length));
  at('rows').className = inColumns ? 'columns' : '';
  at('rows').replaceChildren(...rows);
  at('closed').hidden = rows.length > 0;
  const calls = standing();
  const last = calls.slice(0, -1).slice(-CALLS_SHOWN).reverse().map(call => {
    const item = element('li', `${call.number} `);
    item.append(element('span', `loket ${call.counter}`));
    return item;
  });
  at('calls').replaceChildren(...last);
  at('last').hidden = last.length === 0;
  if (!isAnnouncing) show(calls.at(-1) ?? null, false);
}

function show(call, isFresh) {
  shown = call;
  at('number').textContent = call?.number ?? '–';
  at('number').classList.toggle('long', (call?.number.length ?? 0) > 6);
  at('counter').textContent = call ? `Loket ${call.counter}` : '';
  at('now').classList.toggle('fresh', isFresh);
}

// One call after the other: a second one does not cut the first.
let isAnnouncing = false;
async function announce() {
  if (isAnnouncing) return;
  isAnnouncing = true;
  while (announced.length > 0) {
    const call = announced.shift();
    if (ageOf(call) >= HEARD_MS_MAX) continue;
    show(call, true);
    const until = performance.now() + (announced.length > 0 ? FRESH_MS / 2 : FRESH_MS);
    document.body.dataset.rung = String(call.seq);
    await voice.say(call);
    while (performance.now() < until && announced.length === 0) await pause(100);
  }
  isAnnouncing = false;
  show(standing().at(-1) ?? null, false);
}

const pause = ms => new Promise(done => setTimeout(done, ms));

// What is known about the connection, in words; the last calls stay.
function tellConnection() {
  const silence = performance.now() - answeredAt;
  const isStale = isGone || silence > ASK_EVERY_MS + ASK_TIME_MS + 1000 || failures > 0;
  document.body.classList.toggle('stale', isStale);
  at('connection').hidden = !isStale;
  if (!isStale) return;
  const minutes = Math.floor(silence / 60000);
  const since = state ? `Data pukul ${state.clock}` : 'Belum ada data';
  const age = !state || minutes < 1 ? '' : `, ${minutes} menit yang lalu`;
  const text = isGone ? 'Layar ini sudah dicabut. Minta alamat baru kepada petugas.' : `Tidak tersambung ke server. ${since}${age}.`;
  if (at('connection').textContent !== text) at('connection').textContent = text;
}

let failures = 0;
let isAsking = false;
let askAgain = false;
async function ask() {
  if (isAsking) { askAgain = true; return; }
  isAsking = true;
  do {
    askAgain = false;
    try {
      const answer = await fetch(`${base}/state`, { cache: 'no-store', signal: AbortSignal.timeout(ASK_TIME_MS) });
      isGone = answer.status === 404;
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      answeredAt = performance.now();
      failures = 0;
      take(told);
    } catch {
      failures += 1;
    }
    tellConnection();
  } while (askAgain);
  isAsking = false;
}

// The server says when something has changed. It is asked anew after every pause, since nothing that was missed is told again.
function listen() {
  const events = new EventSource(`${base}/events`);
  events.addEventListener('today', ask);
  events.addEventListener('error', () => {
    if (events.readyState !== EventSource.CLOSED) return;
    const [least, most] = BACK_MS;
    setTimeout(listen, least + Math.random() * (most - least));
  });
}

let said = null;
async function sayAlive() {
  const sound = voice.state();
  said = sound;
  try { await fetch(`${base}/alive`, { method: 'POST', body: sound, signal: AbortSignal.timeout(ASK_TIME_MS) }); } catch { said = null; }
}

const SOUND_TEXTS = { off: 'Nyalakan suara', on: 'Suara menyala. Matikan', broken: 'Suara tidak dapat diputar. Coba lagi' };
function tellSound() {
  const sound = voice.state();
  at('sound').textContent = SOUND_TEXTS[sound];
  at('sound').classList.toggle('wanted', sound !== 'on');
  document.body.dataset.sound = sound;
  if (said !== sound) sayAlive();
}

at('sound').addEventListener('click', async () => {
  if (voice.state() === 'on') voice.turnOff();
  else await voice.turnOn();
  tellSound();
});
voice.onchange = tellSound;

// Nothing of this page sleeps: neither the screen, where the browser allows that, nor the sound.
async function stayAwake() {
  try { await navigator.wakeLock?.request('screen'); } catch { /* the screen's own settings decide */ }
}
document.addEventListener('visibilitychange', () => { if (!document.hidden) { stayAwake(); ask(); } });

setInterval(ask, ASK_EVERY_MS);
setInterval(tellConnection, 1000);
setInterval(sayAlive, SAY_EVERY_MS);
stayAwake();
ask();
listen();
voice.resume().then(tellSound);
