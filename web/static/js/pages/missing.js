/** One search for somebody who is missing: its streets on a map that all who search share; a tap ticks one off. */
import { find } from "../core/dom.js";
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { get, request } from "../core/http.js";
import { keepForms } from "../core/kept_form.js";
import { follow, settled } from "../core/live.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { pinIcon } from "../report/pin.js";

const L = /** @type {any} */ (globalThis).L;
const root = /** @type {HTMLElement} */ (find("#missing"));
const { id, muster } = root.dataset;
const panel = find("#search-map");
const PARTS = ["#missing-name", "#missing-now", "#missing-streets"];
/** @type {(() => Promise<void>)|null} */
let redraw = null;

const refresh = settled(async () => {
  void redraw?.();
  const fresh = await fetchIfIdle(window.location.pathname, "#missing-now");
  const now = fresh && find("#missing", fresh);
  if (!fresh || !now) return;
  root.dataset.status = now.dataset.status;
  replaceParts(fresh, PARTS);
});

/** @param {HTMLElement} element */
async function drawMap(element) {
  element.hidden = false;
  const lat = Number(element.dataset.lat), lon = Number(element.dataset.lon);
  const map = await createMap(/** @type {HTMLElement} */ (find(".map", element)), { codes: false });
  const colour = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const lines = L.layerGroup().addTo(map);
  L.marker([lat, lon], { icon: pinIcon(), alt: t("最后看到的地方"), interactive: false, keyboard: false }).addTo(map);
  map.setView([lat, lon], 17, { animate: false });
  redraw = async () => {
    const { features } = await get(`missing/${id}/streets`);
    lines.clearLayers();
    for (const one of features) {
      const searched = Boolean(one.properties.searched_at);
      const points = one.geometry.coordinates.map((/** @type {[number, number]} */ [x, y]) => [y, x]);
      L.polyline(points, { color: colour("--surface"), weight: 9, opacity: 0.8, interactive: false }).addTo(lines);
      L.polyline(points, { color: colour(searched ? "--good" : "--danger"), weight: 5, dashArray: searched ? null : "8 6" }).addTo(lines);
      L.polyline(points, { weight: 28, opacity: 0 }).on("click", () => void tick(one.id, !searched)).addTo(lines); // wide enough for a thumb
    }
    element.dataset.streets = String(features.length);
  };
  await redraw();
}

/** @param {string} segment @param {boolean} searched */
async function tick(segment, searched) {
  if (root.dataset.status !== "searching") return;
  try {
    await request("POST", `missing/${id}/streets/${segment}`, { searched });
    refresh();
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  }
}

keepForms();
document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-dial]")) return;
  event.preventDefault();
  try {
    const { number } = await request("POST", `missing/${id}/call`);
    window.location.href = `tel:${number}`;
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  }
});
sendForms(document.body, () => refresh());
if (panel) void drawMap(panel);
follow((event) => {
  if (!event) refresh();
}, undefined, (news) => {
  if (news.muster_id === muster) refresh();
}, { unseen: true });
