/** What is chosen instead of typed: ready phrases, entrance and floor. */
import { find, h } from "../core/dom.js";
import { t } from "../core/words.js";
import { phrasesOf } from "./phrases.js";

const ENTRANCES = [1, 2, 3, 4];
const FLOORS = [1, 2, 3, 4, 5, 6, 7];
const SAID = /^(?:(\d+)\s*单元|Unit (\d+))?[\s,]*(?:(\d+)\s*[楼层]|Floor (\d+))?[\s,]*/;

/** @param {string} category @param {HTMLInputElement} area @param {() => void} changed */
export function phraseChips(category, area, changed) {
  const box = /** @type {HTMLElement} */ (find("#phrases"));
  const ready = phrasesOf(category);
  box.hidden = !ready.length;
  box.replaceChildren(...ready.map((phrase) => h("button", { class: "chip", type: "button", onclick: () => {
    area.value = [area.value.trim(), phrase].filter(Boolean).join(t("，"));
    changed();
  } }, phrase)));
}

/** Entrance and floor by a tap each, written before what is typed. @param {HTMLInputElement} field @param {() => void} changed */
export function doorChips(field, changed) {
  const box = find("#doors");
  if (!box) return;
  const write = (/** @type {string} */ entrance, /** @type {string} */ floor) => {
    const rest = field.value.replace(SAID, "");
    field.value = [entrance && t("{n} 单元", { n: entrance }), floor && t("{n} 楼", { n: floor }), rest].filter(Boolean).join(" ");
    changed();
  };
  const now = () => {
    const [, zh, en, floor, storey] = SAID.exec(field.value) ?? [];
    return [zh ?? en ?? "", floor ?? storey ?? ""];
  };
  const select = (/** @type {string} */ label, /** @type {number[]} */ values, /** @type {0|1} */ place) => {
    const list = /** @type {HTMLSelectElement} */ (h("select", { class: "select", "aria-label": label, onchange: () => {
      const said = now();
      said[place] = list.value;
      write(said[0], said[1]);
    } }, h("option", { value: "" }, label), ...values.map((n) => h("option", { value: String(n) }, place ? t("{n} 楼", { n }) : t("{n} 单元", { n })))));
    return list;
  };
  const lists = [select(t("单元"), ENTRANCES, 0), select(t("楼层"), FLOORS, 1)];
  box.replaceChildren(...lists);
  box.hidden = false;
  const follow = () => now().forEach((value, i) => { lists[i].value = value; });
  field.addEventListener("input", follow);
  box.addEventListener("refresh", follow);
}
