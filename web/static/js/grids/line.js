/** A line drawn by pressing points, to split a cell along. */
import { shapeAt } from "../map/base.js";
import { shapesOf } from "../map/data.js";
import { colour } from "./look.js";

const L = /** @type {any} */ (globalThis).L;
const STEPS = 20;

export class Line {
  /** @param {any} map @param {() => void} changed */
  constructor(map, changed) {
    this.map = map;
    this.changed = changed;
    this.on = false;
    /** @type {{lng: number, lat: number}[]} */
    this.points = [];
    this.shown = L.layerGroup().addTo(map);
    const pane = map.createPane("line");
    Object.assign(pane.style, { zIndex: "440", pointerEvents: "none" }); // presses go to the cells below
    this.renderer = L.canvas({ pane: "line", padding: 0.3 });
    map.on("click", (/** @type {any} */ { latlng }) => this.on && this.add(latlng));
  }

  /** @param {boolean} on begin anew, or end */
  draw(on) {
    this.on = on;
    this.points = [];
    this.show();
    if (on) this.map.doubleClickZoom.disable();
    else this.map.doubleClickZoom.enable();
  }

  /** @param {{lng: number, lat: number}} at */
  add(at) {
    this.points.push(at);
    this.show();
    this.changed();
  }

  back() {
    this.points.pop();
    this.show();
    this.changed();
  }

  show() {
    this.shown.clearLayers();
    const { renderer } = this;
    L.polyline(this.points, { renderer, color: colour("--focus"), weight: 4, dashArray: "8 6", interactive: false }).addTo(this.shown);
    for (const point of this.points) L.circleMarker(point, { renderer, radius: 5, color: colour("--focus"), fillOpacity: 1, interactive: false }).addTo(this.shown);
  }

  /** @param {import("./draft.js").Draft} draft @returns {string[]} micro-grids that the line runs through, the longest first */
  crossed(draft) {
    const shapes = shapesOf({ features: [...draft.cells.values()].filter(({ properties }) => properties.level === "micro_grid") });
    /** @type {Map<string, number>} */
    const lengths = new Map();
    for (let i = 1; i < this.points.length; i++) {
      const [a, b] = [this.points[i - 1], this.points[i]];
      const length = Math.hypot(b.lng - a.lng, b.lat - a.lat) / STEPS;
      for (let step = 0.5; step < STEPS; step++) {
        const code = shapeAt(shapes, a.lng + ((b.lng - a.lng) * step) / STEPS, a.lat + ((b.lat - a.lat) * step) / STEPS)?.properties.code;
        if (code) lengths.set(code, (lengths.get(code) ?? 0) + length);
      }
    }
    return [...lengths].sort((a, b) => b[1] - a[1]).map(([code]) => code);
  }
}
