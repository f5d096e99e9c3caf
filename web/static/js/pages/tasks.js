/** Tasks of a responder: offers with their countdown and way, tasks with their verbs, duty and position. */
import { find, findAll } from "../core/dom.js";
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { request } from "../core/http.js";
import { follow, settled } from "../core/live.js";
import { countdown, t, when } from "../core/words.js";
import { smallMaps } from "../map/small.js";

const SOON_S = 20;
const POSITION_EVERY_MS = 20000;
let offered = new Set(findAll("[data-offer]").map((card) => card.dataset.offer));
let positionSentAt = 0;
let watching = 0;

const refresh = settled(async () => {
  if (find("#leaving")) return; // news must not take a question away that is being answered
  const fresh = await fetchIfIdle("/tasks", "#tasks");
  if (fresh && !find("#leaving")) show(fresh);
});

/** @param {Document} fresh */
function show(fresh) {
  if (!find("#tasks", fresh)) {
    refresh();
    return;
  }
  const light = find("#live");
  const told = find("#position-state")?.textContent ?? "";
  replaceParts(fresh, ["#tasks"]);
  if (light) find("#live")?.replaceWith(light);
  const line = find("#position-state");
  if (line) line.textContent = told;
  smallMaps(document);
  announce();
  tick();
  watchPosition();
}

/** A new offer is felt and heard in the title. */
function announce() {
  const now = new Set(findAll("[data-offer]").map((card) => card.dataset.offer));
  if ([...now].some((id) => !offered.has(id))) navigator.vibrate?.([200, 100, 200]);
  offered = now;
}

function tick() {
  for (const card of findAll("[data-offer]")) {
    const left = (Date.parse(card.dataset.expires ?? "") - Date.now()) / 1000;
    const count = find("[data-countdown]", card);
    if (!count) continue;
    count.textContent = countdown(left);
    count.classList.toggle("soon", left < SOON_S);
    if (left <= 0 && !card.dataset.over) {
      card.dataset.over = "true";
      setTimeout(refresh, 1500);
    }
  }
}

/** While on duty the last position is told, so that the closest is asked. */
function watchPosition() {
  const state = find("#position-state");
  if (!state || !navigator.geolocation) {
    if (watching) navigator.geolocation.clearWatch(watching);
    watching = 0;
    if (state) state.textContent = t("这台设备不能定位，将按登记住址派单。");
    return;
  }
  if (!window.isSecureContext) {
    state.textContent = t("网址不是 HTTPS，浏览器不允许定位，将按登记住址派单。");
    return;
  }
  watching ||= navigator.geolocation.watchPosition(tellPosition, () => {
    const line = find("#position-state");
    if (line) line.textContent = t("没有取得位置，将按登记住址派单。");
  }, { enableHighAccuracy: true, maximumAge: 15000, timeout: 20000 });
}

/** @param {GeolocationPosition} position */
async function tellPosition({ coords, timestamp }) {
  if (Date.now() - positionSentAt < POSITION_EVERY_MS) return;
  positionSentAt = Date.now();
  const line = find("#position-state");
  try {
    await request("PUT", "me/position", { lon: coords.longitude, lat: coords.latitude, datum: "wgs84", accuracy_m: coords.accuracy });
    if (line) line.textContent = t("位置已更新 {time}", { time: when(timestamp) });
  } catch (error) {
    if (line) line.textContent = /** @type {Error} */ (error).message;
  }
}

smallMaps(document);
sendForms(document.body, show);
follow(refresh, refresh, refresh);
setInterval(tick, 500);
tick();
watchPosition();
