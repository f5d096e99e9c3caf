/** The sheet of one building: its address, households, micro-grid, and the cases there. */
import { find, h, icon } from "../core/dom.js";
import { get } from "../core/http.js";
import { nameOf, page } from "../core/page.js";
import { number, t } from "../core/words.js";
import { caseRow } from "./row.js";

const L = /** @type {any} */ (globalThis).L;

const MOST = 30;

export class BuildingSheet {
  /**
   * @param {any} map
   * @param {HTMLElement} element
   * @param {{opened: () => void}} options opened: before it is shown
   */
  constructor(map, element, { opened }) {
    this.map = map;
    this.outline = L.layerGroup().addTo(map);
    this.element = element;
    this.opened = opened;
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
    const body = h("div", { class: "sheet-body stack" }, facts(building, cell), h("h3", {}, t("这栋楼的案件")), h("p", { class: "soft" }, t("正在读取…")));
    this.element.replaceChildren(
      h("div", { class: "sheet-head" }, h("h2", {}, title(building)), h("button", { class: "button quiet", type: "button", onclick: () => this.close() }, icon("close"), t("关闭"))),
      body);
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
}

/** @param {Record<string, any>} building @returns {string} */
function title(building) {
  return (page.language === "en" && building.name_en) || building.label || nameOf(building) || t("没有门牌的房屋");
}

/** @param {Record<string, any>} building @param {Record<string, any>|undefined} cell */
function facts(building, cell) {
  const rows = [
    building.name && building.name !== title(building) && [t("名称"), nameOf(building)],
    [t("户数"), building.flats ? number(building.flats) : t("没有记录")],
    building.levels && [t("层数"), number(building.levels)],
    cell && [t("微网格"), [cell.code, cell.households && t("共 {n} 户", { n: cell.households })].filter(Boolean).join(" · ")],
    [t("最近走访"), t("没有记录")],
  ];
  return h("dl", { class: "facts" }, ...rows.filter(Boolean).flatMap((row) => {
    const [name, value] = /** @type {string[]} */ (row);
    return [h("dt", {}, name), h("dd", {}, value)];
  }));
}
