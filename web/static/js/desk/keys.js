/** The desk by keyboard: one letter an act, none while somebody types; ? shows them all. */
import { find, h } from "../core/dom.js";
import { t } from "../core/words.js";
import { cards } from "./board.js";

/** @returns {[string, string][]} keys and what they do */
const help = () => [
  ["j / k", t("下一件、上一件")], ["h / l", t("左边、右边一列")], ["Enter", t("打开这件案件")], ["x", t("选中或取消")],
  ["a", t("指派：看谁最合适")], ["m", t("合并选中的案件")], ["v", t("核验办结选中的案件")], ["r", t("转办选中的案件")],
  ["u", t("撤回刚才的操作")], ["n", t("接听来电")], ["g", t("集结人手，选中案件时就到那里")], ["/", t("搜索")], ["Esc", t("关闭")], ["?", t("这张表")],
];

/** @returns {HTMLElement|null} the card that the keyboard is at */
export const currentCard = () => /** @type {HTMLElement|null} */ (document.activeElement?.closest("[data-card]") ?? find("[data-card]:has([aria-current=true])"));

/** @param {HTMLElement|null|undefined} card */
function goTo(card) {
  const link = card && find("a", card);
  if (!link) return;
  link.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {number} step along the cards of one column */
function along(step) {
  const now = currentCard();
  if (!now) return goTo(cards()[0]);
  const list = [.../** @type {HTMLElement} */ (now.parentElement).children];
  goTo(/** @type {HTMLElement|undefined} */ (list[list.indexOf(now) + step]));
}

/** @param {number} step to a neighbouring column that has cards */
function across(step) {
  const now = currentCard();
  const columns = [...document.querySelectorAll(".column-of")].filter((one) => one.querySelector("[data-card]"));
  const at = now ? columns.findIndex((one) => one.contains(now)) : -1;
  goTo(/** @type {HTMLElement|null} */ (columns[at + step]?.querySelector("[data-card]")));
}

export function showKeys() {
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "dialog", "aria-label": t("快捷键"), onclose: () => dialog.remove() },
    h("form", { method: "dialog" }, h("h2", {}, t("快捷键")),
      h("dl", { class: "keys" }, ...help().flatMap(([keys, what]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, what)])),
      h("button", { class: "button block" }, t("关闭")))));
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {EventTarget|null} target @returns {boolean} whether somebody types or chooses there */
const typing = (target) => target instanceof HTMLElement && (target.isContentEditable || Boolean(target.closest("input:not([type=checkbox]), textarea, select")));

/**
 * @param {Record<string, () => void>} acts by key, besides those that move
 */
export function listen(acts) {
  /** @type {Record<string, () => void>} */
  const all = { j: () => along(1), k: () => along(-1), l: () => across(1), h: () => across(-1), "?": showKeys, ...acts };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jkhl".includes(event.key)) return;
    if (document.querySelector("dialog[open]") || typing(event.target)) return;
    const act = Object.hasOwn(all, event.key) ? all[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
