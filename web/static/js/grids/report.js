/** The report of a delineation: every aim with the figure that was reached. */
import { h } from "../core/dom.js";
import { number, t } from "../core/words.js";

/** @param {any} report @returns {HTMLElement} */
export function reportTable(report) {
  const cells = report.micro_grids;
  const percent = (/** @type {number} */ value) => `${(value * 100).toFixed(1)}%`;
  /** @type {[string, string, string, boolean|null][]} */
  const rows = [
    [t("户数"), number(report.households), "", null],
    [t("微网格"), number(cells.cells), "", null],
    [t("每格户数"), `${cells.min_households}–${cells.max_households}`, `≈ ${cells.mean_households.toFixed(1)}`, null],
    [t("户数在平均 ±20% 以内"), percent(cells.within_20_percent), "≥ 95%", cells.within_20_percent >= 0.95],
    [t("每格连成一片"), cells.contiguous ? "100%" : "✗", "100%", cells.contiguous],
    [t("无缝隙、无重叠"), cells.coverage_valid ? "100%" : "✗", "100%", cells.coverage_valid],
    [t("跨主街的格"), String(cells.main_street_crossings), "0", cells.main_street_crossings === 0],
    [t("紧凑度中位数"), cells.polsby_popper_median.toFixed(2), "≥ 0.60", cells.polsby_popper_median >= 0.6],
    [t("紧凑度最小值"), cells.polsby_popper_min.toFixed(2), "≥ 0.25", cells.polsby_popper_min >= 0.25],
    [t("边界切在单元之间以外的楼栋"), String(report.buildings_cut_elsewhere), "0", report.buildings_cut_elsewhere === 0],
    [t("整院划入的楼院"), `${report.courtyards_whole}/${report.courtyards_fitting}`, String(report.courtyards_fitting), report.courtyards_whole === report.courtyards_fitting],
    [t("用时（秒）"), report.seconds.toFixed(1), "≤ 15", report.seconds <= 15],
  ];
  if (report.grids) rows.push([t("网格：户数在平均 ±20% 以内"), percent(report.grids.within_20_percent), "", null]);
  return h("table", { class: "table report-table" }, h("tbody", {}, ...rows.map(([label, value, aim, met]) =>
    h("tr", {}, h("td", {}, label), h("td", { class: "num" }, value), h("td", { class: "num soft" }, aim), h("td", {}, met === null ? "" : met ? "✓" : "✗")))));
}
