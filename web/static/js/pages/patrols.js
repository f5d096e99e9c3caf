/** A patrol while the page is open: streets are tapped, or matched by the service from positions that it forgets at once. */
import { find, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { freshId } from "../core/ids.js";
import { install } from "../core/installed.js";
import { sayWhenKept } from "../core/kept.js";
import { keepForms } from "../core/kept_form.js";
import { forget } from "../core/kept_store.js";
import { openOutbox } from "../core/outbox.js";
import { keptNote } from "../core/outbox_note.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { forgetWalk, keepWalk, keptWalk } from "../patrols/walk.js";

const L = /** @type {any} */ (globalThis).L;
const EVERY_M = 8;
const MOST = 5000;
const UNTOLD_MS = 30 * 60_000; // who only taps streets hasn't said when they began
const panel = /** @type {HTMLElement|null} */ (find("#walking"));
const form = /** @type {HTMLFormElement|null} */ (find("form[action='/patrols']"));
/** @type {Set<string>} */
let ticked = new Set();
/** @type {[number, number, number][]} */
let positions = [];
/** @type {Date|null} */
let began = null;
let watching = 0;
/** The id of the patrol that was just handed in. */
let handed = "";
/** @type {Map<string, {name: string, line: any}>} */
const streets = new Map();

const begin = /** @type {HTMLButtonElement} */ (find("#begin"));
const finish = /** @type {HTMLButtonElement} */ (find("#finish"));

const outbox = openOutbox("patrol", {
  taken: (one) => {
    if (one.about.id === handed) location.assign("/patrols?notice=patrol_recorded");
    else toast(t("巡逻已记下，辛苦了。"));
  },
  show: (left) => {
    find("#kept")?.replaceChildren(...left.map((one) => keptNote(one, { again: outbox.again, drop: outbox.drop, sure: t("还没有传出去，会从这台手机删除。确定去掉吗？"),
      waiting: t("{place}：已存在这台手机里，有网络就自动上传。", { place: one.about.what }) })));
    if (handed && left.some(({ about }) => about.id === handed)) clear();
  },
});

/** What was handed in waits on this phone: the page is ready for another one. */
function clear() {
  handed = "";
  forget("patrol");
  form?.reset();
  for (const id of ticked) draw(id, false);
  ticked = new Set();
  tell();
  toast(t("还没传上去，已存在这台手机里，有网络就自动上传。"));
}

/** @param {string[]} segment_ids @param {Date} started @param {Date} ended @param {object} [more] */
async function hand(segment_ids, started, ended, more = {}) {
  if (handed) return;
  handed = freshId();
  const body = { id: handed, started_at: started.toISOString(), ended_at: ended.toISOString(), segment_ids, ...more };
  const names = new Set(segment_ids.map((id) => streets.get(id)?.name).filter(Boolean));
  const what = [...names].slice(0, 3).join(t("、")) || t("巡逻");
  await outbox.keep({ path: "patrols", body, about: { id: handed, what } });
}

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

async function end() {
  finish.disabled = true;
  const ended = new Date();
  const walked = positions;
  try {
    await hand([...ticked], began ?? new Date(ended.getTime() - UNTOLD_MS), ended, { positions: walked });
  } catch { // this browser keeps nothing: what was walked stays on the page
    handed = "";
    tell();
    toast(t("这台设备存不下了，请尽快提交。"), { bad: true });
    return;
  }
  navigator.geolocation?.clearWatch(watching);
  [positions, began, begin.disabled] = [[], null, false];
  forgetWalk();
  tell();
}

/** What is written down afterwards goes the same way; without a street the page itself asks for one. @param {HTMLFormElement} given */
function handForm(given) {
  given.addEventListener("submit", (event) => {
    const said = new FormData(given);
    const names = new Set(said.getAll("streets"));
    const chosen = [...streets].filter(([, { name }]) => names.has(name)).map(([id]) => id);
    if (given.dataset.direct || !chosen.length) return;
    event.preventDefault();
    const ended = new Date();
    const started = new Date(ended.getTime() - Number(said.get("minutes") ?? 60) * 60_000);
    hand(chosen, started, ended, { note: String(said.get("note") ?? "") }).catch(() => {
      given.dataset.direct = "true";
      given.requestSubmit();
    });
  });
}

/** @param {string} id @param {boolean} on */
function draw(id, on) {
  const style = getComputedStyle(document.documentElement);
  const [line, brand] = ["--line-2", "--brand"].map((name) => style.getPropertyValue(name).trim());
  streets.get(id)?.line.setStyle({ color: on ? brand : line, weight: on ? 8 : 5, opacity: on ? 0.95 : 0.35 });
}

/** @param {string} id */
function tick(id) {
  if (!ticked.delete(id)) ticked.add(id);
  draw(id, ticked.has(id));
  keepWalk([...ticked], began);
  tell();
}

/** @param {HTMLElement} shown */
async function start(shown) {
  shown.hidden = false;
  begin.disabled = !("geolocation" in navigator);
  begin.addEventListener("click", () => {
    began ??= new Date();
    begin.disabled = true;
    keepWalk([...ticked], began);
    watching = navigator.geolocation.watchPosition(moved, () => toast(t("定位不可用，请直接点街路。"), { bad: true }), { enableHighAccuracy: true });
  });
  finish.addEventListener("click", () => void end());
  const map = await createMap(/** @type {HTMLElement} */ (find(".map", shown)), { codes: false });
  const { features } = await get("streets");
  for (const { id, geometry, properties } of features) {
    const line = L.polyline(geometry.coordinates.map((/** @type {[number, number]} */ [lon, lat]) => [lat, lon])).addTo(map);
    streets.set(id, { name: properties?.name ?? "", line });
    draw(id, false);
    line.on("click", () => tick(id));
    if (properties?.name) line.bindTooltip(h("span", {}, properties.name));
  }
  const walk = keptWalk();
  began = walk.began;
  for (const id of walk.ticked) if (streets.has(id)) tick(id);
  tell();
}

if (form) handForm(form);
keepForms();
if (panel) void start(panel);
sayWhenKept(() => find(".service"));
void install();
