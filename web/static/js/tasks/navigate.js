/** The way to a task on the whole screen: the line along the streets, the own position on it, and how far it still is. */
import { find, h } from "../core/dom.js";
import { get, ServiceError } from "../core/http.js";
import { toast } from "../core/toast.js";
import { distance, t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { CaseLayer } from "../map/marks.js";
import { drawRoute } from "../map/small.js";
import { metresBetween, onPosition } from "./position.js";

const L = /** @type {any} */ (globalThis).L;
const ASTRAY_M = 40;
const ASK_AGAIN_MS = 10000;
const NEAR_M = 25;
const ZOOM = 18;
const ZOOMING_MS = 400; // Leaflet ends a zoom after 250 ms without asking whether the map is still there

/** @typedef {import("./position.js").Here} Here */
/** @typedef {{route: [number, number][], distance_m: number|null, travel_s: number|null}} Way */

/** @type {{id: string, close: () => void}|null} */
let open = null;

/** Show the buttons that only work with a script, and open the way of whose is pressed. */
export function offerNavigation() {
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-navigate]");
    if (button instanceof HTMLElement && button.dataset.navigate) void navigate(button.dataset.navigate);
  });
}

/** A task that is no longer one's own needs no way. */
export function closeIfGone() {
  if (!open || find(`[data-task="${open.id}"]`)) return;
  open.close();
  toast(t("这件任务已不在您手上。"));
}

/** @param {string} id of the task */
async function navigate(id) {
  const card = find(`[data-task="${id}"]`);
  const place = card && find(".map[data-lon]", card);
  if (!card || !place || open) return;
  const target = { lon: Number(place.dataset.lon), lat: Number(place.dataset.lat), accuracy_m: 0 };
  const left = h("p", { class: "navigate-left", role: "status" }, t("正在取得位置…"));
  const hint = h("p", { class: "soft small" }, find("h2 + p", card)?.textContent ?? "");
  const follow = h("button", { class: "button", type: "button", hidden: true }, t("回到我的位置"));
  const element = h("div", { class: "map" });
  const arrive = /** @type {HTMLFormElement|null} */ (find("form[action$='/arrive']", card));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "navigate", "aria-label": t("导航") },
    h("div", { class: "map-panel" }, element),
    h("div", { class: "navigate-bar" }, left, hint, h("div", { class: "verbs" },
      follow, h("button", { class: "button", type: "button", onclick: () => dialog.close() }, t("关闭导航")),
      arrive && h("button", { class: "button primary", type: "button", onclick: () => {
        dialog.close();
        /** @type {HTMLFormElement|null} */ (find(`[data-task="${id}"] form[action$='/arrive']`))?.requestSubmit();
      } }, t("我到了"))))));
  document.body.append(dialog);
  dialog.showModal();
  const awake = stayAwake();
  open = { id, close: () => dialog.close() };
  const map = await createMap(element, { codes: false });
  new CaseLayer(map).put({ id, ...target, category: place.dataset.category ?? "other", status: place.dataset.status ?? "accepted" });
  const stop = guide({ id, map, target, left, follow });
  dialog.addEventListener("close", () => {
    stop();
    awake();
    open = null;
    dialog.remove();
    setTimeout(() => map.remove(), ZOOMING_MS);
  }, { once: true });
  if (!dialog.open) dialog.dispatchEvent(new Event("close")); // closed while the map was being made
}

/**
 * Keep the map and the figures where the responder is.
 * @param {{id: string, map: any, target: Here, left: HTMLElement, follow: HTMLElement}} parts
 * @returns {() => void} stops
 */
