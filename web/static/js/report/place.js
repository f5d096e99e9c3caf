/** The map of a report: own position with its circle, a pin to correct it, the place it is snapped to. */
import { find, h, icon } from "../core/dom.js";
import { get } from "../core/http.js";
import { settled } from "../core/live.js";
import { distance, t } from "../core/words.js";
import { createMap } from "../map/base.js";

const L = /** @type {any} */ (globalThis).L;

/** @typedef {{lon: number, lat: number, accuracy_m: number|null, source: string, plate?: string}} Spot plate: code of the scanned one */

export class PlacePicker {
  /** @param {HTMLElement} panel @param {(spot: Spot) => void} moved called when the reader moves the pin */
  constructor(panel, moved) {
    panel.hidden = false;
    this.moved = moved;
    /** @type {Spot|null} */
    this.spot = null;
    this.ready = this.make(/** @type {HTMLElement} */ (find(".map", panel)));
    this.ask = settled(() => void this.locate(), 350);
  }

  /** @param {HTMLElement} element */
  async make(element) {
    this.map = await createMap(element, { codes: false });
    this.map.on("click", (/** @type {any} */ { latlng }) => this.pinned(latlng));
    if (this.spot) this.draw();
  }

  /** @param {Spot} spot @param {boolean} [follow] move the map there */
  async set(spot, follow = true) {
    this.spot = spot;
    await this.ready;
    this.draw();
    if (follow) this.map.setView([spot.lat, spot.lon], Math.max(this.map.getZoom(), 18), { animate: false });
    this.ask();
  }

  /** @param {{lat: number, lng: number}} latlng the reader says so */
  pinned({ lat, lng }) {
    this.spot = { lon: lng, lat, accuracy_m: null, source: "pin" };
    this.draw();
    this.ask();
    this.moved(this.spot);
  }

  draw() {
    if (!this.map || !this.spot) return;
    const { lon, lat, accuracy_m } = this.spot;
    const at = [lat, lon];
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--map-me").trim();
    if (!this.pin) {
      this.circle = L.circle(at, { radius: 0, color: colour, weight: 1.5, fillOpacity: 0.12, interactive: false }).addTo(this.map);
      this.pin = L.marker(at, { draggable: true, autoPan: true, keyboard: true, title: t("拖动改正位置"), alt: t("问题位置"), icon: pinIcon() }).addTo(this.map);
      this.pin.on("dragend", () => this.pinned(this.pin.getLatLng()));
    }
    this.pin.setLatLng(at);
    this.circle.setLatLng(at).setRadius(accuracy_m ?? 0);
  }

  /** Ask the service where this is, and say it. */
  async locate() {
    const asked = this.spot;
    const shown = find("#place-now");
    if (!asked || !shown) return;
    try {
      const place = await get("locate", asked.plate ? { plate: asked.plate } : { lon: asked.lon, lat: asked.lat, datum: "wgs84", accuracy_m: asked.accuracy_m });
      if (asked === this.spot) shown.replaceChildren(...placeWords(place));
    } catch (error) {
      if (asked === this.spot) shown.replaceChildren(h("p", { class: "note warn" }, /** @type {Error} */ (error).message));
    }
  }
}

/** @param {any} place as answered by locate @returns {HTMLElement[]} */
function placeWords(place) {
  if (!place.community) {
    return [h("p", { class: "note warn" }, t("这里在社区以外；仍可上报，由值班调度处理。"))];
  }
  const cells = [place.grid && t("网格 {code}", { code: place.grid.code }), place.micro_grid && t("微网格 {code}", { code: place.micro_grid.code }), place.courtyard?.name].filter(Boolean);
  const words = [
    h("b", {}, place.building?.name || place.street?.name || place.courtyard?.name || t("社区内")),
    h("span", { class: "soft small" }, [...cells, place.street?.name && place.building ? `${place.street.name} ${distance(place.street.distance_m)}` : ""].filter(Boolean).join(" · ")),
  ];
  if (place.ambiguous && place.candidates?.length > 1) {
    words.push(h("p", { class: "note warn small" }, h("span", {}, t("位置不够准，可能是："),
      place.candidates.map((/** @type {any} */ one) => t("{place}（{percent}%）", { place: one.building?.name ?? one.micro_grid.code, percent: Math.round(100 * one.micro_grid.probability) })).join(t("、")),
      t("。请拖动图钉或写明楼栋。"))));
  }
  return words;
}

function pinIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 32 42");
  for (const [name, tag, attributes] of /** @type {[string, string, Record<string, string>][]} */ ([
    ["drop", "path", { d: "M16 40.500S2 26 2 15.500a14 14 0 0 1 28 0C30 26 16 40.500 16 40.500z" }],
    ["eye", "circle", { cx: "16", cy: "15.500", r: "5.500" }],
  ])) {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", tag);
    shape.setAttribute("class", name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return L.divIcon({ className: "pin-icon", html: svg, iconSize: [36, 47], iconAnchor: [18, 45] });
}
