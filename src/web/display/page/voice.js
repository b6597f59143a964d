// The chime and the recorded words. Everything is in one file, decoded once; words are played one behind the other, to the millisecond.

const CHIME = [[660, 0], [523, 0.45]];   // hertz, and seconds after the beginning: two tones, as in a station
const CHIME_SECONDS = 1.3;
const PAUSE_SECONDS = 0.22;              // where a number has a dash
const BETWEEN_SECONDS = 0.03;
const WAKE_MS = 600;                     // a browser that lets sound begin by itself does so at once

// A counter's number as it is said: 11 is a word, 12 is "dua belas", 30 "tiga puluh".
export function counted(number) {
  if (number < 12) return [String(number)];
  if (number < 20) return [String(number - 10), 'teen'];
  const tens = [String(Math.floor(number / 10)), 'ty'];
  return number % 10 === 0 ? tens : [...tens, ...counted(number % 10)];
}

// A call as it is said: "nomor antrean, nol sembilan, nol satu tujuh, silakan ke loket tiga". null is a pause.
export function words({ number, counter, kind }) {
  const signs = [...number.toUpperCase()].map(sign => (/[0-9A-Z]/.test(sign) ? sign : null));
  return [kind === 'recall' ? 'again' : 'number', null, ...signs, null, 'counter', ...counted(counter)];
}

export class Voice {
  constructor(file, index) {
    this.file = file;
    this.index = index;
    this.context = null;
    this.isWanted = false;
    this.isBroken = false;
    this.onchange = () => {};
  }

  state() {
    if (this.isBroken) return 'broken';
    return this.isWanted && this.context?.state === 'running' && this.recording ? 'on' : 'off';
  }

  async turnOn() {
    this.isWanted = true;
    this.isBroken = false;
    this.keep('on');
    try {
      if (!this.context) {
        this.context = new AudioContext();
        this.context.addEventListener('statechange', () => this.onchange());
      }
      const woken = this.context.resume();
      this.recording ??= await this.load();
      await Promise.race([woken, new Promise(done => setTimeout(done, WAKE_MS))]);
    } catch (error) {
      console.error('the sound cannot be played', error);
      this.isBroken = true;
    }
    this.onchange();
  }

  turnOff() {
    this.isWanted = false;
    this.keep('off');
    this.context?.suspend();
  }

  // After a reload: sound that was on goes on by itself where the browser allows that, as in its kiosk mode.
  async resume() {
    let before = null;
    try { before = localStorage.getItem('sound'); } catch { /* then the button must be pressed */ }
    if (before === 'on') await this.turnOn();
  }

  keep(state) {
    try { localStorage.setItem('sound', state); } catch { /* then the button must be pressed after a reload */ }
  }

  async load() {
    const [file, index] = await Promise.all([fetch(this.file), fetch(this.index)]);
    if (!file.ok || !index.ok) throw new Error('the recordings could not be loaded');
    this.places = await index.json();
    return this.context.decodeAudioData(await file.arrayBuffer());
  }

  // Rings and says a call; returns when it is over, at once where sound is off.
  async say(call) {
    if (this.state() !== 'on') return;
    let at = this.context.currentTime + 0.05;
    for (const [hertz, after] of CHIME) this.tone(hertz, at + after);
    at += CHIME_SECONDS;
    const said = words(call);
    for (const word of said) {
      const place = word === null ? null : this.places[word];
      if (!place) { at += PAUSE_SECONDS; continue; }
      const source = new AudioBufferSourceNode(this.context, { buffer: this.recording });
      source.connect(this.context.destination);
      source.start(at, place[0], place[1]);
      at += place[1] + BETWEEN_SECONDS;
    }
    document.body.dataset.spoken = said.filter(word => word !== null).join(' ');
    await new Promise(done => setTimeout(done, Math.max(0, at - this.context.currentTime) * 1000));
  }

  tone(hertz, at) {
    const tone = new OscillatorNode(this.context, { type: 'sine', frequency: hertz });
    const loudness = new GainNode(this.context, { gain: 0 });
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.35, at + 0.01);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.85);
    tone.connect(loudness).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + 0.9);
  }
}
