/** One block, or the blocks of a plan, on the map. */
import { find } from "../core/dom.js";
import { keepForms } from "../core/kept_form.js";
import { drawStreets } from "../planner/streets.js";

const L = /** @type {any} */ (globalThis).L;
const element = /** @type {HTMLElement|null} */ (find("#street-map"));
/** @type {import("../planner/streets.js").Street[]} */
const streets = JSON.parse(document.getElementById("hotspots")?.textContent ?? "[]");
keepForms();
if (element && streets.length) {
  const { map } = await drawStreets(element, streets);
  map.fitBounds(L.latLngBounds(streets.flatMap((one) => one.line.map(([lon, lat]) => [lat, lon]))), { maxZoom: 18, padding: [40, 40], animate: false });
}