function guide({ id, map, target, left, follow }) {
  const drawn = L.layerGroup().addTo(map);
  const me = L.circleMarker([target.lat, target.lon], { radius: 9, weight: 3, color: "#fff", fillColor: "#1a66d6", fillOpacity: 1, interactive: false });
  const circle = L.circle([target.lat, target.lon], { radius: 1, stroke: false, fillColor: "#1a66d6", fillOpacity: 0.15, interactive: false });
  /** @type {Way} */
  let way = { route: [], distance_m: null, travel_s: null };
  let asked_at = 0;
  let gone = false; // to somebody else: it isn't asked for again
  let following = true;
  /** @type {Here|null} */
  let latest = null;
  map.on("dragstart", () => { following = follow.hidden = false; });
  const ask = async () => {
    if (gone || Date.now() - asked_at < ASK_AGAIN_MS) return;
    asked_at = Date.now();
    try {
      way = await get(`cases/${id}/way`);
    } catch (error) {
      gone = error instanceof ServiceError && [403, 404].includes(error.status);
      return; // without a network the way that is known stays
    }
    if (latest) left.textContent = words(remaining(way.route, latest, target).left_m, way);
    else left.textContent = way.distance_m === null ? t("还不知道您在哪里，打开定位后再看。") : words(way.distance_m, way);
    drawn.clearLayers();
    if (way.route.length > 1) {
      const line = drawRoute(drawn, way.route);
      if (!map.hasLayer(me)) map.fitBounds(line.getBounds(), { padding: [32, 32], maxZoom: ZOOM, animate: false });
    }
  };
  const stopHearing = onPosition((here) => {
    latest = here;
    const at = [here.lat, here.lon];
    me.setLatLng(at).addTo(map).bringToFront();
    circle.setLatLng(at).setRadius(here.accuracy_m).addTo(map);
    if (following) map.setView(at, Math.max(map.getZoom(), ZOOM), { animate: true });
    const { off_m, left_m } = remaining(way.route, here, target);
    left.textContent = words(left_m, way);
    if (!way.route.length || off_m > ASTRAY_M + here.accuracy_m) void ask();
  });
  follow.addEventListener("click", () => {
    following = follow.hidden = true;
    const { lat, lng } = me.getLatLng();
    map.setView([lat, lng], ZOOM, { animate: true });
  });
  map.setView([target.lat, target.lon], ZOOM, { animate: false });
  void ask();
  return stopHearing;
}

/** @param {number} left_m @param {Way} way */
function words(left_m, way) {
  if (left_m < NEAR_M) return t("快到了。到了请按“我到了”。");
  if (!way.distance_m || !way.travel_s) return t("直线距离 {far}", { far: distance(left_m) });
  const minutes = Math.max(1, Math.round((left_m / way.distance_m) * (way.travel_s / 60)));
  return t("还有 {far} · 约 {n} 分钟", { far: distance(left_m), n: minutes });
}

/**
 * How far it still is along a line, from the point of it that is nearest.
 * @param {[number, number][]} route lon, lat
 * @param {Here} here
 * @param {Here} target where there is no line
 * @returns {{off_m: number, left_m: number}} off_m: how far off the line
 */
export function remaining(route, here, target) {
  if (route.length < 2) return { off_m: 0, left_m: metresBetween(here, target) };
  const points = route.map(([lon, lat]) => ({ lon, lat, accuracy_m: 0 }));
  let best = { off_m: Infinity, left_m: 0 };
  let behind_m = 0; // from the end of this piece to the end of the line
  for (let index = points.length - 2; index >= 0; index--) {
    const [from, to] = [points[index], points[index + 1]];
    const foot = nearestOn(from, to, here);
    const off_m = metresBetween(here, foot);
    if (off_m < best.off_m) best = { off_m, left_m: off_m + metresBetween(foot, to) + behind_m };
    behind_m += metresBetween(from, to);
  }
  return best;
}

/** @param {Here} from @param {Here} to @param {Here} here @returns {Here} the point of a short piece that is nearest */
function nearestOn(from, to, here) {
  const narrow = Math.cos((here.lat * Math.PI) / 180);
  const [x, y] = [(to.lon - from.lon) * narrow, to.lat - from.lat];
  const along = ((here.lon - from.lon) * narrow * x + (here.lat - from.lat) * y) / (x * x + y * y || 1);
  const part = Math.min(1, Math.max(0, along));
  return { lon: from.lon + part * (to.lon - from.lon), lat: from.lat + part * (to.lat - from.lat), accuracy_m: 0 };
}

/** Keep the screen on where the phone can. @returns {() => void} lets it go */
function stayAwake() {
  /** @type {any} */
  let lock = null;
  let over = false;
  const hold = async () => {
    if (over || document.hidden) return;
    lock = await /** @type {any} */ (navigator).wakeLock?.request("screen").catch(() => null);
    if (over) void lock?.release();
  };
  void hold();
  document.addEventListener("visibilitychange", hold);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  };
}
