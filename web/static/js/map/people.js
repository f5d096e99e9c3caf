/** Who is on duty, roughly where they were last; who has sent no position stands in the middle of their micro-grid. */
import { get } from "../core/http.js";
import { page } from "../core/page.js";
import { t } from "../core/words.js";
import { colour } from "./marks.js";

const L = /** @type {any} */ (globalThis).L;
const EVERY_MS = 30000;
const NEAR_ZOOM = 17; // from here there is room for a letter
const CLOSE_ZOOM = 18; // and from here for who has no position
const LETTER_PX = 9;
const BELOW_PX = 16;
const STEP_DEG = 0.00009; // 10 m: people in one cell stand beside each other

/** @typedef {{person_id: string, name: string, role: string, mode: string, live_load: number, capacity: number,
 *   position_at: string|null, lon: number|null, lat: number|null, micro_grids: string[]}} Person */

export class People {
  /**
   * @param {any} map
   * @param {import("./data.js").Shape[]} cells micro-grids
   * @param {(count: number|null) => void} counted null: nobody is shown
   */
  constructor(map, cells, counted) {
    this.map = map;
    this.counted = counted;
    this.middles = new Map(cells.map((cell) => [cell.properties.code, L.CRS.EPSG3857.pointToLatLng(L.point(cell.point[0], cell.point[1]), 0)]));
    this.group = L.layerGroup();
    this.timer = 0;
    this.renderer = L.canvas({ padding: 0.3 });
    map.on("zoomend", () => this.group.eachLayer((/** @type {any} */ one) => one.setRadius(radiusAt(map.getZoom(), one.options.known))));
  }

  /** @param {boolean} on */
  show(on) {
    clearInterval(this.timer);
    this.group.remove();
    if (!on) return this.counted(null);
    this.group.addTo(this.map);
    void this.load();
    this.timer = window.setInterval(() => document.hidden || void this.load(), EVERY_MS);
    return undefined;
  }

  async load() {
    /** @type {{items: Person[], total: number}} */
    let found;
    try {
      found = await get("on-duty");
    } catch {
      return; // another role's map, or no network: the map works without
    }
    this.counted(found.total);
    this.group.clearLayers();
    /** @type {Map<string, number>} */
    const crowd = new Map();
    for (const one of found.items) {
      const at = one.lon === null || one.lat === null ? this.middles.get(one.micro_grids[0]) : L.latLng(one.lat, one.lon);
      if (!at) continue;
      const place = `${at.lat},${at.lng}`;
      const before = crowd.get(place) ?? 0;
      crowd.set(place, before + 1);
      this.group.addLayer(mark(one, beside(at, before), this.renderer, this.map.getZoom()));
    }
  }
}

/** @param {{lat: number, lng: number}} at @param {number} number of those who stand there already */
function beside(at, number) {
  if (!number) return at;
  const turn = number * 2.4;
  const away = STEP_DEG * Math.sqrt(number);
  return { lat: at.lat + away * Math.sin(turn), lng: at.lng + (away * Math.cos(turn)) / Math.cos((at.lat * Math.PI) / 180) };
}

/** A ring with the first letter of a name; drawn, not an element each: hundreds of elements would make a phone's map stumble. */
const PersonMark = L.CircleMarker.extend({
  options: { stroke: false, bubblingMouseEvents: true },

  _updatePath() {
    if (!this._renderer._drawing || this._empty()) return;
    drawPerson(this._renderer._ctx, this._point, this._radius, this.options);
  },

  _updateBounds() {
    L.CircleMarker.prototype._updateBounds.call(this);
    this._pxBounds = L.bounds(this._pxBounds.min.subtract([3, 3]), this._pxBounds.max.add([3, 3 + BELOW_PX]));
  },
});

/**
 * @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} at @param {number} radius
 * @param {{letter: string, known: boolean, busy: boolean}} options
 */
function drawPerson(context, { x, y }, radius, { letter, known, busy }) {
  const line = colour(busy ? "--warn" : "--brand");
  const middle = y + (known ? 0 : BELOW_PX); // under the micro-grid's code, which stands there too
  context.beginPath();
  context.arc(x, middle, radius, 0, Math.PI * 2);
  context.setLineDash(known ? [] : [3, 3]);
  context.fillStyle = colour("--surface");
  context.strokeStyle = line;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  context.setLineDash([]);
  if (radius < LETTER_PX) return;
  context.fillStyle = line;
  context.font = `700 12px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(letter, x, middle + 0.5);
}

/** @param {Person} one @param {{lat: number, lng: number}} at @param {any} renderer @param {number} zoom */
function mark(one, at, renderer, zoom) {
  const known = one.position_at !== null;
  const minutes = known ? Math.max(0, Math.round((Date.now() - Date.parse(one.position_at ?? "")) / 60000)) : 0;
  const words = [`${one.name} · ${page.names.role?.[one.role] ?? one.role}`, t("手上 {n} 件，最多 {most} 件", { n: one.live_load, most: one.capacity }),
    known ? t("{n} 分钟前的大致位置", { n: minutes }) : t("没有位置，按负责的微网格显示"), one.micro_grids.join(" ")];
  const options = { renderer, letter: [...one.name][0] ?? "", known, busy: one.live_load >= one.capacity, radius: radiusAt(zoom, known) };
  const box = document.createElement("span");
  box.append(...words.filter(Boolean).flatMap((line) => [line, document.createElement("br")]));
  return new PersonMark(at, options).bindTooltip(box, { direction: "top", offset: [0, -10] });
}

/** @param {number} zoom @param {boolean} known whether there is a position @returns {number} pixels; 0 where there is no room */
const radiusAt = (zoom, known) => (zoom >= CLOSE_ZOOM ? 11 : !known ? 0 : zoom >= NEAR_ZOOM ? 10 : 4.5);
