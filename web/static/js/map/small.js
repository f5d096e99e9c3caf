/** Small maps on cards: one place, perhaps with the way to it. */
import { findAll } from "../core/dom.js";
import { createMap } from "./base.js";
import { CaseLayer } from "./marks.js";

const L = /** @type {any} */ (globalThis).L;

/** @param {ParentNode} root every `.map[data-lon]` in it that has none yet */
export function smallMaps(root) {
  for (const element of findAll(".map[data-lon]", root)) {
    if (!element.dataset.made) {
      element.dataset.made = "true";
      void smallMap(element);
    }
  }
}

/** @param {HTMLElement} element */
async function smallMap(element) {
  const { lon = "0", lat = "0", category = "other", status = "open", route = "[]" } = element.dataset;
  const map = await createMap(element, { small: true, codes: false });
  /** @type {[number, number][]} */
  const line = JSON.parse(route);
  new CaseLayer(map).put({ id: "one", lon: Number(lon), lat: Number(lat), category, status });
  map.setView([Number(lat), Number(lon)], 18, { animate: false });
  if (line.length > 1) map.fitBounds(drawRoute(map, line).getBounds().extend([Number(lat), Number(lon)]), { padding: [24, 24], maxZoom: 18.5, animate: false });
}

/** @param {any} map @param {[number, number][]} line lon, lat */
export function drawRoute(map, line) {
  const points = line.map(([lon, lat]) => [lat, lon]);
  const style = getComputedStyle(document.documentElement);
  const [surface, colour] = ["--surface", "--map-route"].map((name) => style.getPropertyValue(name).trim());
  L.polyline(points, { color: surface, weight: 9, opacity: 0.9, interactive: false }).addTo(map);
  L.circleMarker(points[0], { radius: 6, color: surface, weight: 2, fillColor: colour, fillOpacity: 1, interactive: false }).addTo(map);
  return L.polyline(points, { color: colour, weight: 5, interactive: false }).addTo(map);
}
