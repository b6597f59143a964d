// Draws one message. All text goes in by textContent: whatever a citizen or an office writes stays text.

import { say } from "./texts.js";
import { hour } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";
const TICKS = {
  waiting: ["M8.5 1a4.5 4.5 0 1 0 .01 0M8.5 3v2.7l1.8 1"],
  underway: ["M4 6l3 3 6-7"],
  taken: ["M1 6l3 3 6-7", "M7.5 8.5 8 9l6-7"],
  answered: ["M1 6l3 3 6-7", "M7.5 8.5 8 9l6-7"],
};

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** One, two or two blue ticks, or a clock face; words for those who do not see them. */
function ticks(state) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 17 11");
  drawing.setAttribute("class", state === "answered" ? "ticks read" : "ticks");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", say(state));
  for (const d of TICKS[state]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    drawing.append(path);
  }
  return drawing;
}

/** Fills `into` with `text`, `*so*` in bold, as chat programs do. Stars inside a word, as in 0812****89, stay stars. */
export function write(into, text) {
  const bold = /(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])/gu;
  let from = 0;
  for (const match of text.matchAll(bold)) {
    into.append(text.slice(from, match.index), element("strong", "", match[1]));
    from = match.index + match[0].length;
  }
  into.append(text.slice(from));
}

/** A line between two days. */
export const daymark = text => element("li", "day", text);

/** One message as a list item. `again` is called when its sender wants another try. */
export function draw(message, { office, again }) {
  const own = message.own;
  const bubble = element("li", `bubble ${own ? "own" : "office"}`);
  bubble.dataset.id = message.id;
  // Who typed it knows it: only troubles with one's own messages are announced, not each new tick.
  if (own) bubble.setAttribute("aria-live", "off");
  bubble.append(element("span", "hidden", own ? say("you") : say("them", office.name)));
  if (message.png) bubble.classList.add("ticket");
  if (message.png || message.picture?.url) {
    const picture = element("img", "picture");
    picture.src = message.png ? `data:image/png;base64,${message.png}` : message.picture.url;
    picture.alt = say(message.png ? "qr" : "photo");
    bubble.append(picture);
  } else if (message.picture) {
    bubble.append(element("p", "nopicture", say("photoGone")));
  }
  if (message.text) {
    const text = element("p", "text");
    write(text, message.text);
    bubble.append(text);
  }
  const foot = element("div", "foot");
  foot.append(element("time", "", hour(message.at, office.zone)));
  if (own) foot.append(ticks(message.state));
  bubble.append(foot);
  if (message.trouble) {
    bubble.classList.add("failed");
    const trouble = element("p", "trouble", "");
    trouble.setAttribute("role", "alert");
    trouble.append(element("span", "", say(message.trouble, message.status)));
    if (again && message.trouble !== "unkept") {
      const button = element("button", "retry", say("again"));
      button.type = "button";
      button.addEventListener("click", again);
      trouble.append(button);
    }
    bubble.append(trouble);
  }
  return bubble;
}
