// The simulator's page: some citizens' phones side by side, one clock, one stream of replies.
// Whatever was typed or sent is kept in this tab (sessionStorage), so that a reload loses nothing.

import { Phone } from "./phone.js";
import { say, speak, spoken, translate } from "./texts.js";
import { full, now, setNow } from "./time.js";
import { listen, moveClock, overview } from "./wire.js";

/** More phones than this fit no desk. */
const PHONES_MAX = 6;
const KEPT_UNDER = "antrean.simulator";
/** How long a closed citizen can be brought back, in milliseconds. */
const UNDO_TIME = 15_000;

const at = id => document.getElementById(id);
const phones = [];
let shown = null;
let closed = null;

const room = {
  webhook: "",
  offices: [],
  first: "",
  save,
  close,
  seen: phone => phone === shown || matchMedia("(min-width: 860px)").matches,
};

/** An invented number: no such numbers are given out under 0812-000. */
const newNumber = () => `62812000${String(crypto.getRandomValues(new Uint32Array(1))[0] % 100000).padStart(5, "0")}`;

function save() {
  const records = phones.map(phone => phone.record);
  const withoutPhotos = (name, value) => (name === "url" ? undefined : value);
  for (const replacer of [null, withoutPhotos]) {
    try {
      sessionStorage.setItem(KEPT_UNDER, JSON.stringify(records, replacer));
      return;
    } catch { /* full: try again without the photos */ }
  }
}

function kept() {
  try {
    const records = JSON.parse(sessionStorage.getItem(KEPT_UNDER)) ?? [];
    // What was under way when the page went may not have arrived; sending it again does no harm.
    for (const record of records)
      for (const message of Object.values(record.chats).flat())
        if (message.state === "underway") message.state = "waiting";
    return records;
  } catch {
    return [];
  }
}

function notice(text) {
  at("notice").hidden = !text;
  at("notice").textContent = text ?? "";
}

function zone() {
  return (shown ?? phones[0])?.office.zone ?? "WIB";
}

function tick() {
  const text = full(now(), zone());
  if (at("now").textContent !== text) at("now").textContent = text;
  for (const phone of phones) phone.tick();
}

/** Who is shown where only one phone fits, and whom the clock follows. */
function show(phone) {
  shown = phone;
  for (const each of phones) each.root.classList.toggle("shown", each === phone);
  drawPeople();
  phone.markRead();
  tick();
}

function drawPeople() {
  at("people").replaceChildren(...phones.map(phone => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = phone.name;
    button.setAttribute("aria-current", String(phone === shown));
    button.classList.toggle("new", phone !== shown && phone.unread.size > 0);
    button.addEventListener("click", () => { show(phone); phone.text.focus({ preventScroll: true }); });
    return button;
  }));
  at("people").classList.toggle("many", phones.length > 1);
  at("add").disabled = phones.length >= PHONES_MAX;
  for (const phone of phones) phone.root.querySelector(".close").hidden = phones.length === 1;
}

function add(record) {
  const taken = phones.map(phone => phone.record.n);
  // The number of one who may still come back is kept.
  if (closed && phones.length < PHONES_MAX - 1) taken.push(closed.record.n);
  const n = [1, 2, 3, 4, 5, 6].find(free => !taken.includes(free));
  // A further citizen stands at the counter of the one who is shown.
  const key = shown?.office.key ?? room.offices.find(office => office.key === room.first)?.key ?? room.offices[0].key;
  const phone = new Phone(record ?? { n, number: newNumber(), key, draft: "", chats: {} }, room);
  const place = phones.findIndex(each => each.record.n > phone.record.n);
  at("phones").insertBefore(phone.root, place < 0 ? null : phones[place].root);
  phones.splice(place < 0 ? phones.length : place, 0, phone);
  phone.root.addEventListener("focusin", () => { if (shown !== phone) show(phone); });
  show(phone);
  return phone;
}

function close(phone) {
  phones.splice(phones.indexOf(phone), 1);
  phone.root.remove();
  phone.closed = true;
  show(phones[0]);
  save();
  forget();
  closed = { record: phone.record, timer: setTimeout(forget, UNDO_TIME) };
  drawUndo();
  at("undo").querySelector("button").focus();
}

function drawUndo() {
  at("undo").hidden = !closed;
  if (closed) at("undo").querySelector("span").textContent = say("closed", say("person", closed.record.n));
}

/** Who was closed is gone for good: somebody else was closed, or nobody wanted them back. */
function forget() {
  clearTimeout(closed?.timer);
  closed = null;
  drawUndo();
}

function undo() {
  if (!closed || phones.length >= PHONES_MAX) return;
  const { record } = closed;
  forget();
  add(record).text.focus();
  save();
}

async function refresh() {
  const world = await overview();
  setNow(world.now);
  at("jumps").hidden = !world.movable;
  room.webhook = world.webhook;
  room.first = world.first ?? "";
  if (world.offices.length) room.offices = world.offices;
}

async function jump(button) {
  const { minutes, hour } = button.dataset;
  try {
    setNow((await moveClock(minutes ? { minutes: Number(minutes) } : { zone: zone(), hour: Number(hour) })).now);
    notice(null);
  } catch {
    notice(say("clockFailed"));
  }
  tick();
  // Examples are dated on the next open day, which may be another one now.
  await refresh().catch(() => {});
}

function changeLanguage() {
  const other = spoken() === "id" ? "en" : "id";
  try { localStorage.setItem(`${KEPT_UNDER}.language`, other); } catch { /* it is a convenience */ }
  wear(other);
}

function wear(language) {
  speak(language, document);
  const other = spoken() === "id" ? ["en", "EN", "English"] : ["id", "ID", "Bahasa Indonesia"];
  [at("language").lang, at("language").textContent] = other;
  // A name holds what is written on the button, or whoever speaks to the browser cannot press it.
  at("language").setAttribute("aria-label", `${other[1]}, ${other[2]}`);
  for (const phone of phones) phone.relabel();
  drawUndo();
  if (phones.length) drawPeople();
  tick();
}

async function open() {
  let language = "id";
  try { language = localStorage.getItem(`${KEPT_UNDER}.language`) ?? "id"; } catch { /* stays Indonesian */ }
  wear(language);
  for (;;) {
    try {
      await refresh();
      break;
    } catch {
      notice(say("loading"));
      await new Promise(done => setTimeout(done, 2000));
    }
  }
  notice(room.offices.length ? null : say("empty"));
  if (!room.offices.length) return;
  const records = kept();
  if (records.length) records.forEach(add);
  else add();
  show(phones[0]);
  save();
  const catchUp = () => {
    notice(null);
    for (const phone of phones) { phone.load(); phone.flush(); }
  };
  listen({
    reply: event => {
      const phone = phones.find(each => each.record.number === event.contact);
      phone?.receive(event);
      drawPeople();
    },
    opened: catchUp,
    lost: () => notice(say("lost")),
  });
  at("add").addEventListener("click", () => { add().text.focus(); save(); });
  at("undo").querySelector("button").addEventListener("click", undo);
  at("jumps").addEventListener("click", event => { const button = event.target.closest("button"); if (button) jump(button); });
  addEventListener("online", catchUp);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    refresh().catch(() => {});
    for (const phone of phones) phone.markRead();
  });
  setInterval(tick, 1000);
  translate(document);
  document.body.dataset.ready = "true";
}

at("language").addEventListener("click", changeLanguage);
open();
