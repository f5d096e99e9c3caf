/** The map of a reader's areas: live cases, who is on duty, buildings, measuring and paper. */
import { find, findAll, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { install } from "../core/installed.js";
import { forgetKept, sayWhenKept } from "../core/kept.js";
import { follow } from "../core/live.js";
import { categoryName, LIVE, page } from "../core/page.js";
import { inTurn } from "../core/quiet.js";
import { searchBox } from "../core/search.js";
import { toast } from "../core/toast.js";
import { number, t, when } from "../core/words.js";
import { boundsOf, createMap, look, shapeAt } from "../map/base.js";
import { BuildingSheet } from "../map/building.js";
import { loadLayers } from "../map/data.js";
import { Detail } from "../map/detail.js";
import { Filters } from "../map/filters.js";
import { CaseLayer } from "../map/marks.js";
import { Measure } from "../map/measure.js";
import { People } from "../map/people.js";
import { letPrint } from "../map/printing.js";
import { caseRow } from "../map/row.js";

const MOST = 500;
const LISTED = 60; // rows of the list at once
const SOON_MS = 250;
const REST_MS = 2000; // between two readings, however much happens
const element = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (find(selector));
const list = element("#cases");
const message = element("#map-message");
/** @type {any[]} */
let cases = [];
const ask = inTurn();

sayWhenKept(() => find(".side-head"));
const wide = matchMedia("(min-width: 60rem)");
/** @type {HTMLDetailsElement} */ (element("#fold")).open = wide.matches;
const filters = new Filters(/** @type {HTMLFormElement} */ (element("#filters")), () => void load());
const [map, layers] = await Promise.all([createMap(element("#map")), loadLayers()]);
const marks = new CaseLayer(map, (id) => void choose(id));
const building = new BuildingSheet(map, element("#building"), { opened: () => detail.close(), streets: layers.streets });
const detail = new Detail(element("#detail"), { changed: () => void load(), closed });
const people = new People(map, layers.micro_grids, (count) => {
  element("#duty-count").textContent = count === null ? "" : t(" · 在岗 {n} 人", { n: number(count) });
});
const measure = new Measure(map, element("#measure"), element("#measuring"));
letPrint(map, element("#print"), () => [t("{n} 件案件", { n: number(cases.length) }), filters.words()].filter(Boolean).join(" · "));

if (layers.grids.length) map.fitBounds(boundsOf(layers.grids), { padding: [12, 12], animate: false });

async function load() {
  const isLast = ask();
  try {
    const answer = await get("cases", { ...filters.query(), limit: MOST });
    if (!isLast()) return;
    cases = answer.items;
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
    message.textContent = t("案件没有更新");
    if (!cases.length) list.replaceChildren(h("li", { class: "empty" }, h("b", {}, t("有网络时这里列出案件")), h("p", {}, t("街路、楼栋和边界没有网络也能看。"))));
    return;
  }
  forgetKept();
  marks.show(cases);
  fill(LISTED);
  if (!cases.length) list.append(h("li", { class: "empty" }, h("b", {}, t("没有未办结的案件"))));
  message.textContent = t("{n} 件案件", { n: number(cases.length) });
  current(detail.id);
}

/** @param {string|undefined} id @returns {HTMLElement|undefined} */
const rowOf = (id) => findAll("[data-case]", list).find((row) => row.dataset.case === id);

/** @param {number} count how many rows; the others on request, for rows are what costs a phone most */
function fill(count) {
  const focused = /** @type {HTMLElement|null|undefined} */ (document.activeElement?.closest("#cases [data-case]"))?.dataset.case;
  list.replaceChildren(...cases.slice(0, count).map(caseRow));
  if (cases.length > count) list.append(h("li", { class: "side-head" }, h("button", { class: "button block", type: "button", onclick: () => fill(cases.length) }, t("再显示 {n} 件", { n: number(cases.length - count) }))));
  if (focused) rowOf(focused)?.focus({ preventScroll: true });
}

/** @param {string} id */
async function choose(id) {
  building.close();
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

/** A case's sheet was closed: who was in it is at its row again. */
function closed() {
  const row = find("#cases [aria-current=true]");
  current(null);
  if (document.activeElement === document.body) row?.focus({ preventScroll: true });
}

/** What a press on the map means: a building is opened, anything else is named. @param {{lat: number, lng: number}} at */
function pressed({ lat, lng }) {
  const cell = shapeAt(layers.micro_grids, lng, lat)?.properties;
  const house = shapeAt(layers.buildings, lng, lat);
  if (house) void building.open(house, cell);
  else {
    building.close();
    message.textContent = cell ? [t("微网格 {code}", { code: cell.code }), cell.households && t("共 {n} 户", { n: cell.households })].filter(Boolean).join(" · ") : t("{n} 件案件", { n: number(cases.length) });
  }
}

/** Cases of lists beside the map are opened in its sheet. @param {MouseEvent} event */
function opened(event) {
  const row = /** @type {HTMLElement} */ (event.target).closest("[data-case]");
  if (!row || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  void choose(/** @type {HTMLElement} */ (row).dataset.case ?? "");
}

const following = element("#follow");
const address = new URL(window.location.href);
following.setAttribute("aria-pressed", String(address.searchParams.has("follow")));
following.addEventListener("click", () => {
  const on = following.getAttribute("aria-pressed") !== "true";
  following.setAttribute("aria-pressed", String(on));
  const now = new URL(window.location.href);
  if (on) now.searchParams.set("follow", "1");
  else now.searchParams.delete("follow");
  history.replaceState(null, "", now);
  message.textContent = on ? t("跟随：有新动态时地图移到那里。") : t("{n} 件案件", { n: number(cases.length) });
});

/** Go where something happens, if the reader follows. @param {import("../core/live.js").CaseEvent} event */
function goThere({ lon, lat, at, category, status }) {
  if (following.getAttribute("aria-pressed") !== "true" || measure.on) return;
  map.panTo([lat, lon], { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  message.textContent = `${when(at)} · ${categoryName(category)} · ${page.names.status[status] ?? status}`;
}

let dragging = false;
map.on("dragstart", () => { dragging = true; });
map.on("dragend", () => { dragging = false; });
let waiting = 0;
let last = 0;

/** Read the cases again soon, but not while the map is dragged, nor all the time when much happens. */
function reload() {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    if (dragging) return reload();
    last = Date.now();
    return void load();
  }, Math.max(SOON_MS, last + REST_MS - Date.now()));
}
list.addEventListener("click", opened);
element("#building").addEventListener("click", opened);
const crowd = /** @type {HTMLInputElement|null} */ (find("#field-people")); // not there for who may not see people
crowd?.addEventListener("change", () => people.show(crowd.checked));
people.show(crowd?.checked ?? false);
map.on("click", (/** @type {any} */ { latlng }) => measure.on || pressed(latlng));
searchBox(/** @type {HTMLInputElement} */ (element("#field-find")), {
  chosen: (found) => {
    if (found.kind === "case") return void choose(found.id);
    const house = found.kind === "building" && layers.buildings.find((one) => one.properties.id === found.id);
    // in another's grid the cell is known by its code only
    if (house) void building.open(house, shapeAt(layers.micro_grids, found.lon, found.lat)?.properties ?? (found.micro_grid ? { code: found.micro_grid } : undefined));
    map.invalidateSize({ animate: false }); // a sheet may have opened beside it
    map.setView([found.lat, found.lon], found.kind === "grid" || found.kind === "street" ? 17 : 18.5);
    return undefined;
  },
});
await load();
element("#map").setAttribute("data-usable", "true");
follow((event) => {
  if (event) goThere(event);
  if (event && marks.marks.has(event.case_id) && event.status && LIVE.includes(event.status)) {
    marks.put({ id: event.case_id, lon: event.lon, lat: event.lat, status: event.status, category: event.category });
  }
  if (!event || event.case_id === detail.id) void detail.refresh();
  reload();
});
void install();
