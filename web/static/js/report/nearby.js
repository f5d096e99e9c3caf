/** Open cases of the same category near a spot: one tap says that it is the same, so that nobody is sent twice. */
import { h, icon } from "../core/dom.js";
import { get } from "../core/http.js";
import { nameOf, page } from "../core/page.js";
import { distance, t, when } from "../core/words.js";

/**
 * @typedef {{case_id: string, number: string, category: string, status: string, distance_m: number, opened_at: string,
 *   building: {code: string, name: string, name_en: string}|null, reports: number, thumb_url: string|null, mine: boolean}} Near
 */

/**
 * @param {import("./place.js").Spot} spot
 * @param {string} category
 * @param {string} description what is written so far: its words count too
 * @returns {Promise<Near[]>} none where the service can't say: without this help the report goes on
 */
export async function findNearby(spot, category, description) {
  try {
    return (await get("nearby", { lon: spot.lon, lat: spot.lat, datum: spot.datum, accuracy_m: spot.accuracy_m, source: spot.source, category, description: description.slice(0, 500) })).items;
  } catch {
    return [];
  }
}

/**
 * @param {HTMLElement} shown
 * @param {Near[]} items
 * @param {{separate: boolean, same: (near: Near) => void, other: (separate: boolean) => void}} choice
 *   same: it is this one; other: it is none of them, or that was pressed again
 */
export function showNearby(shown, items, { separate, same, other }) {
  if (!items.length) {
    shown.replaceChildren();
    return;
  }
  const another = h("button", { class: "chip", type: "button", id: "another", "aria-pressed": separate, onclick: () => {
    const pressed = another.getAttribute("aria-pressed") !== "true";
    another.setAttribute("aria-pressed", String(pressed));
    other(pressed);
  } }, t("都不是，是另一个问题"));
  shown.replaceChildren(
    h("h3", {}, t("附近已有人报过：是同一个问题吗？")),
    h("ul", { class: "list nearby" }, ...items.map((one) => row(one, same))),
    h("div", { class: "chips" }, another));
}

/** @param {Near} one @param {(near: Near) => void} same */
function row(one, same) {
  const where = nameOf(one.building) || t("附近路面");
  const facts = [distance(one.distance_m), page.names.status?.[one.status], one.reports > 1 ? t("{n} 人上报", { n: one.reports }) : "", when(one.opened_at)];
  return h("li", { "data-near": one.case_id },
    one.thumb_url ? h("img", { src: one.thumb_url, alt: t("那件的现场照片"), width: 72, height: 54 }) : h("span", { class: "mark" }, icon(one.category)),
    h("span", { class: "what" }, h("b", {}, where), h("span", { class: "small soft" }, facts.filter(Boolean).join(" · "))),
    h("button", { class: "button", type: "button", onclick: () => same(one) }, one.mine ? t("同一问题（您报过）") : t("同一问题")));
}
