// The simulated time, and how each of Indonesia's zones writes it.

import { spoken } from "./texts.js";

const ZONES = { WIB: "Asia/Jakarta", WITA: "Asia/Makassar", WIT: "Asia/Jayapura" };

let told = Date.now();
let heard = performance.now();

/** The server said what time it is. */
export function setNow(instant) {
  told = Date.parse(instant);
  heard = performance.now();
}

/** The simulated instant now, in milliseconds. */
export const now = () => told + performance.now() - heard;

function format(instant, zone, options) {
  const locale = spoken() === "id" ? "id-ID" : "en-GB";
  return new Intl.DateTimeFormat(locale, { timeZone: ZONES[zone] ?? "UTC", ...options }).format(instant);
}

/** Hours ahead of UTC; none of the zones has a summer time. */
const AHEAD = { WIB: "+07:00", WITA: "+08:00", WIT: "+09:00" };

/** The instant of an hour of a day (`2026-11-23`) in a zone, in milliseconds. */
export const instant = (zone, date, hours, minutes) => Date.parse(`${date}T${hours}:${minutes}:00${AHEAD[zone] ?? "Z"}`);

/** `2026-11-23` */
export const isoDay = (at, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: ZONES[zone] ?? "UTC" }).format(at);

/** `08.14` */
export const hour = (instant, zone) =>
  format(instant, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).replace(":", ".");

/** `Senin, 23 November 2026` */
export const day = (instant, zone) =>
  format(instant, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** `Sen, 23 Nov 2026 08.14 WIB` */
export const full = (instant, zone) =>
  `${format(instant, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" })} ${hour(instant, zone)} ${zone}`;
