/** Cells on the map: filled by balance, outlined by grid, with codes; and what is drawn over them for a while. */
import { balanceOf, colour } from "./look.js";

/** @typedef {import("./draft.js").Draft} Draft */
const L = /** @type {any} */ (globalThis).L;
const CODES_FROM = 17;

/** A code written on the map, like a mark. */
const CodeMark = L.CircleMarker.extend({
  options: { interactive: false, radius: 12, stroke: false },
  _updatePath() {
    const { _renderer: renderer, _point: at, options } = this;
    if (!renderer._drawing || this._empty()) return;
    const context = renderer._ctx;
    context.font = `${options.bold ? 700 : 600} ${options.bold ? 14 : 12}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.strokeStyle = colour("--map-halo");
    context.strokeText(options.text, at.x, at.y);
    context.fillStyle = colour("--cell-line");
    context.fillText(options.text, at.x, at.y);
  },
});

/** @param {any} map @param {string} name @param {number} above */
function pane(map, name, above) {
  map.createPane(name).style.zIndex = String(above);
  return L.canvas({ pane: name, padding: 0.3 });
}

export class CellLayer {
  /**
   * @param {any} map
   * @param {Draft} draft
   * @param {(code: string, at: any) => void} pressed a micro-grid and where
   */
  constructor(map, draft, pressed) {
    this.map = map;
    this.draft = draft;
    this.pressed = pressed;
    this.renderer = pane(map, "cells", 300);
    this.lines = pane(map, "cell-lines", 320);
    this.texts = pane(map, "cell-codes", 430);
    for (const name of ["cell-lines", "cell-codes"]) map.getPane(name).style.pointerEvents = "none";
    this.overlay = L.layerGroup().addTo(map);
    this.codes = L.layerGroup();
    this.grids = L.layerGroup().addTo(map);
    /** @type {Map<string, {geometry: any, layer: any}>} */
    this.drawn = new Map();
    /** @type {Set<string>} */
    this.chosen = new Set();
    this.raise = () => {}; // bring to the front what else is drawn over the cells
    map.on("zoomend", () => this.showCodes());
  }

  /** Draw what changed since the last time. */
  show() {
    const { cells } = this.draft;
    for (const [id, { layer }] of this.drawn) {
      if (cells.get(id)?.geometry !== this.drawn.get(id)?.geometry) {
        layer.remove();
        this.drawn.delete(id);
      }
    }
    for (const [id, cell] of cells) {
      const { level, code } = cell.properties;
      if (level !== "micro_grid" || this.drawn.has(id)) continue;
      const layer = L.geoJSON(cell.geometry, { renderer: this.renderer, pane: "cells", bubblingMouseEvents: false });
      layer.on("click", (/** @type {any} */ event) => this.pressed(code, event.latlng));
      this.drawn.set(id, { geometry: cell.geometry, layer: layer.addTo(this.map) });
    }
    this.style();
    this.outline();
  }

  style() {
    const mean = this.draft.mean();
    const line = colour("--cell-line");
    for (const [id, { layer }] of this.drawn) {
      const facts = this.draft.cells.get(id)?.properties;
      const chosen = this.chosen.has(facts?.code ?? "");
      layer.setStyle({
        color: chosen ? colour("--focus") : line, weight: chosen ? 3.5 : 1, opacity: chosen ? 1 : 0.65,
        fillColor: colour(`--balance-${balanceOf(facts?.households ?? null, mean)}`), fillOpacity: chosen ? 0.8 : 0.58,
      });
      if (chosen) layer.bringToFront();
    }
    this.overlay.eachLayer((/** @type {any} */ layer) => layer.bringToFront());
    this.raise();
  }

  outline() {
    this.grids.clearLayers();
    this.codes.eachLayer((/** @type {any} */ mark) => mark.remove());
    this.codes.clearLayers();
    for (const { properties, geometry } of this.draft.cells.values()) {
      const grid = properties.level === "grid";
      if (grid) L.geoJSON(geometry, { renderer: this.lines, pane: "cell-lines", interactive: false, fill: false, color: colour("--cell-line"), weight: 3 }).addTo(this.grids);
      if (grid || properties.level === "micro_grid") {
        new CodeMark(middle(geometry), { renderer: this.texts, pane: "cell-codes", text: properties.code, bold: grid, level: properties.level }).addTo(this.codes);
      }
    }
    this.showCodes();
  }

  showCodes() {
    const near = this.map.getZoom() >= CODES_FROM;
    this.codes.eachLayer((/** @type {any} */ mark) => {
      if ((mark.options.level === "grid") !== near) mark.addTo(this.map);
      else mark.remove();
    });
  }

  /** @param {string[]} codes micro-grids to ring */
  choose(codes) {
    this.chosen = new Set(codes);
    this.style();
  }

  /** @param {string} code */
  look(code) {
    const layer = this.drawn.get(`micro_grid/${code}`)?.layer;
    if (layer) this.map.fitBounds(layer.getBounds(), { maxZoom: 19, padding: [80, 80] });
  }

  /**
   * Draw features over the cells until others are drawn; on their canvas, for one above it would keep presses from them.
   * @param {any[]} features
   * @param {(feature: any) => string} paint name of a colour
   * @param {{pressed?: (feature: any) => void, hollow?: (feature: any) => boolean}} [options] hollow: only its outline
   */
  over(features, paint, { pressed, hollow = () => false } = {}) {
    this.overlay.clearLayers();
    for (const feature of features.filter(({ geometry }) => geometry)) {
      const tone = colour(paint(feature));
      const layer = L.geoJSON(feature.geometry, {
        renderer: this.renderer, bubblingMouseEvents: false, interactive: Boolean(pressed),
        style: { color: tone, weight: 3, fillColor: tone, fillOpacity: hollow(feature) ? 0 : 0.5, dashArray: hollow(feature) ? "6 6" : null },
        pointToLayer: (/** @type {any} */ _, /** @type {any} */ at) => L.circleMarker(at, { renderer: this.renderer, radius: 8, color: tone, bubblingMouseEvents: false, interactive: Boolean(pressed) }),
      });
      if (pressed) layer.on("click", () => pressed(feature));
      layer.addTo(this.overlay);
    }
  }

  /** @param {any} feature zoom in on it; a small one keeps some ground around it */
  lookAt(feature) {
    const bounds = L.geoJSON(feature.geometry).getBounds();
    if (!bounds.isValid()) return;
    if (!this.map.options.maxBounds?.contains(bounds)) this.map.setMaxBounds(null); // a file of somewhere else can be looked at too
    this.map.fitBounds(bounds, { maxZoom: 19.5, padding: [60, 60] });
  }
}

/** @param {any} geometry @returns {[number, number]} a place for its code: the middle of its box, or of its longest row if that lies outside */
function middle({ type, coordinates }) {
  const ring = type === "Polygon" ? coordinates[0] : coordinates[0][0];
  let area = 0, x = 0, y = 0;
  const [left, bottom] = ring[0];
  for (let i = 1; i < ring.length; i++) {
    const cross = (ring[i - 1][0] - left) * (ring[i][1] - bottom) - (ring[i][0] - left) * (ring[i - 1][1] - bottom);
    area += cross;
    x += (ring[i - 1][0] + ring[i][0] - 2 * left) * cross;
    y += (ring[i - 1][1] + ring[i][1] - 2 * bottom) * cross;
  }
  return area ? [bottom + y / (3 * area), left + x / (3 * area)] : [bottom, left];
}
