/** The likely places when a position is in doubt: listed under the letters that the map draws them with, one press says which it is. */
import { h } from "../core/dom.js";
import { nameOf } from "../core/page.js";
import { distance, t } from "../core/words.js";

export const LETTERS = "ABC";

/**
 * @typedef {{choice: string, outline: any, micro_grid: {code: string, distance_m: number, probability: number},
 *   building: {name: string, name_en: string, distance_m: number}|null}} Candidate
 */

/**
 * @param {Candidate[]} candidates
 * @param {{pick: (one: Candidate) => void, none: () => void}} choice
 * @returns {HTMLElement}
 */
export function candidateList(candidates, { pick, none }) {
  return h("div", { class: "stack-tight", id: "candidates" },
    h("h3", {}, t("位置不够准：是哪一处？")),
    h("div", { class: "candidates" }, ...candidates.map((one, row) => h("button", { class: "button candidate", type: "button", "data-choice": one.choice, onclick: () => pick(one) },
      h("b", { class: "letter" }, LETTERS[row]),
      h("span", { class: "what" }, h("b", {}, calledBy(one)), h("span", { class: "small soft" }, factsOf(one)))))),
    h("div", { class: "chips" }, h("button", { class: "chip", type: "button", id: "none-of-these", onclick: none }, t("都不是"))));
}

/** @param {Candidate} one */
const calledBy = (one) => nameOf(one.building) || t("微网格 {code}", { code: one.micro_grid.code });

/** @param {Candidate} one */
function factsOf({ building, micro_grid: cell }) {
  const away = Math.max(building?.distance_m ?? 0, cell.distance_m); // of a building that two micro-grids share, each has a part
  return [building && t("微网格 {code}", { code: cell.code }), away < 1 ? t("就在这里") : t("相距 {distance}", { distance: distance(away) }),
    `${Math.round(100 * cell.probability)}%`].filter(Boolean).join(" · ");
}
