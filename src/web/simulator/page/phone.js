// One citizen's phone: what they wrote, what the offices answered, and what still has to go out.

import { daymark, draw } from "./bubble.js";
import { fromFile, sample } from "./photo.js";
import { say, translate } from "./texts.js";
import { day, full, hour, instant, isoDay, now } from "./time.js";
import { deliver, transcript } from "./wire.js";

/** Bubbles kept of one conversation. */
const HISTORY_MAX = 200;

const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, "0")).join("");

/**
 * The one code of eight digits in a reply, while it can still be sent; the dates of an example stand behind a `#`, what the
 * citizen wrote in quotes.
 */
function codeIn(reply, zone) {
  const codes = reply?.text.match(/(?<![\d#“"])\d{8}(?![\d”"])/g) ?? [];
  return codes.length === 1 && now() < deadline(reply, codes[0], zone) ? codes[0] : null;
}

/** How the months begin, in Indonesian and in English. */
const MONTHS = ["jan", "feb", "mar", "apr", "mei may", "jun", "jul", "agu aug", "sep", "okt oct", "nov", "des dec"];

/**
 * Until when a code can be sent, as its reply says behind it: `09.30 WIB`, `09:30 WIB`, on another day
 * `00.15 WIB (Rabu, 2 Agustus 2017)`.
 * Without a time in the reply it never ends.
 */
function deadline({ text, at }, code, zone) {
  const told = text.slice(text.indexOf(code)).match(/(\d{2})[.:](\d{2}) WI(?:B|TA|T)\b(?: \([^)\d]*(\d{1,2}) (\p{L}+) (\d{4})\))?/u);
  if (!told) return Infinity;
  const [, hours, minutes, date, name, year] = told;
  if (year) {
    const month = MONTHS.findIndex((names) => names.includes(name.slice(0, 3).toLowerCase())) + 1;
    return instant(zone, `${year}-${String(month).padStart(2, "0")}-${date.padStart(2, "0")}`, hours, minutes);
  }
  const until = instant(zone, isoDay(at, zone), hours, minutes);
  return until < at ? until + 24 * 3_600_000 : until;
}

export class Phone {
  /** `record` is what is kept: {n, number, key, draft, chats: {key: [message]}}. `room` is the page: {webhook, offices, save, seen}. */
  constructor(record, room) {
    this.record = record;
    this.room = room;
    this.root = document.getElementById("phone").content.cloneNode(true).firstElementChild;
    for (const name of ["log", "bubbles", "chips", "composer", "file", "complaint", "attached", "wall"]) {
      this[name] = this.root.querySelector(`.${name}`);
    }
    this.select = this.root.querySelector("select");
    this.text = this.root.querySelector("textarea");
    this.text.value = record.draft ?? "";
    this.photo = null;
    this.unread = new Set();
    this.listen();
    this.relabel();
    this.load();
    // Narrower columns and on-screen keyboards must not hide the newest message, unless somebody reads elsewhere.
    this.follows = true;
    for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.log.addEventListener(moved, () => { this.follows = false; }, { passive: true });
    }
    new ResizeObserver(() => { if (this.follows) this.toNewest(); }).observe(this.log);
  }

  get office() { return this.room.offices.find(office => office.key === this.record.key) ?? this.room.offices[0]; }
  get chat() { return (this.record.chats[this.office.key] ??= []); }
  get name() { return say("person", this.record.n); }

  listen() {
    this.select.addEventListener("change", () => {
      this.record.key = this.select.value;
      this.show();
      this.load();
    });
    this.composer.addEventListener("submit", event => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("keydown", event => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    });
    this.text.addEventListener("input", () => { this.record.draft = this.text.value; this.room.save(); });
    this.file.addEventListener("change", () => this.attach(this.file.files[0]));
    this.text.addEventListener("paste", event => {
      const pasted = [...(event.clipboardData?.files ?? [])][0];
      if (pasted) { event.preventDefault(); this.attach(pasted); }
    });
    this.root.querySelector(".drop").addEventListener("click", () => { this.setPhoto(null); this.text.focus(); });
    this.root.querySelector(".close").addEventListener("click", () => this.room.close(this));
  }

  /** Writes everything anew: after a change of language or of the list of offices. */
  relabel() {
    translate(this.root);
    this.root.querySelector("h2").textContent = this.name;
    this.root.querySelector(".number").textContent = this.record.number.replace(/^62(\d{3})(\d{4})/, "0$1-$2-");
    this.select.replaceChildren(...this.room.offices.map(office => new Option(office.name, office.key)));
    this.show();
  }

  /** Draws the conversation with the chosen office. */
  show() {
    const office = this.office;
    this.select.value = office.key;
    // Broken before a mark, never inside a word.
    const pieces = office.poster.split(/(?=[#|+ ])/);
    this.root.querySelector(".line").replaceChildren(...pieces.flatMap(piece => [document.createElement("wbr"), piece]));
    this.root.setAttribute("aria-label", this.name);
    this.log.setAttribute("aria-label", say("log", this.name, office.name));
    // A conversation drawn anew is not news.
    this.log.setAttribute("aria-busy", "true");
    this.bubbles.replaceChildren();
    this.lastDay = "";
    for (const message of this.chat) this.append(message);
    this.log.setAttribute("aria-busy", "false");
    this.follows = true;
    this.toNewest();
    this.suggest();
    this.tick();
    this.markRead();
  }

  tick() {
    const zone = this.office.zone;
    this.wall.textContent = `${hour(now(), zone)} ${zone}`;
    this.wall.title = full(now(), zone);
    // A code that can no longer be sent is not offered.
    if (this.offered && !this.code()) this.suggest();
  }

  /** The code of the newest reply. */
  code() { return codeIn(this.chat.findLast(message => !message.own), this.office.zone); }

  append(message, fresh = false) {
    const today = day(message.at, this.office.zone);
    if (today !== this.lastDay) this.bubbles.append(daymark(today));
    this.lastDay = today;
    const bubble = draw(message, { office: this.office, again: () => this.flush(true) });
    if (fresh) bubble.classList.add("fresh");
    this.bubbles.append(bubble);
    if (fresh) {
      this.follows = true;
      this.toNewest();
    }
    bubble.querySelector("img")?.addEventListener("load", () => { if (this.follows) this.toNewest(); });
  }

  /** Shows the newest message, and where it is longer than the window its beginning: what counts stands there. */
  toNewest() {
    const newest = this.bubbles.lastElementChild;
    const top = newest ? newest.getBoundingClientRect().top - this.log.getBoundingClientRect().top + this.log.scrollTop : 0;
    this.log.scrollTop = Math.min(this.log.scrollHeight - this.log.clientHeight, top - 8);
  }

  redraw(message) {
    const old = [...this.bubbles.children].find(bubble => bubble.dataset.id === message.id);
    if (!old) return;
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(draw(message, { office: this.office, again: () => this.flush(true) }));
    if (hadFocus) this.text.focus();
  }

  /** The chips: the code that was just given first, then a filled form, commands, a photo. */
  suggest() {
    const code = this.offered = this.code();
    const fill = text => () => { this.text.value = text; this.text.dispatchEvent(new Event("input")); this.text.focus(); };
    const chips = [
      code && ["code", say("code", code), () => { fill(code)(); this.submit(); }],
      ["example", say("example"), () => fill(this.office.example)()],
      ["photo", say("samplePhoto"), () => { this.setPhoto(sample()); this.text.focus(); }],
      ["command", say("status"), fill("#status")],
      ["command", say("cancel"), fill("#batal")],
      ["command", say("help"), fill("#bantuan")],
    ].filter(Boolean);
    this.chips.replaceChildren(...chips.map(([kind, label, act]) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = kind;
      chip.textContent = label;
      chip.addEventListener("click", act);
      return chip;
    }));
    this.chips.scrollLeft = 0;
  }

  async attach(file) {
    this.file.value = "";
    if (!file) return;
    try {
      this.setPhoto(await fromFile(file));
    } catch (error) {
      this.complain(error.message);
    }
    this.text.focus();
  }

  complain(what) {
    this.complaint.hidden = !what;
    this.complaint.textContent = what ? say(what) : "";
  }

  setPhoto(photo) {
    this.photo = photo;
    this.complain(null);
    this.attached.hidden = !photo;
    if (!photo) return;
    this.attached.querySelector("img").src = photo.url;
    this.attached.querySelector(".what").textContent = photo.name;
  }

  submit() {
    const text = this.text.value;
    if (!text.trim() && !this.photo) return;
    const message = { id: newId(), own: true, at: now(), state: "waiting", text };
    if (this.photo) message.picture = this.photo;
    this.chat.push(message);
    this.text.value = "";
    this.record.draft = "";
    this.setPhoto(null);
    this.append(message, true);
    this.room.save();
    this.flush();
  }

  /** Sends what waits, one after another, each under its own id: a message sent twice counts once. */
  async flush(asked = false) {
    clearTimeout(this.later);
    if (this.closed) return;
    const waiting = () => Object.entries(this.record.chats)
      .flatMap(([key, chat]) => chat.map(message => [key, message]))
      .filter(([, message]) => message.own && message.state === "waiting");
    // What was refused goes out again only when somebody wants that.
    if (asked) for (const [, message] of waiting()) message.trouble = undefined;
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (;;) {
        const next = waiting().find(([, message]) => message.trouble !== "refused");
        if (!next || !(await this.send(...next))) return;
      }
    } finally {
      this.flushing = false;
    }
  }

  /** Sends one message; false when those behind it must wait. */
  async send(key, message) {
    Object.assign(message, { state: "underway", trouble: undefined });
    this.redraw(message);
    const { id, text, picture } = message;
    const body = { id, from: this.record.number, text: text || undefined };
    if (picture?.url) body.picture = { name: picture.name, base64: picture.url.split(",")[1] };
    const outcome = await deliver(this.room.webhook, { key, messages: [body] });
    if (outcome.trouble) {
      Object.assign(message, { state: "waiting", trouble: outcome.trouble, status: outcome.status });
      if (outcome.after) this.later = setTimeout(() => this.flush(), outcome.after);
    } else {
      if (message.state !== "answered") message.state = "taken";
      if (outcome.verdicts?.some(verdict => verdict === "set_aside" || verdict === "stray")) message.trouble = "unkept";
    }
    this.redraw(message);
    this.room.save();
    return !outcome.trouble || outcome.trouble === "refused";
  }

  /** A reply has come: by the stream, or out of the transcript. */
  receive({ key, id, text, png_base64: png, at: sent }) {
    const chat = (this.record.chats[key] ??= []);
    const at = Date.parse(sent) || now();
    const forgotten = chat.length >= HISTORY_MAX && at < chat[0].at;
    if (forgotten || chat.some(message => message.id === id)) return;
    const reply = { id, own: false, at, text, png: png ?? undefined };
    const place = chat.findLastIndex(message => message.at <= at) + 1;
    const newest = place === chat.length;
    chat.splice(place, 0, reply);
    chat.splice(0, chat.length - HISTORY_MAX);
    this.unread.add(`${key} ${id}`);
    this.status(key, id, "delivered");
    for (const message of chat) {
      if (!message.own || message.at > at || !["taken", "underway"].includes(message.state)) continue;
      message.state = "answered";
      if (key === this.office.key) this.redraw(message);
    }
    if (key === this.office.key) {
      if (newest) {
        this.append(reply, true);
        this.suggest();
      } else {
        this.show();
      }
    }
    this.markRead();
    this.room.save();
  }

  /** Tells the office that its replies were read, once somebody can see them. */
  markRead() {
    if (document.hidden || !this.room.seen(this)) return;
    for (const entry of this.unread) {
      const [key, id] = entry.split(" ");
      if (key !== this.office.key) continue;
      this.unread.delete(entry);
      this.status(key, id, "read");
    }
  }

  status(key, id, status) {
    return deliver(this.room.webhook, { key, statuses: [{ id, status }] });
  }

  /** Fetches what came while nobody listened. */
  async load() {
    const key = this.office.key;
    const replies = await transcript(key, this.record.number).catch(() => []);
    for (const reply of replies) this.receive(reply);
  }
}
