/** A repair: shown before it is applied, drawn where it would change something. */
import { find, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { showFindings } from "./findings.js";

/**
 * @param {import("./draft.js").Draft} draft
 * @param {import("./layers.js").CellLayer} layer
 */
export function showRepair(draft, layer) {
  const place = find("#repair");
  if (!place) return;
  if (!draft.open || !draft.errors) {
    place.replaceChildren();
    return;
  }
  const tolerance = /** @type {HTMLInputElement} */ (h("input", { class: "input", id: "tolerance", type: "number", min: "0.01", max: "20", step: "0.01", value: "0.2" }));
  const result = h("div", { role: "status" });
  const ask = async () => {
    try {
      const proposal = await get(`boundaries/drafts/${draft.id}/repair`, { tolerance_m: tolerance.value });
      layer.over(proposal.changes.features, () => "--warn");
      result.replaceChildren(summary(proposal),
        h("div", { class: "row" },
          h("button", { class: "button primary", type: "button", id: "apply-repair", onclick: () => void draft.act("repair", { tolerance_m: Number(tolerance.value) }) }, t("就这样修")),
          h("button", { class: "button quiet", type: "button", onclick: () => { result.replaceChildren(); showFindings(draft, layer); } }, t("先不修"))));
    } catch (error) {
      toast(/** @type {Error} */ (error).message, { bad: true });
    }
  };
  place.replaceChildren(h("form", { class: "card stack-tight", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); void ask(); } },
    h("h3", {}, t("修补")),
    h("p", { class: "soft small" }, t("缝隙、重叠归给相邻最长的格，边界移动不超过下面的距离。先看清再决定。")),
    h("div", { class: "field" }, h("label", { for: "tolerance" }, t("边界最多移动（米）")), tolerance),
    h("button", { class: "button", type: "submit", id: "ask-repair" }, t("看看怎样修")), result));
}

/** @param {any} proposal @returns {HTMLElement} */
export function summary(proposal) {
  const changes = proposal.changes.features.map((/** @type {any} */ { properties: one }) =>
    h("li", {}, `${page.names.level[one.level]} ${one.code} · ${t("{n} 平方米", { n: one.moved_m2.toFixed(2) })} · ${t("移动 {n} 米", { n: one.moved_m.toFixed(2) })}`));
  return h("div", { class: "stack-tight" },
    h("p", {}, t("会改动 {n} 个格，共 {area} 平方米，最多移动 {m} 米；修后还剩 {left} 处错误。", {
      n: changes.length, area: proposal.moved_m2.toFixed(2), m: proposal.largest_move_m.toFixed(2), left: proposal.remaining.errors })),
    h("ul", { class: "list scroll-y" }, ...changes));
}
