/** The chosen cell: its figures, and forms to rename it, to move it to another grid, to say who is responsible. */
import { find, h, icon } from "../core/dom.js";
import { nameOf, page } from "../core/page.js";
import { number, t } from "../core/words.js";
import { peoplePicker } from "./assign.js";
import { balanceOf, deviation } from "./look.js";
import { namesOf } from "./list.js";
import { field } from "./tools.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").CellFacts} CellFacts */

/**
 * @param {Draft} draft @param {string|null} chosen level/code @param {() => void} closed
 */
export function showPanel(draft, chosen, closed) {
  const section = /** @type {HTMLElement} */ (find("#cell"));
  const cell = chosen ? draft.cells.get(chosen)?.properties : undefined;
  section.hidden = !cell;
  if (!cell) return;
  section.replaceChildren(
    h("div", { class: "row between" }, h("h2", {}, `${cell.code} ${nameOf(cell)}`),
      h("button", { class: "button quiet", type: "button", onclick: closed, "aria-label": t("关闭") }, icon("close"))),
    figures(draft, cell),
    ...(draft.open ? forms(draft, cell) : [h("p", {}, `${t("责任人")}：${namesOf(cell.people) || t("无")}`)]));
}

/** @param {Draft} draft @param {CellFacts} cell */
function figures(draft, cell) {
  const mean = draft.mean();
  if (cell.households === null) return h("p", { class: "soft" }, t("没有户数"));
  const compared = cell.level === "micro_grid" && mean;
  return h("p", { class: "figure-row" }, h("b", { id: "cell-households" }, number(cell.households)), t("户"),
    compared ? h("span", { class: "deviation" }, h("i", { class: "swatch", "data-balance": balanceOf(cell.households, mean) }), t("比平均 {n}", { n: deviation(cell.households, mean) })) : null);
}

/** @param {Draft} draft @param {CellFacts} cell */
function forms(draft, cell) {
  return [rename(draft, cell), cell.level === "micro_grid" && moveToGrid(draft, cell), assign(draft, cell)].filter((one) => one !== false);
}

/** @param {string} id @param {string} value @param {number} most */
const input = (id, value, most) => /** @type {HTMLInputElement} */ (h("input", { class: "input", id, value, maxlength: most }));

/** @param {string} title @param {string} id @param {() => void} apply @param {string} word @param {...Node} content */
function form(title, id, apply, word, ...content) {
  return h("details", { class: "verb", id }, h("summary", { class: "button block" }, title),
    h("form", { class: "stack-tight", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); apply(); } },
      ...content, h("button", { class: "button primary", type: "submit" }, word)));
}

/** @param {Draft} draft @param {CellFacts} cell */
function rename(draft, cell) {
  const code = input("rename-code", cell.code, 40);
  const name = input("rename-name", cell.name, 80);
  const english = input("rename-en", cell.name_en, 80);
  const apply = () => void draft.edit({ kind: "rename", level: cell.level, cell: cell.code, code: code.value, name: name.value, name_en: english.value });
  return form(t("改编号、名称"), "rename", apply, t("保存"), field(t("编号"), code), field(t("名称"), name), field(t("英文名"), english));
}

/** @param {Draft} draft @param {CellFacts} cell */
function moveToGrid(draft, cell) {
  const grids = draft.of("grid");
  const grid = input("to-grid", cell.parent_code ?? "", 40);
  grid.setAttribute("list", "grid-codes");
  const name = input("to-grid-name", "", 80);
  const apply = () => void draft.edit({ kind: "move_cell_to_grid", cell: cell.code, grid: grid.value, name: name.value });
  return form(t("换到另一个网格"), "to-grid-form", apply, t("移动"),
    h("datalist", { id: "grid-codes" }, ...grids.map((one) => h("option", { value: one.code }, nameOf(one)))),
    field(t("网格编号"), grid), field(t("新网格的名称（已有的不填）"), name));
}

/** @param {Draft} draft @param {CellFacts} cell */
function assign(draft, cell) {
  const watcher = cell.level === "micro_grid";
  const picker = peoplePicker(watcher ? "watcher" : "grid_worker", cell.people);
  const apply = () => void draft.edit(watcher ? { kind: "assign_watcher", cell: cell.code, people: picker.chosen() } : { kind: "assign_grid_worker", grid: cell.code, people: picker.chosen() });
  const now = namesOf(cell.people) || t("无");
  return form(`${watcher ? t("守望员") : t("网格员")}：${now}`, "assign", apply, t("保存"), picker.element);
}
