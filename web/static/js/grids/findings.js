/** What is wrong, listed and drawn; pressing one shows its place. */
import { find, h, icon } from "../core/dom.js";
import { t } from "../core/words.js";
import { findingLine, findingTitle } from "./look.js";

/** @typedef {import("./draft.js").Feature} Feature */

/**
 * @param {Feature[]} findings
 * @param {(feature: Feature) => void} pressed
 * @returns {HTMLElement}
 */
export function findingList(findings, pressed) {
  if (!findings.length) return h("div", { class: "empty" }, icon("check"), h("b", {}, t("没有发现问题")));
  return h("ul", { class: "list" }, ...findings.map((feature) => {
    const one = feature.properties;
    const wrong = one.severity === "error";
    return h("li", {}, h("button", { class: "item", type: "button", "data-kind": one.kind, onclick: () => pressed(feature) },
      h("span", { class: "what" },
        h("span", { class: "title" }, h("span", { class: wrong ? "badge urgent" : "badge" }, wrong ? t("错误") : t("提醒")), findingTitle(one)),
        h("span", { class: "line" }, findingLine(one)))));
  }));
}

/**
 * @param {import("./draft.js").Draft} draft
 * @param {import("./layers.js").CellLayer} layer
 */
export function showFindings(draft, layer) {
  const list = find("#finding-list");
  const count = find("#findings-count");
  if (!list || !count) return;
  count.textContent = String(draft.total);
  const more = draft.total - draft.findings.length;
  list.replaceChildren(findingList(draft.findings, (feature) => layer.lookAt(feature)));
  if (more > 0) list.append(h("p", { class: "soft" }, t("还有 {n} 处没有列出", { n: more })));
  drawFindings(draft.findings, layer);
  const refused = find("#publish-errors");
  if (refused) refused.hidden = draft.errors === 0;
}

/** @param {Feature[]} findings @param {import("./layers.js").CellLayer} layer */
export function drawFindings(findings, layer) {
  layer.over(findings, ({ properties }) => (properties.severity === "error" ? "--finding" : "--warn"), { pressed: (feature) => layer.lookAt(feature) });
}
