/** The sheet of one building: its address, households, micro-grid, when somebody was last met there, and the cases there. */
import { find, h, icon } from "../core/dom.js";
import { get } from "../core/http.js";
import { nameOf, page } from "../core/page.js";
import { number, t, when } from "../core/words.js";
import { caseRow } from "./row.js";

const L = /** @type {any} */ (globalThis).L;

const MOST = 30;
const DAY_MS = 86_400_000;

export class BuildingSheet {
  /**
   * @param {any} map
   * @param {HTMLElement} element
   * @param {{opened: () => void, streets: import("./data.js").Shape[]}} options opened: before it is shown
   */
  constructor(map, element, { opened, streets }) {
    this.map = map;
    this.outline = L.layerGroup().addTo(map);
    this.element = element;
    this.opened = opened;
    this.streets = streets;
    this.visits = "visits" in element.dataset; // not for who doesn't look in on people
    /** @type {string|null} */
    this.id = null;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /**
   * @param {import("./data.js").Shape} shape of the layer of buildings
   * @param {Record<string, any>|undefined} cell micro-grid that it lies in
   */
  async open({ properties: building, parts }, cell) {
    this.opened();
    this.mark(parts[0]);
    this.id = building.id;
    this.element.hidden = false;
    find("#main")?.classList.add("detail");
    const name = this.title(building);
    const visit = this.visits && cell?.id ? h("dd", { class: "last-visit" }, t("正在读取…")) : null; // only where the reader looks after
    const body = h("div", { class: "sheet-body stack" }, facts(building, name, cell, visit), h("h3", {}, t("这栋楼的案件")), h("p", { class: "soft" }, t("正在读取…")));
    this.element.replaceChildren(
      h("div", { class: "sheet-head" }, h("h2", {}, name), h("button", { class: "button quiet", type: "button", onclick: () => this.close() }, icon("close"), t("关闭"))),
      body);
    if (visit) void lastVisit(building.id, visit);
    try {
      const found = await get("cases", { building: building.id, limit: MOST });
      if (this.id !== building.id) return;
      const list = h("ul", { class: "list" }, ...found.items.map(caseRow));
      body.lastElementChild?.replaceWith(found.items.length ? list : h("p", { class: "soft" }, t("没有记录的案件。")));
      if (found.total > found.items.length) body.append(h("p", { class: "soft small" }, t("最近 {n} 件，共 {total} 件。", { n: found.items.length, total: found.total })));
    } catch (error) {
      if (this.id === building.id) body.lastElementChild?.replaceWith(h("p", { class: "note bad" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {Float64Array} ring in world units: drawn around the building */
  mark(ring) {
    const corners = Array.from({ length: ring.length / 2 }, (_, i) => L.CRS.EPSG3857.pointToLatLng(L.point(ring[2 * i], ring[2 * i + 1]), 0));
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--focus").trim();
    this.outline.clearLayers().addLayer(L.polygon(corners, { color: colour, weight: 3, fillOpacity: 0.12, interactive: false }));
  }

  close() {
    this.outline.clearLayers();
    if (this.element.hidden) return;
    this.id = null;
    this.element.hidden = true;
    this.element.replaceChildren();
    if (/** @type {HTMLElement} */ (find("#detail")).hidden) find("#main")?.classList.remove("detail");
  }

  /** @param {Record<string, any>} building @returns {string} its address in the reader's language, or its name */
  title(building) {
    const street = page.language === "en" && building.housenumber && nameOf(this.streets.find(({ properties }) => properties.name === building.street)?.properties);
    if (street && street !== building.street) return `${building.housenumber.replace("号", "")} ${street}`;
    return (page.language === "en" && building.name_en) || building.label || nameOf(building) || t("没有门牌的房屋");
  }
}

/** @param {string} id of a building @param {HTMLElement} place where to say when somebody was last met there, and by whom */
async function lastVisit(id, place) {
  try {
    const [visit] = (await get("visits", { building: id, outcome: "done", limit: 1 })).items;
    if (!visit) return place.replaceChildren(t("还没有走访过"));
    const who = visit.mine ? t("我") : visit.person.name;
    const days = Math.floor((Date.now() - new Date(visit.visited_at).getTime()) / DAY_MS);
    return place.replaceChildren(
      h("a", { href: `/visits/log?building=${id}` }, when(visit.visited_at)), ` · ${who}`,
      ...(days > 0 ? [" ", h("span", { class: "badge" }, t("{n} 天没有走访", { n: number(days) }))] : []));
  } catch (error) {
    return place.replaceChildren(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {Record<string, any>} building
 * @param {string} name what it is headed with
 * @param {Record<string, any>|undefined} cell
 * @param {HTMLElement|null} visit
 */
function facts(building, name, cell, visit) {
  const rows = [
    building.name && building.name !== name && nameOf(building) !== name && [t("名称"), nameOf(building)],
    [t("户数"), building.flats ? number(building.flats) : t("没有记录")],
    building.levels && [t("层数"), number(building.levels)],
    cell && [t("微网格"), [cell.code, cell.households && t("共 {n} 户", { n: cell.households })].filter(Boolean).join(" · ")],
  ];
  return h("dl", { class: "facts" }, ...rows.filter(Boolean).flatMap((row) => {
    const [term, value] = /** @type {string[]} */ (row);
    return [h("dt", {}, term), h("dd", {}, value)];
  }), visit && h("dt", {}, t("最近走访")), visit);
}
