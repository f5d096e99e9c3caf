/** Who is responsible for a cell: found by name, user name or cell, chosen by ticking. */
import { h } from "../core/dom.js";
import { t } from "../core/words.js";
import { people } from "./list.js";

const MOST = 40;

/** @typedef {{id: string, name: string, username: string, role: string, areas: string[]}} Person */

/**
 * @param {string} role
 * @param {string[]} chosen ids
 * @returns {{element: HTMLElement, chosen: () => string[]}}
 */
export function peoplePicker(role, chosen) {
  const able = people.filter((/** @type {Person} */ one) => one.role === role);
  const picked = new Set(chosen);
  const sought = /** @type {HTMLInputElement} */ (h("input", { class: "input", id: "assign-search", type: "search", autocomplete: "off", placeholder: t("姓名、用户名或网格编号"), oninput: () => fill() }));
  const list = h("ul", { class: "people-pick", id: "assign-people" });
  const count = h("p", { class: "small soft", role: "status" });

  /** @param {Person} one */
  const row = (one) => h("li", {}, h("label", { class: "choice" },
    h("input", { type: "checkbox", value: one.id, checked: picked.has(one.id), onchange: (/** @type {Event} */ event) => {
      if (/** @type {HTMLInputElement} */ (event.target).checked) picked.add(one.id);
      else picked.delete(one.id);
      tell();
    } }),
    h("span", { class: "what" }, h("b", {}, one.name), h("span", { class: "small soft" }, [one.username, one.areas.length ? one.areas.join("、") : t("还没有格")].join(" · ")))));

  const found = () => {
    const words = sought.value.trim().toLowerCase().split(/\s+/);
    const fits = (/** @type {Person} */ one) => words.every((word) => [one.name, one.username, ...one.areas].some((text) => text.toLowerCase().includes(word)));
    const rank = (/** @type {Person} */ one) => (picked.has(one.id) ? 0 : one.areas.length ? 2 : 1); // who has no cell yet before those who have
    return able.filter(fits).sort((a, b) => rank(a) - rank(b));
  };
  const tell = () => {
    count.textContent = t("已选 {n} 位，共 {all} 位；不选为无", { n: picked.size, all: able.length });
  };
  const fill = () => {
    const those = found();
    list.replaceChildren(...those.slice(0, MOST).map(row));
    if (!those.length) list.append(h("li", { class: "soft" }, t("没有找到")));
    if (those.length > MOST) list.append(h("li", { class: "soft small" }, t("还有 {n} 位，请输入姓名或编号", { n: those.length - MOST })));
    tell();
  };
  sought.addEventListener("keydown", (event) => { // Enter ticks the only one that is left, it doesn't send the form
    if (event.key !== "Enter") return;
    event.preventDefault();
    const boxes = list.querySelectorAll("input");
    if (boxes.length === 1) boxes[0].click();
  });
  fill();
  const element = h("div", { class: "stack-tight" },
    h("div", { class: "field" }, h("label", { for: "assign-search" }, t("查找")), sought), list, count);
  return { element, chosen: () => [...picked] };
}
