/** A patrol while the page is open: streets are tapped, or matched by the service from positions that it forgets at once. */
import { find, h } from "../core/dom.js";
import { get, request } from "../core/http.js";
import { freshId } from "../core/ids.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";

const L = /** @type {any} */ (globalThis).L;
const EVERY_M = 8;
const MOST = 5000;
const panel = /** @type {HTMLElement|null} */ (find("#walking"));
/** @type {Set<string>} */
const ticked = new Set();
/** @type {[number, number, number][]} */
let positions = [];
/** @type {Date|null} */
let began = null;
let watching = 0;

const begin = /** @type {HTMLButtonElement} */ (find("#begin"));
const finish = /** @type {HTMLButtonElement} */ (find("#finish"));

function tell() {
  const counted = find("#counted");
  if (counted) counted.textContent = ticked.size || positions.length ? t("点了 {n} 段街路，记了 {m} 个位置", { n: ticked.size, m: positions.length }) : t("还没有街路");
  finish.disabled = !ticked.size && positions.length < 2;
}

/** @param {GeolocationPosition} fix */
function moved({ coords }) {
  const last = positions.at(-1);
  const shrink = Math.cos((coords.latitude * Math.PI) / 180);
  const away = last ? Math.hypot((last[0] - coords.longitude) * shrink, last[1] - coords.latitude) * 111_320 : Infinity;
  if (away < EVERY_M || coords.accuracy > 60 || positions.length >= MOST) return;
  positions.push([Number(coords.longitude.toFixed(6)), Number(coords.latitude.toFixed(6)), Math.max(1, Math.round(coords.accuracy))]);
  tell();
}

async function send() {
  finish.disabled = true;
  const ended = new Date();
  const started = began ?? new Date(ended.getTime() - 30 * 60_000);
  const body = { id: freshId(), started_at: started.toISOString(), ended_at: ended.toISOString(), segment_ids: [...ticked], positions };
  try {
    await request("POST", "patrols", body);
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
    finish.disabled = false;
    return;
  }
  navigator.geolocation?.clearWatch(watching);
  positions = [];
  location.assign("/patrols?notice=patrol_recorded");
}

/** @param {HTMLElement} shown */
async function start(shown) {
  shown.hidden = false;
  begin.disabled = !("geolocation" in navigator);
  begin.addEventListener("click", () => {
    began = new Date();
    begin.disabled = true;
    watching = navigator.geolocation.watchPosition(moved, () => toast(t("定位不可用，请直接点街路。"), { bad: true }), { enableHighAccuracy: true });
  });
  finish.addEventListener("click", () => void send());
  const map = await createMap(/** @type {HTMLElement} */ (find(".map", shown)), { codes: false });
  const style = getComputedStyle(document.documentElement);
  const [line, brand] = ["--line-2", "--brand"].map((name) => style.getPropertyValue(name).trim());
  const { features } = await get("streets");
  for (const { id, geometry, properties } of features) {
    const street = L.polyline(geometry.coordinates.map((/** @type {[number, number]} */ [lon, lat]) => [lat, lon]), { color: line, weight: 5, opacity: 0.35 }).addTo(map);
    street.on("click", () => {
      if (!ticked.delete(id)) ticked.add(id);
      street.setStyle({ color: ticked.has(id) ? brand : line, weight: ticked.has(id) ? 8 : 5, opacity: ticked.has(id) ? 0.95 : 0.35 });
      tell();
    });
    if (properties?.name) street.bindTooltip(h("span", {}, properties.name));
  }
  tell();
}

if (panel) void start(panel);
