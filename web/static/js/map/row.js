/** A case as a row of a list beside a map; the same look as `case_row` of the templates. */
import { h, icon } from "../core/dom.js";
import { categoryName, nameOf, page } from "../core/page.js";
import { t, when } from "../core/words.js";

/** @param {any} one case item @returns {string} */
export const whereOf = ({ place }) => nameOf(place?.building) || nameOf(place?.street)
  || (place?.micro_grid ? t("微网格 {code}", { code: place.micro_grid.code }) : t("社区以外"));

/** @param {any} one case item @returns {string} what is due next, and by when */
function dueOf(one) {
  if (one.closed_at) return when(one.closed_at);
  if (one.status === "open" || one.status === "offered") return t("{time} 前应有人接", { time: when(one.answer_due_at) });
  if (one.status === "accepted" && one.on_site_due_at) return t("{time} 前应到场", { time: when(one.on_site_due_at) });
  return t("{time} 前应办完", { time: when(one.resolve_due_at) });
}

/** @param {any} one case item @returns {HTMLElement} */
export function caseRow(one) {
  const cell = one.place?.micro_grid?.code ? t("微网格 {code}", { code: one.place.micro_grid.code }) : "";
  return h("li", {},
    h("a", { class: "item", href: `/cases/${one.id}`, "data-case": one.id, "data-status": one.status },
      h("span", { class: "mark" }, icon(one.category)),
      h("span", { class: "what" },
        h("span", { class: "title" }, `${categoryName(one.category)} · ${whereOf(one)}`),
        one.summary && h("span", { class: "line" }, one.summary),
        h("span", { class: "row small" },
          h("span", { class: "badge status", "data-status": one.status }, page.names.status[one.status]),
          one.urgent && h("span", { class: "badge urgent" }, t("紧急")),
          one.level > 0 && h("span", { class: "badge step", "data-level": one.level }, page.names.step[one.level]),
          one.pause && h("span", { class: "badge paused", "data-pause": one.pause.state }, page.names.pause_state[one.pause.state]),
          one.light && h("span", { class: "badge light", "data-light": one.light }, page.names.light[one.light]),
          h("span", { class: "soft" }, [one.pause ? when(one.opened_at) : dueOf(one), cell].filter(Boolean).join(" · "))))));
}
