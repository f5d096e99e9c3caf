/** The list of cells, grid by grid, with households beside the mean; and the names of people. */
import { find, h } from "../core/dom.js";
import { nameOf } from "../core/page.js";
import { number, t } from "../core/words.js";
import { balanceOf } from "./look.js";

/** @typedef {{id: string, name: string, username: string, role: string, areas: string[]}} Person */
/** @type {Person[]} */
export const people = JSON.parse(find("#people")?.textContent ?? "[]");
const names = new Map(people.map(({ id, name }) => [id, name]));

/** @param {string[]} ids */
export const namesOf = (ids) => ids.map((id) => names.get(id) ?? "?").join("、");

/**
 * @param {import("./draft.js").Draft} draft
 * @param {string|null} chosen
 * @param {(level: string, code: string) => void} pressed
 */
export function showList(draft, chosen, pressed) {
  const section = /** @type {HTMLElement} */ (find("#cells"));
  const mean = draft.mean();
  const cells = draft.of("micro_grid");
  const known = new Set(draft.of("grid").map(({ code }) => code));
  const lost = cells.filter(({ parent_code: parent }) => !known.has(parent ?? ""));
  const head = h("thead", {}, h("tr", {}, h("th", {}, t("编号")), h("th", {}, t("名称")), h("th", { class: "num" }, t("户数")), h("th", {}, t("责任人"))));
  const bodies = draft.of("grid").map((grid) => h("tbody", {},
    row(grid, "", chosen, pressed),
    ...cells.filter((cell) => cell.parent_code === grid.code).map((cell) => row(cell, balanceOf(cell.households, mean), chosen, pressed))));
  if (lost.length) bodies.push(h("tbody", {}, h("tr", { class: "group" }, h("th", { colspan: 4 }, t("不属于任何网格"))), ...lost.map((cell) => row(cell, balanceOf(cell.households, mean), chosen, pressed))));
  section.replaceChildren(
    h("h2", {}, t("微网格")),
    h("p", { class: "soft small" }, mean === null ? t("没有户数") : t("{cells} 个微网格，平均每格 {n} 户", { cells: cells.length, n: mean.toFixed(1) })),
    h("table", { class: "table cell-table" }, head, ...bodies));
}

/**
 * @param {import("./draft.js").CellFacts} cell @param {string} balance @param {string|null} chosen
 * @param {(level: string, code: string) => void} pressed
 */
function row(cell, balance, chosen, pressed) {
  const grid = cell.level === "grid";
  const tag = grid ? "th" : "td";
  const key = `${cell.level}/${cell.code}`;
  return h("tr", { class: grid ? "group" : null, "data-cell": key, "aria-current": String(key === chosen), onclick: () => pressed(cell.level, cell.code) },
    h(tag, {}, !grid && h("i", { class: "swatch", "data-balance": balance }), h("button", { class: "pick", type: "button" }, cell.code)),
    h(tag, {}, nameOf(cell)),
    h(tag, { class: "num" }, cell.households === null ? "" : number(cell.households)),
    h(tag, {}, namesOf(cell.people)));
}
