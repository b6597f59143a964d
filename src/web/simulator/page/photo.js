// Makes a chosen picture small enough to send, as chat programs do, and draws a sample for those who have none at hand.

/** Largest picture that is sent, in bytes; as base64 it fits a webhook body of 4 MiB with room for the text. */
const BYTES_MAX = 2.5 * 1024 * 1024;
/** Above this a picture is drawn anew, smaller. */
const BYTES_KEPT = 600 * 1024;
/** Longest side of a picture drawn anew, in pixels: print on an identity card stays legible. */
const SIDE_MAX = 1600;

function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function address(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(new Error("notPicture")));
    reader.readAsDataURL(blob);
  });
}

/** Reads a file into `{name, url}`; throws an Error whose message names the text to show. */
export async function fromFile(file) {
  if (!["image/jpeg", "image/png"].includes(file.type)) throw new Error("notPicture");
  if (file.size <= BYTES_KEPT) return { name: file.name, url: await address(file) };
  const drawn = await createImageBitmap(file).catch(() => { throw new Error("notPicture"); });
  const scale = Math.min(1, SIDE_MAX / Math.max(drawn.width, drawn.height));
  const canvas = canvasOf(Math.round(drawn.width * scale), Math.round(drawn.height * scale));
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL("image/jpeg", 0.85);
  if (url.length * 0.75 > BYTES_MAX) throw new Error("tooLarge");
  return { name: file.name, url };
}

/** An invented card that nobody could take for a real one. */
export function sample() {
  const canvas = canvasOf(480, 300);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#cfe3f5";
  pen.fillRect(0, 0, 480, 300);
  pen.fillStyle = "#24306b";
  pen.fillRect(0, 0, 480, 52);
  pen.fillRect(348, 92, 96, 124);
  pen.fillStyle = "#f0b429";
  pen.beginPath();
  pen.arc(396, 136, 25, 0, 7);
  pen.ellipse(396, 216, 40, 46, 0, Math.PI, 0);
  pen.fill();
  pen.font = "bold 24px sans-serif";
  pen.fillText("KARTU CONTOH", 20, 35);
  pen.fillStyle = "#1d2238";
  pen.font = "20px sans-serif";
  ["Nama    : BUDI CONTOH", "Lahir   : 25-01-1987", "Alamat  : JL. CONTOH 1"].forEach((line, i) => pen.fillText(line, 20, 110 + i * 36));
  pen.font = "bold 20px sans-serif";
  pen.fillStyle = "#a3201d";
  pen.fillText("BUKAN DOKUMEN RESMI", 20, 270);
  return { name: "kartu-contoh.png", url: canvas.toDataURL("image/png") };
}
