/**
 * The responder's own position: watched only on duty, told to the service at most every 30 s or 30 m, the last one only.
 * A switch on the page stops it; the choice is remembered on this device.
 */
import { find } from "../core/dom.js";
import { request } from "../core/http.js";
import { t, when } from "../core/words.js";

const EVERY_MS = 30000;
const MOVED_M = 30;
const HURRY_MS = 5000; // also who moves fast doesn't tell more often
const STOPPED = "weiwang-position-off";
const EARTH_M = 6371008.8;

/** @typedef {{lon: number, lat: number, accuracy_m: number}} Here */

/** @type {Here|null} */
let told = null;
let told_at = 0;
let watching = 0;
/** @type {Here|null} */
let latest = null;
/** @type {Set<(here: Here) => void>} */
const listeners = new Set();

/** @returns {boolean} whether the reader lets the position be told */
export const isTelling = () => localStorage.getItem(STOPPED) === null;

/** @param {boolean} on */
export function setTelling(on) {
  if (on) localStorage.removeItem(STOPPED);
  else localStorage.setItem(STOPPED, "1");
  told = null;
  told_at = 0;
  watchPosition();
}

/**
 * Hear of each new position, and of the latest at once.
 * @param {(here: Here) => void} heard
 * @returns {() => void} stops hearing
 */
export function onPosition(heard) {
  listeners.add(heard);
  if (latest) heard(latest);
  return () => listeners.delete(heard);
}

/** @param {Here} a @param {Here} b @returns {number} metres between two positions near each other */
export function metresBetween(a, b) {
  const radians = Math.PI / 180;
  const east = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  return EARTH_M * Math.hypot(east, (b.lat - a.lat) * radians);
}

/** @param {string} words about the position, where the page has a line for them */
function say(words) {
  const line = find("#position-state");
  if (line) line.textContent = words;
}

/** Watch while the page shows the line of somebody on duty, and stop when it no longer does. */
export function watchPosition() {
  const wanted = find("#position-state") && isTelling();
  if (!wanted || !navigator.geolocation || !window.isSecureContext) {
    if (watching) navigator.geolocation.clearWatch(watching);
    watching = told_at = 0;
    latest = told = null; // off duty the service forgets it: who comes back tells it anew
    if (!isTelling()) say(t("位置已停止发送，将按登记住址派单。"));
    else if (!navigator.geolocation) say(t("这台设备不能定位，将按登记住址派单。"));
    else if (!window.isSecureContext) say(t("网址不是 HTTPS，浏览器不允许定位，将按登记住址派单。"));
    return;
  }
  watching ||= navigator.geolocation.watchPosition(heard, () => say(t("没有取得位置，将按登记住址派单。")),
    { enableHighAccuracy: true, maximumAge: 15000, timeout: 20000 });
}

/** @param {GeolocationPosition} position */
function heard({ coords, timestamp }) {
  latest = { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy };
  for (const listener of listeners) listener(latest);
  void tell(latest, timestamp);
}

/** @param {Here} here @param {number} fixed_at */
async function tell(here, fixed_at) {
  const since_ms = Date.now() - told_at;
  const moved = !told || metresBetween(told, here) >= MOVED_M;
  if (since_ms < HURRY_MS || (since_ms < EVERY_MS && !moved)) return;
  [told, told_at] = [here, Date.now()];
  try {
    await request("PUT", "me/position", { ...here, datum: "wgs84" });
    say(t("位置已更新 {time}", { time: when(fixed_at) }));
  } catch (error) {
    told = null;
    say(/** @type {Error} */ (error).message);
  }
}
