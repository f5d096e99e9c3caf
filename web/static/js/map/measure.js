/** Measuring on the map: a line's length, and the area that it encloses from three points on. */
import { find, findAll } from "../core/dom.js";
import { page } from "../core/page.js";
import { t } from "../core/words.js";

const L = /** @type {any} */ (globalThis).L;
const EARTH_M = 6371008.8;
const HECTARE_M2 = 10000;
const locale = page.language === "en" ? "en-GB" : "zh-CN";

export class Measure {
  /**
   * @param {any} map
   * @param {HTMLElement} button switches it on and off
   * @param {HTMLElement} panel with `#measured` and buttons `[data-measure]`
   */
  constructor(map, button, panel) {
    this.map = map;
    this.button = button;
    this.panel = panel;
    this.on = false;
    /** @type {any[]} */
    this.points = [];
    this.group = L.layerGroup();
    button.addEventListener("click", () => this.turn(!this.on));
    for (const one of findAll("[data-measure]", panel)) one.addEventListener("click", () => this.act(one.dataset.measure ?? ""));
    map.on("click", (/** @type {any} */ { latlng }) => this.on && this.add(latlng));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.on) this.turn(false);
    });
  }

  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    this.points = [];
    this.button.setAttribute("aria-pressed", String(on));
    this.panel.hidden = !on;
    this.map.getContainer().classList.toggle("is-measuring", on);
    if (on) this.group.addTo(this.map);
    else this.group.remove();
    this.draw();
  }

  /** @param {string} what */
  act(what) {
    if (what === "add") this.add(this.map.getCenter());
    else {
      this.points = what === "back" ? this.points.slice(0, -1) : [];
      this.draw();
    }
  }

  /** @param {any} latlng */
  add(latlng) {
    this.points.push(latlng);
    this.draw();
  }

  draw() {
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--map-route").trim();
    const ring = this.points.length > 2;
    this.group.clearLayers();
    const style = { color: colour, weight: 3, dashArray: "6 5", fillOpacity: 0.12, interactive: false };
    this.group.addLayer(ring ? L.polygon(this.points, style) : L.polyline(this.points, style));
    for (const at of this.points) this.group.addLayer(L.circleMarker(at, { radius: 5, color: colour, weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false }));
    const told = find("#measured", this.panel);
    if (told) told.textContent = this.points.length < 2 ? t("点地图上的位置，量长度和面积。") : this.words(ring);
  }

  /** @param {boolean} ring @returns {string} */
  words(ring) {
    const metres = this.points.slice(1).reduce((sum, at, i) => sum + this.map.distance(this.points[i], at), 0);
    const length = lengthWords(metres);
    return ring ? t("长 {length} · 面积 {area}", { length, area: areaWords(areaOf(this.points)) }) : t("长 {length}", { length });
  }
}

/** @param {number} metres @returns {string} */
export function lengthWords(metres) {
  const [value, unit] = metres < 1000 ? [metres, "meter"] : [metres / 1000, "kilometer"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: unit === "meter" ? (metres < 100 ? 1 : 0) : 2 }).format(value);
}

/** @param {number} square in square metres @returns {string} */
export function areaWords(square) {
  const number = (/** @type {number} */ value, /** @type {number} */ digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return square < HECTARE_M2 ? `${number(square, 0)} m²` : t("{n} 公顷", { n: number(square / HECTARE_M2, 2) });
}

/** @param {{lat: number, lng: number}[]} ring @returns {number} square metres on the sphere */
export function areaOf(ring) {
  const radians = Math.PI / 180;
  let sum = 0;
  ring.forEach((here, i) => {
    const next = ring[(i + 1) % ring.length];
    sum += (next.lng - here.lng) * radians * (2 + Math.sin(here.lat * radians) + Math.sin(next.lat * radians));
  });
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
}
