/** The stops of a round on a map, in their order, with the way over what is left of it. */
import { find } from "../core/dom.js";
import { createMap } from "./base.js";
import { drawRoute } from "./small.js";

const L = /** @type {any} */ (globalThis).L;

/** @param {string} where the panel; what it shows stands in `#round-data` */
export async function drawStops(where) {
  const { line, points } = JSON.parse(find("#round-data")?.textContent ?? "{}");
  const element = /** @type {HTMLElement|null} */ (find(`${where} .map`));
  if (!element || !points?.length) return;
  const map = await createMap(element, { codes: false });
  if (line.length > 1) drawRoute(map, line);
  for (const { n, lon, lat, done } of points) {
    const icon = L.divIcon({ className: "stop-mark", html: String(Number(n)), iconSize: [28, 28] });
    const marker = L.marker([lat, lon], { icon, alt: String(n), opacity: done ? 0.5 : 1 }).addTo(map);
    marker.on("click", () => find(`#stop-${n}`)?.scrollIntoView({ behavior: "smooth", block: "center" }));
  }
  map.fitBounds(L.latLngBounds(points.map((/** @type {{lat: number, lon: number}} */ { lat, lon }) => [lat, lon])), { padding: [32, 32], maxZoom: 18.5, animate: false });
}
