// The camera as a scanner: the browser's own reader where it reads our picture, else zxing's, whose program is loaded on first use.
'use strict';

(() => {
  const panel = document.querySelector('#camera');
  const video = document.querySelector('#camera-picture');
  const hint = document.querySelector('#camera-hint');
  if (!panel || !navigator.mediaDevices?.getUserMedia) return;

  // How often a picture is looked at.
  const LOOK_MS = 200;
  // A code that was entered is held in front of the camera for a while: it counts again after it was away so long.
  const AWAY_MS = 4000;
  // The code "OK", a row of modules in each number: some browsers have a reader that reads nothing.
  const OK = '1fcf7f 104b41 17525d 17545d 174b5d 104141 1fd57f 100 36b0c 1d2a55 d439e 2a4cc 1bd54d 12ab 1fd3f0 104e7b 17582d 175adc 174747 104716 1fc94e';
  const SIDE = 21;

  const button = () => document.querySelector('#camera-button');
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  const drawOk = () => {
    const scale = 8;
    const quiet = 4;
    context.canvas.width = context.canvas.height = (SIDE + 2 * quiet) * scale;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.fillStyle = '#000';
    OK.split(' ').forEach((row, y) => [...parseInt(row, 16).toString(2).padStart(SIDE, '0')].forEach((module, x) => {
      if (module === '1') context.fillRect((x + quiet) * scale, (y + quiet) * scale, scale, scale);
    }));
  };

  const ofBrowser = async () => {
    if (!('BarcodeDetector' in window)) return null;
    try {
      const detector = new BarcodeDetector({ formats: ['qr_code'] });
      drawOk();
      const [found] = await detector.detect(context.canvas);
      if (found?.rawValue !== 'OK') return null;
      return async () => (await detector.detect(context.canvas))[0]?.rawValue;
    } catch {
      return null;
    }
  };

  const ofZxing = async () => {
    await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => panel.dataset.wasm }, fireImmediately: true });
    const picture = () => context.getImageData(0, 0, context.canvas.width, context.canvas.height);
    return async () => (await ZXingWASM.readBarcodes(picture(), { formats: ['QRCode'], maxNumberOfSymbols: 1 }))[0]?.text;
  };

  let reader;
  let stream;
  let timer;
  let last = '';
  let lastSeen = 0;

  const enter = code => {
    const now = performance.now();
    const isAgain = code === last && now - lastSeen < AWAY_MS;
    [last, lastSeen] = [code, now];
    const field = document.querySelector('#code');
    if (isAgain || !field || field.value) return;
    field.value = code;
    field.form.requestSubmit();
  };

  const look = async () => {
    if (!stream) return;
    if (video.videoWidth > 0) {
      context.canvas.width = video.videoWidth;
      context.canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const code = await reader().catch(() => undefined);
      if (code && stream) enter(code.trim());
    }
    timer = setTimeout(look, LOOK_MS);
  };

  const show = isOn => {
    panel.hidden = !isOn && hint.textContent !== hint.dataset.none;
    video.hidden = !isOn;
    mark();
  };
  const mark = () => {
    const it = button();
    if (!it) return;
    it.hidden = false;
    it.textContent = stream ? panel.dataset.stop : panel.dataset.start;
    it.setAttribute('aria-expanded', String(Boolean(stream)));
  };

  const stop = () => {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
    show(false);
  };

  const start = async () => {
    const told = hint.dataset.hint ??= hint.textContent;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      reader ??= await ofBrowser() ?? await ofZxing();
      hint.textContent = told;
      video.srcObject = stream;
      await video.play();
      show(true);
      look();
    } catch (error) {
      console.error(error);
      hint.textContent = hint.dataset.none;
      stop();
    }
  };

  // The button comes anew with each panel.
  addEventListener('click', event => {
    if (!event.target.closest?.('#camera-button')) return;
    if (stream) stop(); else start();
  });
  addEventListener('htmx:after:swap', mark);
  addEventListener('pagehide', stop);
  mark();
})();
