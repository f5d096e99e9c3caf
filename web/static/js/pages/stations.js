/** Stations: the nearest by where one is now, and the way to one; the position goes to the server once and is not kept. */
import { find } from "../core/dom.js";
import { get } from "../core/http.js";
import { keepForms } from "../core/kept_form.js";
import { t } from "../core/words.js";
import "../core/page.js";

/** @returns {Promise<GeolocationPosition>} */
const whereIAm = () => new Promise((found, failed) => {
  navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 });
});

keepForms();
const nearest = /** @type {HTMLButtonElement|null} */ (find("#nearest"));
if (nearest && "geolocation" in navigator) {
  nearest.hidden = false;
  nearest.addEventListener("click", async () => {
    nearest.disabled = true;
    try {
      const { coords } = await whereIAm();
      location.assign(`/stations?lon=${coords.longitude.toFixed(6)}&lat=${coords.latitude.toFixed(6)}`);
    } catch {
      nearest.disabled = false;
      nearest.textContent = t("没有拿到位置，请在手机上允许定位");
    }
  });
}

const panel = /** @type {HTMLElement|null} */ (find("#station-map .map"));
if (panel) void begin(panel);

/** @param {HTMLElement} element */
async function begin(element) {
  const [{ createMap }, { CaseLayer }, { drawRoute }] = await Promise.all([
    import("../map/base.js"), import("../map/marks.js"), import("../map/small.js"),
  ]);
  const { stationLon = "0", stationLat = "0" } = element.dataset;
  const map = await createMap(element, { small: true, codes: false });
  new CaseLayer(map).put({ id: "station", lon: Number(stationLon), lat: Number(stationLat), category: "stations", status: "open" });
  map.setView([Number(stationLat), Number(stationLon)], 18, { animate: false });
  const said = /** @type {HTMLElement} */ (find("#way"));
  const go = /** @type {HTMLButtonElement} */ (find("#go"));
  /** @param {string} lon @param {string} lat */
  const show = async (lon, lat) => {
    const way = await get(`stations/${said.dataset.code}/way`, { lon, lat });
    if (way.route.length < 2) {
      said.textContent = t("从这里走不到，请看地图");
      return;
    }
    said.textContent = t("步行 {n} 米", { n: Math.round(way.distance_m) });
    map.fitBounds(drawRoute(map, way.route).getBounds(), { padding: [24, 24], maxZoom: 18.5, animate: false });
  };
  const query = new URLSearchParams(location.search);
  const [lon, lat] = [query.get("lon"), query.get("lat")];
  if (lon && lat) await show(lon, lat);
  if (!("geolocation" in navigator)) return;
  go.hidden = false;
  go.addEventListener("click", async () => {
    try {
      const { coords } = await whereIAm();
      await show(coords.longitude.toFixed(6), coords.latitude.toFixed(6));
    } catch {
      said.textContent = t("没有拿到位置，请在手机上允许定位");
    }
  });
}
