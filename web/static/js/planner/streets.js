/** Streets drawn by the class of their rate. */
import { h } from "../core/dom.js";
import { nameOf, page } from "../core/page.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";

const L = /** @type {any} */ (globalThis).L;
const WIDTHS = [0, 3, 4.5, 6, 7, 8];

/**
 * @typedef {{id: string, rank: number, name: string, name_en: string, courtyard: string, courtyard_en: string, rate: number,
 *   length_m: number, cost: number|null, class: number, enough: boolean, line: [number, number][]}} Street
 */

/** @param {Street} one @returns {string} */
export function streetName(one) {
  const yard = nameOf({ name: one.courtyard, name_en: one.courtyard_en });
  return nameOf(one) || (yard ? t("{yard}院内路", { yard }) : t("无名路"));
}

/**
 * @param {HTMLElement} element
 * @param {Street[]} streets the worst first
 * @param {(street: Street) => void} [pressed]
 * @returns {Promise<{map: any, mark: (id: string|null) => void}>}
 */
export async function drawStreets(element, streets, pressed = () => undefined) {
  const map = await createMap(element, { codes: false });
  const style = getComputedStyle(element);
  const colour = (/** @type {number} */ rank) => style.getPropertyValue(`--rate-${rank}`).trim();
  const tenth = new Intl.NumberFormat(page.language === "en" ? "en-GB" : "zh-CN", { maximumFractionDigits: 1 });
  const lines = new Map();
  const renderer = L.svg({ padding: 0.5 });
  for (const one of [...streets].reverse()) {
    const latlngs = one.line.map(([lon, lat]) => [lat, lon]);
    const line = L.polyline(latlngs, { renderer, color: colour(one.class), weight: WIDTHS[one.class], opacity: 0.92, dashArray: one.enough ? null : "7 6", lineCap: "butt" });
    const words = `${one.rank ? `${one.rank}. ` : ""}${streetName(one)} · ${t("{n} 件/百米·年", { n: tenth.format(one.rate) })}`;
    line.bindTooltip(h("span", {}, words), { sticky: true, className: "street-tip" }); // a text would be read as markup
    line.on("click", () => pressed(one));
    line.addTo(map);
    lines.set(one.id, line);
  }
  /** @type {any} */
  let glow = null;
  const mark = (/** @type {string|null} */ id) => {
    glow?.remove();
    glow = null;
    const line = id ? lines.get(id) : null;
    if (line) glow = L.polyline(line.getLatLngs(), { renderer, color: style.getPropertyValue("--map-me").trim(), weight: 15, opacity: 0.45, interactive: false }).addTo(map).bringToBack();
  };
  return { map, mark };
}
