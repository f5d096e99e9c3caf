/** The dispatch desk: the server's list, a map of the same cases, one case in a sheet. */
import { find, findAll } from "../core/dom.js";
import { fetchPage, replaceParts } from "../core/fragment.js";
import { get } from "../core/http.js";
import { follow, settled } from "../core/live.js";
import { toast } from "../core/toast.js";
import { number, t } from "../core/words.js";
import { createMap, look } from "../map/base.js";
import { Detail } from "../map/detail.js";
import { CaseLayer } from "../map/marks.js";

const MOST = 500;
const main = /** @type {HTMLElement} */ (find("#main"));
const filters = /** @type {HTMLFormElement} */ (find("#filters"));
const switcher = /** @type {HTMLElement} */ (find("#view-switch"));
/** @type {Map<string, any>} */
let cases = new Map();

const detail = new Detail(/** @type {HTMLElement} */ (find("#detail")), { changed: () => reload(), closed: () => current(null) });
const map = await createMap(/** @type {HTMLElement} */ (find("#map")));
const marks = new CaseLayer(map, (id) => void choose(id));

/** @returns {URLSearchParams} the filters that are set */
function wishes() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(filters)) if (value) asked.set(name, String(value));
  return asked;
}

async function loadMarks() {
  try {
    const answer = await get("cases", { status: "live", ...Object.fromEntries(wishes()), limit: MOST });
    cases = new Map(answer.items.map((/** @type {any} */ one) => [one.id, one]));
    marks.show(answer.items);
    const shown = /** @type {HTMLElement} */ (find("#map-message"));
    shown.textContent = answer.total > answer.items.length ? t("图上是最近 {n} 件", { n: number(answer.items.length) }) : t("{n} 件案件", { n: number(answer.items.length) });
    marks.choose(detail.id);
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  }
}

async function loadList() {
  replaceParts(await fetchPage(`/desk?${wishes()}`), ["#results", "#total"]);
  current(detail.id);
}

/** @param {string} id */
async function choose(id) {
  current(id);
  await detail.open(id);
  const one = cases.get(id);
  if (one) look(map, one.lon, one.lat);
}

/** @param {string|null} id */
function current(id) {
  marks.choose(id);
  for (const row of findAll("#results [data-case]")) row.setAttribute("aria-current", String(row.dataset.case === id));
}

const reload = settled(() => void Promise.all([loadList(), loadMarks()]));

/** @param {Event} [event] apply the filters and keep them in the address */
function apply(event) {
  event?.preventDefault();
  window.history.replaceState(null, "", `/desk?${wishes()}`);
  reload();
}
filters.addEventListener("submit", apply);
filters.addEventListener("change", apply);
filters.addEventListener("input", settled(() => apply(), 400));

main.addEventListener("click", (event) => {
  const row = /** @type {HTMLElement} */ (event.target).closest("#results [data-case]");
  if (!row || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  void choose(/** @type {HTMLElement} */ (row).dataset.case ?? "");
});

switcher.hidden = false;
for (const button of findAll("[data-view]", switcher)) {
  button.addEventListener("click", () => {
    main.classList.toggle("show-map", button.dataset.view === "map");
    for (const other of findAll("[data-view]", switcher)) other.setAttribute("aria-pressed", String(other === button));
  });
}

await loadMarks();
main.dataset.usable = "true";
follow((event) => {
  if (!event || event.case_id === detail.id) void detail.refresh();
  reload();
});
