/** Versions beside each other, and what publishing a draft would change: listed and drawn. */
import { find, findAll, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { changeLine } from "./look.js";

/** @typedef {import("./layers.js").CellLayer} CellLayer */

/** @param {any[]} items */
function changeList(items) {
  if (!items.length) return h("p", { class: "soft" }, t("没有任何不同。"));
  return h("ul", { class: "list changes" }, ...items.map((one) => h("li", { "data-what": one.what },
    h("b", {}, page.names.change[one.what]), ` ${page.names.level[one.level]} ${one.code} ${one.name} `, h("span", { class: "soft small" }, changeLine(one)))));
}

/** @param {any} answer @param {CellLayer} layer */
function draw(answer, layer) {
  const finest = answer.shapes.features.filter((/** @type {any} */ { properties }) => properties.level === "micro_grid");
  layer.over(finest.length ? finest : answer.shapes.features, ({ properties }) => (properties.part === "gained" ? "--gained" : "--lost"), { hollow: ({ properties }) => properties.part === "lost" });
}

/** @param {CellLayer} layer */
export function compareOnPress(layer) {
  const place = /** @type {HTMLElement} */ (find("#comparison"));
  const compare = async (/** @type {string} */ before, /** @type {string} */ after) => {
    const answer = await get("boundaries/compare", { before, after });
    draw(answer, layer);
    place.className = "card stack-tight";
    place.replaceChildren(h("h3", {}, t("第 {before} 版 → 第 {after} 版", { before, after })),
      h("p", { class: "legend" }, h("span", {}, t("图上绿色为划入，红色虚线为划出"))), changeList(answer.items));
    place.scrollIntoView({ block: "nearest" });
  };
  for (const link of findAll("[data-compare]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const query = new URL(/** @type {HTMLAnchorElement} */ (link).href).searchParams;
      compare(query.get("before") ?? "", query.get("after") ?? "").catch((error) => toast(error.message, { bad: true }));
    });
  }
  if (place.dataset.before) void compare(place.dataset.before, place.dataset.after ?? "");
}

/**
 * Fill the list of changes whenever the form to publish is opened.
 * @param {import("./draft.js").Draft} draft
 * @param {CellLayer} layer
 * @param {() => void} closed
 */
export function confirmPublish(draft, layer, closed) {
  const details = /** @type {HTMLDetailsElement|null} */ (find("#publish"));
  const list = find("#changes");
  if (!details || !list) return;
  const fill = async () => {
    await draft.waiting;
    const answer = await get(`boundaries/drafts/${draft.id}/changes`);
    list.replaceChildren(changeList(answer.items));
    draw(answer, layer);
  };
  details.addEventListener("toggle", () => {
    if (!details.open) closed();
    else fill().catch((error) => toast(error.message, { bad: true }));
  });
}
