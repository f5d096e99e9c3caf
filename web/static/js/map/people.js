/** Who is on duty, roughly where they were last; who has sent no position stands in the middle of their micro-grid. */
import { get } from "../core/http.js";
import { page } from "../core/page.js";
import { t } from "../core/words.js";

const L = /** @type {any} */ (globalThis).L;
const EVERY_MS = 30000;
const NEAR_ZOOM = 17; // from here there is room for a letter
const CLOSE_ZOOM = 18; // and from here for who has no position
const STEP_DEG = 0.00009; // 10 m: people in one cell stand beside each other

/** @typedef {{person_id: string, name: string, role: string, mode: string, live_load: number, capacity: number,
 *   position_at: string|null, lon: number|null, lat: number|null, micro_grids: string[]}} Person */

export class People {
  /**
   * @param {any} map
   * @param {import("./data.js").Shape[]} cells micro-grids
   * @param {(count: number) => void} counted
   */
  constructor(map, cells, counted) {
    this.map = map;
    this.counted = counted;
    this.middles = new Map(cells.map((cell) => [cell.properties.code, L.CRS.EPSG3857.pointToLatLng(L.point(cell.point[0], cell.point[1]), 0)]));
    this.group = L.layerGroup();
    this.timer = 0;
    const size = () => {
      map.getContainer().classList.toggle("is-far", map.getZoom() < NEAR_ZOOM);
      map.getContainer().classList.toggle("is-close", map.getZoom() >= CLOSE_ZOOM);
    };
    map.on("zoomend", size);
    size();
  }

  /** @param {boolean} on */
  show(on) {
    clearInterval(this.timer);
    this.group.remove();
    if (!on) return;
    this.group.addTo(this.map);
    void this.load();
    this.timer = window.setInterval(() => document.hidden || void this.load(), EVERY_MS);
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
      this.group.addLayer(mark(one, beside(at, before)));
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

/** @param {Person} one @param {{lat: number, lng: number}} at where the micro-grid's code stands if nothing better is known: below it */
function mark(one, at) {
  const known = one.position_at !== null;
  const busy = one.live_load >= one.capacity;
  const icon = L.divIcon({ className: `person-mark${known ? "" : " unsure"}${busy ? " busy" : ""}`, iconSize: [22, 22], iconAnchor: known ? [11, 11] : [11, -6], html: [...one.name][0] ?? "" });
  const minutes = known ? Math.max(0, Math.round((Date.now() - Date.parse(one.position_at ?? "")) / 60000)) : 0;
  const words = [`${one.name} · ${page.names.role?.[one.role] ?? one.role}`, t("手上 {n} 件，最多 {most} 件", { n: one.live_load, most: one.capacity }),
    known ? t("{n} 分钟前的大致位置", { n: minutes }) : t("没有位置，按负责的微网格显示"), one.micro_grids.join(" ")];
  const made = L.marker(at, { icon, keyboard: false, title: one.name, alt: one.name });
  const box = document.createElement("span");
  box.append(...words.filter(Boolean).flatMap((line) => [line, document.createElement("br")]));
  return made.bindTooltip(box, { direction: "top", offset: [0, -10] });
}
