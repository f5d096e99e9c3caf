/** Parts of buildings, one a stairwell: shown while something is moved, and picked one by one. */
import { h } from "../core/dom.js";
import { get } from "../core/http.js";
import { t } from "../core/words.js";
import { colour } from "./look.js";

const L = /** @type {any} */ (globalThis).L;

/** @typedef {{building: string, units: string[], households: number}} Part */

export class PartLayer {
  /**
   * @param {any} map
   * @param {any} renderer the canvas of the cells: one above it would keep presses from them
   * @param {() => void} changed when other parts are picked
   */
  constructor(map, renderer, changed) {
    this.map = map;
    this.changed = changed;
    this.renderer = renderer;
    this.group = L.layerGroup();
    /** @type {Map<any, Part>} */
    this.parts = new Map();
    /** @type {Set<any>} */
    this.picked = new Set();
    /** @type {Map<string, string>} */
    this.labels = new Map();
  }

  /** Fetch them once. */
  async load() {
    if (this.parts.size) return;
    const [parts, buildings] = await Promise.all([get("boundaries/parts"), get("buildings")]);
    for (const { id, properties } of buildings.features) this.labels.set(id ?? properties.id, properties.label || properties.name || "");
    for (const { properties, geometry } of parts.features) {
      const layer = L.geoJSON(geometry, { renderer: this.renderer, bubblingMouseEvents: false });
      layer.on("click", () => this.toggle(layer));
      layer.bindTooltip(() => h("span", {}, this.name(properties)), { sticky: true }); // a text would be read as markup
      this.parts.set(layer, properties);
      this.group.addLayer(layer);
    }
  }

  /** @param {Part} part */
  name({ building, units, households }) {
    const where = [this.labels.get(building), units.length ? t("{units} 单元", { units: units.join("、") }) : ""].filter(Boolean).join(" ");
    return `${where || t("楼栋")} · ${t("{n} 户", { n: Math.round(households) })}`;
  }

  /** @param {boolean} on */
  show(on) {
    if (!on) this.clear();
    if (on) this.group.addTo(this.map);
    else this.group.remove();
    this.style();
  }

  raise() {
    if (this.map.hasLayer(this.group)) this.group.eachLayer((/** @type {any} */ layer) => layer.bringToFront());
  }

  /** @param {any} layer */
  toggle(layer) {
    if (!this.picked.delete(layer)) this.picked.add(layer);
    this.style();
    this.changed();
  }

  clear() {
    this.picked.clear();
    this.style();
  }

  style() {
    for (const [layer, { households }] of this.parts) {
      const picked = this.picked.has(layer);
      layer.setStyle({
        color: picked ? colour("--focus") : colour("--map-building-line"), weight: picked ? 3 : 1,
        fillColor: picked ? colour("--focus") : colour(households ? "--map-building" : "--map-outside"), fillOpacity: picked ? 0.6 : 0.85,
      });
    }
  }

  /** @returns {Part[]} */
  chosen() {
    return [...this.picked].map((layer) => /** @type {Part} */ (this.parts.get(layer)));
  }

  /** @returns {{building: string, unit?: string}[]} moves that carry exactly the picked parts */
  moves() {
    const all = [...this.parts.values()];
    /** @type {Map<string, Part[]>} */
    const byBuilding = new Map();
    for (const part of this.chosen()) byBuilding.set(part.building, [...(byBuilding.get(part.building) ?? []), part]);
    return [...byBuilding].flatMap(([building, picked]) => {
      const whole = picked.length === all.filter((part) => part.building === building).length;
      return whole || picked.some(({ units }) => !units.length) ? [{ building }] : picked.map(({ units }) => ({ building, unit: units[0] }));
    });
  }
}

