// What the page says, in Indonesian and English. The office's own replies come in whatever language the office speaks.

const TEXTS = {
  id: {
    skip: "Langsung ke percakapan", simulator: "simulator", clock: "Waktu simulasi", plus10: "+10 mnt", plus60: "+1 jam",
    to8: "ke 08.00", jump10: "+10 mnt: majukan waktu 10 menit", jump60: "+1 jam: majukan waktu 1 jam", jump8: "ke 08.00: majukan waktu ke pukul 08.00 berikutnya",
    add: "Warga", addLong: "+ Warga: tambah warga", people: "Pilih warga", person: n => `Warga ${n}`, office: "Kantor",
    poster: "Format pesan kantor ini", posterHint: "Isi dengan data karangan, lalu kirim.", chips: "Isian cepat",
    example: "Isi contoh", status: "#status", cancel: "#batal", help: "#bantuan", samplePhoto: "Foto contoh",
    code: code => `Kirim kode ${code}`, attach: "Lampirkan foto", drop: "Buang foto", write: "Tulis pesan", send: "Kirim pesan",
    close: "Tutup warga ini", closed: who => `${who} ditutup.`, undo: "Urungkan", log: (who, office) => `Percakapan ${who} dengan ${office}`, you: "Anda: ", them: office => `${office}: `,
    qr: "Kode QR dari pesan di bawah ini", photo: "Foto yang Anda kirim", photoGone: "[foto]",
    waiting: "menunggu dikirim", underway: "sedang dikirim", taken: "sudah diterima", answered: "sudah dijawab",
    again: "Coba lagi", busy: "Layanan sedang sibuk. Pesan Anda aman di sini.", offline: "Tidak ada sambungan. Pesan Anda aman di sini.",
    refused: status => `Pesan ditolak (${status}). Pesan Anda tetap ada di sini.`, unkept: "Pesan ini tidak dapat diproses dan disimpan untuk petugas.",
    tooLarge: "Foto terlalu besar. Pilih foto di bawah 2,5 MB.", notPicture: "Pilih foto JPEG atau PNG.",
    lost: "Sambungan terputus. Jawaban baru muncul lagi setelah tersambung.", clockFailed: "Waktu belum dapat dimajukan. Coba lagi.",
    loading: "Daftar kantor belum dapat dimuat. Mencoba lagi …", empty: "Belum ada kantor yang memakai simulator ini.",
  },
  en: {
    skip: "Skip to the conversation", simulator: "simulator", clock: "Simulated time", plus10: "+10 min", plus60: "+1 h",
    to8: "to 08.00", jump10: "+10 min: move time forward 10 minutes", jump60: "+1 h: move time forward 1 hour", jump8: "to 08.00: move time forward to the next 08.00",
    add: "Citizen", addLong: "+ Citizen: add a citizen", people: "Choose a citizen", person: n => `Citizen ${n}`, office: "Office",
    poster: "This office's message format", posterHint: "Fill it with invented data, then send.", chips: "Quick fill",
    example: "Fill an example", status: "#status", cancel: "#batal", help: "#bantuan", samplePhoto: "Sample photo",
    code: code => `Send code ${code}`, attach: "Attach a photo", drop: "Remove the photo", write: "Write a message", send: "Send message",
    close: "Close this citizen", closed: who => `${who} closed.`, undo: "Undo", log: (who, office) => `Conversation of ${who} with ${office}`, you: "You: ", them: office => `${office}: `,
    qr: "QR code of the message below", photo: "The photo you sent", photoGone: "[photo]",
    waiting: "waiting to be sent", underway: "being sent", taken: "received", answered: "answered",
    again: "Try again", busy: "The service is busy. Your message is safe here.", offline: "No connection. Your message is safe here.",
    refused: status => `Message refused (${status}). It is still here.`, unkept: "This message could not be processed and is kept for an officer.",
    tooLarge: "This photo is too large. Choose one under 2.5 MB.", notPicture: "Choose a JPEG or PNG photo.",
    lost: "Connection lost. New replies appear once it is back.", clockFailed: "Time could not be moved. Try again.",
    loading: "The offices could not be loaded. Trying again …", empty: "No office uses this simulator yet.",
  },
};

let language = "id";

/** The text called `name`; those with a gap take what fills it. */
export function say(name, ...gaps) {
  const text = TEXTS[language][name];
  return typeof text === "function" ? text(...gaps) : text;
}

export const spoken = () => language;

/** Changes the language of everything marked in `root`. */
export function speak(chosen, root) {
  language = chosen in TEXTS ? chosen : "id";
  document.documentElement.lang = language;
  translate(root);
}

/** Fills the marked parts of `root`: `data-text`, `data-label` (for screen readers and as a tooltip), `data-hint`. */
export function translate(root) {
  for (const part of root.querySelectorAll("[data-text]")) part.textContent = say(part.dataset.text);
  for (const part of root.querySelectorAll("[data-label]")) {
    part.setAttribute("aria-label", say(part.dataset.label));
    if (part.tagName === "BUTTON") part.title = say(part.dataset.label);
  }
  for (const part of root.querySelectorAll("[data-hint]")) part.placeholder = say(part.dataset.hint);
}
