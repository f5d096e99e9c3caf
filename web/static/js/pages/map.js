/** The map of a reader's areas with their live cases. */
import { find, findAll, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { follow, settled } from "../core/live.js";
import { LIVE, nameOf } from "../core/page.js";
import { searchBox } from "../core/search.js";
import { toast } from "../core/toast.js";
import { number, t } from "../core/words.js";
import { boundsOf, createMap, look, shapeAt } from "../map/base.js";
import { loadLayers } from "../map/data.js";
import { Detail } from "../map/detail.js";
import { CaseLayer } from "../map/marks.js";
import { caseRow } from "../map/row.js";

const MOST = 500;
const filters = /** @type {HTMLFormElement} */ (find("#filters"));
const list = /** @type {HTMLElement} */ (find("#cases"));
const message = /** @type {HTMLElement} */ (find("#map-message"));
/** @type {any[]} */
let cases = [];

const wished = new URLSearchParams(window.location.search);
for (const name of ["status", "category", "grid"]) {
  const input = /** @type {HTMLSelectElement|null} */ (filters.elements.namedItem(name));
  if (input && wished.get(name)) input.value = wished.get(name) ?? "";
}

const [map, layers] = await Promise.all([createMap(/** @type {HTMLElement} */ (find("#map"))), loadLayers()]);
const marks = new CaseLayer(map, (id) => void choose(id));
const detail = new Detail(/** @type {HTMLElement} */ (find("#detail")), { changed: () => void load(), closed: () => current(null) });

if (layers.grids.length) map.fitBounds(boundsOf(layers.grids), { padding: [12, 12], animate: false });

async function load() {
  const asked = Object.fromEntries(new FormData(filters));
  try {
    const answer = await get("cases", { category: String(asked.category ?? ""), grid: String(asked.grid ?? ""), status: String(asked.status || "live"), limit: MOST });
    cases = answer.items;
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
    return;
  }
  marks.show(cases);
  list.replaceChildren(...cases.map(caseRow));
  if (!cases.length) list.append(h("li", { class: "empty" }, h("b", {}, t("没有未办结的案件"))));
  message.textContent = t("{n} 件案件", { n: number(cases.length) });
  current(detail.id);
}

/** @param {string} id */
async function choose(id) {
  current(id);
  const one = cases.find((other) => other.id === id);
  await detail.open(id);
  if (one) look(map, one.lon, one.lat);
}

/** @param {string|null} id mark one case as chosen, on the map and in the list */
function current(id) {
  marks.choose(id);
  for (const row of findAll("[data-case]", list)) row.setAttribute("aria-current", String(row.dataset.case === id));
}

const reload = settled(() => void load());
list.addEventListener("click", (event) => {
  const row = /** @type {HTMLElement} */ (event.target).closest("[data-case]");
  if (!row || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  void choose(/** @type {HTMLElement} */ (row).dataset.case ?? "");
});
filters.addEventListener("change", () => void load());
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  void load();
});
map.on("click", (/** @type {any} */ { latlng }) => {
  const building = shapeAt(layers.buildings, latlng.lng, latlng.lat)?.properties;
  const cell = shapeAt(layers.micro_grids, latlng.lng, latlng.lat)?.properties;
  const words = [
    building && (building.label || nameOf(building)),
    building?.flats && t("{n} 户", { n: building.flats }),
    building?.levels && t("{n} 层", { n: building.levels }),
    cell && t("微网格 {code}", { code: cell.code }),
    cell?.households && t("共 {n} 户", { n: cell.households }),
  ].filter(Boolean);
  message.textContent = words.join(" · ") || t("{n} 件案件", { n: number(cases.length) });
});
searchBox(/** @type {HTMLInputElement} */ (find("#field-find")), {
  chosen: (found) => {
    if (found.kind === "case") void choose(found.id);
    else look(map, found.lon, found.lat, found.kind === "grid" ? 16.5 : 18.5);
  },
});
await load();
find("#map")?.setAttribute("data-usable", "true");
follow((event) => {
  if (event && marks.marks.has(event.case_id) && event.status && LIVE.includes(event.status)) {
    marks.put({ id: event.case_id, lon: event.lon, lat: event.lat, status: event.status, category: event.category });
  }
  if (!event || event.case_id === detail.id) void detail.refresh();
  reload();
});
