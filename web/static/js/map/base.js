/** The map that every page shares: Leaflet over the community's own base map. */
import { page } from "../core/page.js";
import { t } from "../core/words.js";
import { contains, loadLayers, toWorld } from "./data.js";
import { Painter } from "./painter.js";
import { rasterLayer } from "./raster.js";

const L = /** @type {any} */ (globalThis).L;
const MARGIN = 0.35; // how far beyond the community the map may be dragged, as a part of its size

/**
 * Make a map of the community.
 * @param {HTMLElement} element
 * @param {{small?: boolean, codes?: boolean, bounds?: [number, number, number, number]|null}} [options]
 *   small: no controls and no wheel, for a card
 * @returns {Promise<any>} the Leaflet map, once its base layers are drawn
 */
export async function createMap(element, { small = false, codes = true, bounds = page.community?.bounds ?? null } = {}) {
  const map = L.map(element, {
    zoomControl: false, attributionControl: true, zoomSnap: 0.5, wheelPxPerZoomLevel: 90, minZoom: 12, maxZoom: 20.5,
    scrollWheelZoom: !small, fadeAnimation: false, inertia: true, preferCanvas: true,
  });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(page.community?.demo ? t("示范底图，虚构数据") : t("底图数据 © OpenStreetMap 贡献者"));
  if (!small) {
    L.control.zoom({ position: "topright", zoomInTitle: t("放大"), zoomOutTitle: t("缩小") }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  }
  const pane = map.createPane("base");
  pane.style.zIndex = "150";
  pane.style.pointerEvents = "none";
  /** Where the map stood when it was fitted: as long as it stands there nobody has moved it. @type {{centre: any, zoom: number}} */
  let fitted;
  const fit = () => {
    if (!bounds) map.setView([page.community?.centre[1] ?? 0, page.community?.centre[0] ?? 0], 16);
    else map.fitBounds(leafletBounds(bounds), { animate: false, padding: [8, 8] });
    fitted = { centre: map.getCenter(), zoom: map.getZoom() };
  };
  fit();
  if (bounds) map.setMaxBounds(leafletBounds(bounds).pad(MARGIN + (small ? 1 : 0.3)));
  const layers = await loadLayers(codes);
  if (page.base_map) {
    map.createPane("raster").style.zIndex = "140";
    rasterLayer(page.base_map).addTo(map);
  }
  new Painter(layers, { codes, ground: !page.base_map }).addTo(map);
  let hidden = element.clientWidth === 0;
  const sized = new ResizeObserver(() => {
    const still = hidden || (map.getZoom() === fitted.zoom && map.getCenter().equals(fitted.centre));
    map.invalidateSize({ animate: false });
    if (still && element.clientWidth) fit();
    hidden = element.clientWidth === 0;
  });
  sized.observe(element);
  map.on("unload", () => sized.disconnect());
  element.dataset.ready = "true";
  return map;
}

/** @param {[number, number, number, number]} bounds west, south, east, north */
export const leafletBounds = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

/**
 * @param {import("./data.js").Shape[]} shapes
 * @param {number} lon
 * @param {number} lat
 * @returns {import("./data.js").Shape|undefined} the first shape that holds the point
 */
export function shapeAt(shapes, lon, lat) {
  const [x, y] = toWorld(lon, lat);
  return shapes.find(({ box, parts }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && contains(parts[0], x, y));
}

/** @param {import("./data.js").Shape[]} shapes @returns {any} Leaflet bounds around all of them */
export function boundsOf(shapes) {
  const box = shapes.reduce((all, { box: one }) => [Math.min(all[0], one[0]), Math.min(all[1], one[1]), Math.max(all[2], one[2]), Math.max(all[3], one[3])],
    [Infinity, Infinity, -Infinity, -Infinity]);
  const corner = (/** @type {number} */ x, /** @type {number} */ y) => L.CRS.EPSG3857.pointToLatLng(L.point(x, y), 0);
  return L.latLngBounds(corner(box[0], box[3]), corner(box[2], box[1]));
}

/** Zoom in on an element's one place. @param {any} map @param {number} lon @param {number} lat */
export function look(map, lon, lat, zoom = 18) {
  map.setView([lat, lon], Math.max(map.getZoom(), zoom), { animate: true });
}
