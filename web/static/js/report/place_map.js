/**
 * The map of a report, opened when somebody wants it or when a position is in doubt: own position with its circle, a pin to
 * correct it, the places it might be. Leaflet is there before this module is.
 */
import { find, h } from "../core/dom.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { LETTERS } from "./candidates.js";
import { pinIcon } from "./pin.js";

const L = /** @type {any} */ (globalThis).L;
const ME = "--map-me";

/** @param {string} name @returns {string} */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class PlaceMap {
  /**
   * @param {any} map of Leaflet
   * @param {(at: {lat: number, lng: number}) => void} pinned the reader says where
   */
  constructor(map, pinned) {
    this.map = map;
    this.pinned = pinned;
    /** @type {any} */
    this.marked = null;
    map.on("click", (/** @type {any} */ { latlng }) => pinned(latlng));
  }

  /** @param {[number, number]} at latitude and longitude @param {number|null} accuracy_m */
  draw(at, accuracy_m) {
    if (!this.pin) {
      this.circle = L.circle(at, { radius: 0, color: colour(ME), weight: 1.5, fillOpacity: 0.12, interactive: false }).addTo(this.map);
      this.pin = L.marker(at, { draggable: true, autoPan: true, keyboard: true, title: t("拖动改正位置"), alt: t("问题位置"), icon: pinIcon() }).addTo(this.map);
      this.pin.on("dragend", () => this.pinned(this.pin.getLatLng()));
    }
    this.pin.setLatLng(at);
    this.circle.setLatLng(at).setRadius(accuracy_m ?? 0);
  }

  /** @param {[number, number]} at */
  follow(at) {
    this.map.setView(at, Math.max(this.map.getZoom(), 18), { animate: false });
  }

  /**
   * Draw the places it might be, or the one it was said to be.
   * @param {import("./candidates.js").Candidate[]} candidates
   * @param {[number, number]} at
   * @param {(one: import("./candidates.js").Candidate) => void} pick
   */
  mark(candidates, at, pick) {
    this.unmark();
    const group = this.marked = L.layerGroup().addTo(this.map);
    candidates.forEach((one, row) => {
      const hollow = !one.building;
      const shape = L.geoJSON(one.outline, { style: { color: colour("--brand"), weight: 3, fillColor: colour("--brand"), fillOpacity: hollow ? 0.06 : 0.3, dashArray: hollow ? "6 6" : null }, bubblingMouseEvents: false });
      if (candidates.length === 1) return void shape.addTo(group);
      const letter = h("button", { class: "candidate-mark", type: "button", tabindex: -1, "aria-hidden": "true" }, LETTERS[row]);
      const mark = L.marker(shape.getBounds().getCenter(), { icon: L.divIcon({ className: "", html: letter, iconSize: [32, 32] }), keyboard: false });
      for (const layer of [shape, mark]) layer.on("click", () => pick(one)).addTo(group);
    });
    if (candidates.length < 2) return;
    const bounds = group.getLayers().reduce((/** @type {any} */ all, /** @type {any} */ layer) => all.extend(layer.getBounds?.() ?? layer.getLatLng()), L.latLngBounds([at]));
    this.map.fitBounds(bounds, { maxZoom: 19, padding: [28, 28], animate: false });
  }

  unmark() {
    this.marked?.remove();
    this.marked = null;
  }

  nudge() {
    this.pin?.getElement()?.classList.add("nudge");
  }
}

/**
 * @param {HTMLElement} panel
 * @param {(at: {lat: number, lng: number}) => void} pinned
 * @returns {Promise<PlaceMap>}
 */
export async function openPlaceMap(panel, pinned) {
  return new PlaceMap(await createMap(/** @type {HTMLElement} */ (find(".map", panel)), { codes: false }), pinned);
}
