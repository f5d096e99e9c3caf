/** The dispatch desk: the server's cards, a map of the same cases, one case beside them; by mouse and by keyboard. */
import { find, findAll, h } from "../core/dom.js";
import { fetchPage, replaceParts } from "../core/fragment.js";
import { get } from "../core/http.js";
import { follow, settled } from "../core/live.js";
import { page } from "../core/page.js";
import { inTurn } from "../core/quiet.js";
import { toast } from "../core/toast.js";
import { number, t } from "../core/words.js";
import { assign, onChanged, start, undo } from "../desk/acts.js";
import { cardOf, cards, continueColumns, markOf, renew } from "../desk/board.js";
import { currentCard, listen, showKeys } from "../desk/keys.js";
import { createMap, look } from "../map/base.js";
import { Detail } from "../map/detail.js";
import { CaseLayer } from "../map/marks.js";

const MOST = 500;
const MOST_RENEWED = 150;
const KEPT = "weiwang-desk-view";
const main = /** @type {HTMLElement} */ (find("#main"));
const filters = /** @type {HTMLFormElement} */ (find("#filters"));

/** @returns {URLSearchParams} the filters that are set, and the view */
function wishes() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(filters)) if (value) asked.set(name, String(value));
  return asked;
}

const detail = new Detail(/** @type {HTMLElement} */ (find("#detail")), { changed: () => void changed([detail.id ?? ""]), closed: closed });
const map = await createMap(/** @type {HTMLElement} */ (find("#map")));
const marks = new CaseLayer(map, (id) => void choose(id));

const [askMarks, askCards] = [inTurn(), inTurn()];

async function loadMarks() {
  const asked = Object.fromEntries(wishes());
  delete asked.view;
  const isLast = askMarks();
  try {
    const answer = await get("cases", { status: "live", ...asked, limit: MOST });
    if (!isLast()) return;
    marks.show(answer.items);
    countMarks(answer.total);
    marks.choose(detail.id);
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  }
}

/** @param {number} [total] */
function countMarks(total = 0) {
  const shown = /** @type {HTMLElement} */ (find("#map-message"));
  const n = marks.marks.size;
  shown.textContent = total > n ? t("图上是最近 {n} 件", { n: number(n) }) : t("{n} 件案件", { n: number(n) });
}

const watchColumns = continueColumns(() => wishes(), () => ticked());

async function loadAll() {
  const isLast = askCards();
  const fresh = await fetchPage(`/desk?${wishes()}`);
  if (!isLast()) return;
  const ticks = new Set(selectedIds()); // now: somebody may have gone on while it was fetched
  const at = /** @type {HTMLElement|null|undefined} */ (document.activeElement?.closest("#cases [data-card]"))?.dataset.card;
  replaceParts(fresh, ["#results", "#desk-counts"]);
  for (const card of cards()) {
    const box = /** @type {HTMLInputElement|null} */ (find("input", card));
    if (box && ticks.has(card.dataset.card ?? "")) box.checked = true;
    if (card.dataset.card === at) find("a", card)?.focus({ preventScroll: true });
  }
  watchColumns();
  current(detail.id);
  ticked();
}

const selectedIds = () => findAll("#cases input:checked").map((box) => /** @type {HTMLInputElement} */ (box).value);

/** @param {string} id */
async function choose(id) {
  current(id);
  await detail.open(id);
  const card = cardOf(id);
  if (card) look(map, Number(card.dataset.lon), Number(card.dataset.lat));
}

/** @param {string|null} id */
function current(id) {
  marks.choose(id);
  for (const row of findAll("#cases [data-case]")) row.setAttribute("aria-current", String(row.dataset.case === id));
}

function closed() {
  const now = find("#cases [aria-current=true]");
  current(null);
  now?.focus();
}

/** @type {Set<string>} */
const waiting = new Set();
const renewWaiting = settled(async () => {
  const ids = [...waiting].filter(Boolean);
  waiting.clear();
  if (!ids.length) return;
  if (ids.length > MOST_RENEWED) return void reload();
  const { gone, here } = await renew(ids, wishes());
  for (const id of gone) marks.remove(id);
  for (const card of here) marks.put(markOf(card));
  countMarks();
  current(detail.id);
  ticked();
}, 150);

/** @param {string[]} ids */
function changed(ids) {
  for (const id of ids) waiting.add(id);
  renewWaiting();
}
onChanged((ids) => {
  changed(ids);
  if (detail.id && ids.includes(detail.id)) void detail.refresh();
});

