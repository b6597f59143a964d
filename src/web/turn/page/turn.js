// A turn that is open: asks now and then, and changes only the words that are other ones.
const EVERY_MS = 15000;
const TIME_MS = 8000;
const at = id => document.getElementById(id);

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function show(told) {
  const cards = [...document.querySelectorAll('.card')];
  // Somebody came who was not here: the server makes the page.
  if (cards.length !== told.cards.length) {
    location.reload();
    return;
  }
  told.cards.forEach((card, place) => {
    const shown = cards[place];
    put(shown.querySelector('strong'), card.number);
    put(shown.querySelector('.headline'), card.headline);
    shown.className = `card ${card.tone}`;
    const details = card.details.map(text => {
      const line = document.createElement('p');
      line.textContent = text;
      return line;
    });
    shown.querySelector('.details').replaceChildren(...details);
  });
  at('note').hidden = !told.note;
  put(at('note'), told.note ?? '');
  put(at('clock'), told.clock);
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`${location.pathname.replace(/\/$/, '')}/now${location.search}`, { cache: 'no-store', signal: AbortSignal.timeout(TIME_MS) });
    // The day is over, or the booking was cancelled.
    if (answer.status === 404) { location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    put(at('stale'), '');
  } catch {
    put(at('stale'), at('stale').dataset.text);
  }
}

setInterval(ask, EVERY_MS);
document.addEventListener('visibilitychange', ask);