const reload = settled(() => void Promise.all([loadAll(), loadMarks()]));

/** @param {Event} [event] apply the filters and keep them in the address */
function apply(event) {
  event?.preventDefault();
  const asked = wishes();
  window.history.replaceState(null, "", `/desk?${asked}`);
  const kept = /** @type {HTMLInputElement|null} */ (find("#keep-filter [name=query]"));
  if (kept) kept.value = asked.toString();
  reload();
}
filters.addEventListener("submit", apply);
filters.addEventListener("change", apply);
filters.addEventListener("input", settled(() => apply(), 400));

/** Board, list, or (on a phone) the map. @param {string} view */
function show(view) {
  const switcher = /** @type {HTMLElement} */ (find("#view-switch"));
  main.classList.toggle("show-map", view === "map");
  for (const one of findAll("[data-view]", switcher)) {
    if (one.dataset.view === "map") one.setAttribute("aria-pressed", String(view === "map"));
    else if (one.dataset.view === view) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
  if (view === "map" || view === main.dataset.view) return;
  main.classList.remove(`as-${main.dataset.view}`);
  main.classList.add(`as-${view}`);
  main.dataset.view = view;
  /** @type {HTMLInputElement} */ (find("[name=view]", filters)).value = view;
  localStorage.setItem(KEPT, view);
  apply();
}

main.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const view = /** @type {HTMLElement|null} */ (target.closest("#view-switch [data-view]"));
  const row = /** @type {HTMLElement|null} */ (target.closest("#results [data-case]"));
  if (event.ctrlKey || event.metaKey || (!view && !row)) return;
  event.preventDefault();
  if (view) show(view.dataset.view ?? "board");
  else void choose(row?.dataset.case ?? "");
});

/** Show how many cards are ticked, and what may be done with them. */
function ticked() {
  const chosen = find("#chosen");
  const bar = find("#bulk");
  if (!chosen || !bar) return;
  const n = selectedIds().length;
  chosen.hidden = n === 0;
  chosen.textContent = t("选中 {n} 件", { n: number(n) });
  for (const button of findAll("button[data-bulk]", bar)) button.hidden = n === 0;
}

function makeBar() {
  const bar = find("#bulk");
  if (!bar) return;
  for (const act of ["refer", "verify", "classify", "set_urgent", "merge", "reject", "cancel"]) {
    bar.append(h("button", { class: "button", type: "button", "data-bulk": act, hidden: true, onclick: () => void start(act) }, page.names.verb[act]));
  }
  bar.append(h("button", { class: "button quiet", type: "button", "data-bulk": "none", hidden: true, onclick: () => {
    for (const box of findAll("#cases input:checked")) /** @type {HTMLInputElement} */ (box).checked = false;
    ticked();
  } }, t("不选了")));
  main.addEventListener("change", (event) => /** @type {HTMLElement} */ (event.target).closest(".tick") && ticked());
  document.addEventListener("ticked", ticked);
}

makeBar();
for (const one of findAll("#help-button, #view-switch [data-view=map]")) one.hidden = false;
find("#help-button")?.addEventListener("click", showKeys);
watchColumns();
listen({
  x: () => {
    const box = /** @type {HTMLInputElement|null} */ (currentCard()?.querySelector("input") ?? null);
    if (box) box.checked = !box.checked;
    ticked();
  },
  a: () => void assign(),
  m: () => void start("merge"),
  v: () => void start("verify"),
  r: () => void start("refer"),
  u: () => void undo(),
  n: () => find("a[href='/desk/call']")?.click(),
  g: () => {
    const card = currentCard();
    window.location.assign(card ? `/musters?case=${card.dataset.card}` : "/musters");
  },
  "/": () => /** @type {HTMLInputElement|null} */ (find("#field-q"))?.select(),
});
const kept = localStorage.getItem(KEPT);
if (!new URLSearchParams(window.location.search).has("view")) {
  const wanted = kept === "list" || kept === "board" ? kept : matchMedia("(min-width: 60rem)").matches ? "board" : "list";
  if (wanted !== main.dataset.view) show(wanted);
}
await loadMarks();
main.dataset.usable = "true";
follow((event) => {
  if (!event || event.case_id === detail.id) void detail.refresh();
  if (event) changed([event.case_id]);
  else reload();
}, undefined, undefined, { unseen: true });
