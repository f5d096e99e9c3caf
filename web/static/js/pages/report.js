/** Report: photo, category, place, words, send. The form works without this script too. */
import { find, findAll, h } from "../core/dom.js";
import { settled } from "../core/live.js";
import { toast } from "../core/toast.js";
import { distance, t } from "../core/words.js";
import { loadLayers } from "../map/data.js";
import { freshId, Notebook } from "../report/draft.js";
import { Handing } from "../report/handing.js";
import { findNearby, showNearby } from "../report/nearby.js";
import { PlacePicker } from "../report/place.js";
import { phrasesOf } from "../report/phrases.js";
import { bestFix } from "../report/position.js";
import { showTaken, takePhotos } from "../report/taken.js";

const L = /** @type {any} */ (globalThis).L;
const form = /** @type {HTMLFormElement} */ (find("#report"));
const fixState = /** @type {HTMLElement} */ (find("#fix-state"));
const building = /** @type {HTMLSelectElement|null} */ (find("#building"));
const plate = /** @type {HTMLInputElement|null} */ (find("#plate-now input"));
/** @param {string} name */
const input = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** @param {string} name @returns {number|null} */
const figure = (name) => (input(name).value === "" || Number.isNaN(Number(input(name).value)) ? null : Number(input(name).value));

/** @type {Record<string, string>} */
const KEPT = { kept: t("草稿已存在这台手机"), full: t("手机存不下草稿：请尽快上报，不要关掉这一页"), empty: "" };
const notebook = new Notebook(freshId(input("id").value), (state) => find("#draft-state")?.replaceChildren(KEPT[state]));
const { draft } = notebook;
let stopWatching = () => {};

const picker = new PlacePicker(/** @type {HTMLElement} */ (find("#report-map")), (spot) => {
  stopWatching();
  leavePlate();
  const { lon, lat, datum, accuracy_m, heading_deg = null, source, chosen_place = "" } = spot;
  Object.assign(draft, { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place, fixed_at: draft.fixed_at || new Date().toISOString() });
  if (building) draft.building = building.value = "";
  if (source === "pin") {
    draft.fixed_at = new Date().toISOString();
    fixState.textContent = t("手动标注的位置");
  }
  keep();
});

/** Remember everything typed, and look for the same problem nearby. @param {boolean} [always] also an empty draft */
function keep(always = false) {
  Object.assign(draft, { category: input("category").value, description: input("description").value, detail: input("detail").value });
  lookNearby();
  return notebook.save(always);
}
let shownNearby = "";
const lookNearby = settled(async () => {
  const [spot, category] = [picker.spot, draft.category];
  if (!spot || !category) return;
  const items = await findNearby(spot, category, draft.description);
  const names = items.map((one) => one.case_id).join();
  if (spot !== picker.spot || category !== draft.category || (names === shownNearby && names)) return;
  if (shownNearby) draft.separate = ""; // said of others than these
  shownNearby = names;
  showNearby(/** @type {HTMLElement} */ (find("#nearby")), items, {
    separate: draft.separate === "true",
    same: (one) => {
      draft.same_as = one.case_id;
      void send();
    },
    other: (separate) => {
      draft.separate = separate ? "true" : "";
      void notebook.save();
    },
  });
}, 500);

/** The report is somewhere else than at the plate that was scanned. */
function leavePlate() {
  draft.plate = "";
  find("#plate-now")?.remove();
}

/** The report is at the plate that was scanned: no position of the phone is asked for. */
async function atPlate() {
  if (plate) Object.assign(draft, { plate: plate.value, lon: Number(plate.dataset.lon), lat: Number(plate.dataset.lat), fixed_at: new Date().toISOString() });
  Object.assign(draft, { datum: "wgs84", accuracy_m: null, heading_deg: null, source: "plate", building: "", chosen_place: "" });
  if (draft.lon === null || draft.lat === null) return;
  fixState.textContent = t("按门牌码定位");
  void notebook.save();
  await picker.set({ lon: draft.lon, lat: draft.lat, datum: "wgs84", accuracy_m: null, source: "plate", plate: draft.plate });
  lookNearby();
}

function locate() {
  if (!window.isSecureContext || !navigator.geolocation) {
    fixState.textContent = t("浏览器不允许定位（网址不是 HTTPS）：请在地图上点出位置");
    return;
  }
  fixState.textContent = t("正在定位…");
  stopWatching();
  stopWatching = bestFix({
    better(fix) {
      Object.assign(draft, fix, { source: "gnss", chosen_place: "" });
      fixState.textContent = t("误差约 {distance}，继续改善…", { distance: distance(fix.accuracy_m) });
      void picker.set({ ...fix, datum: draft.datum, source: "gnss" });
      keep();
    },
    ended(best, denied) {
      if (draft.source !== "gnss") return;
      if (best) fixState.textContent = best.accuracy_m > 50 ? t("误差约 {distance}：请拖动图钉改正", { distance: distance(best.accuracy_m) }) : t("已定位，误差约 {distance}", { distance: distance(best.accuracy_m) });
      else fixState.textContent = denied ? t("没有定位权限：请在地图上点出位置") : t("没有取得位置：请在地图上点出位置");
    },
  });
}

function showPhrases() {
  const box = /** @type {HTMLElement} */ (find("#phrases"));
  const ready = phrasesOf(input("category").value);
  box.hidden = !ready.length;
  box.replaceChildren(...ready.map((phrase) => h("button", { class: "chip", type: "button", onclick: () => {
    const area = input("description");
    area.value = [area.value.trim(), phrase].filter(Boolean).join(t("，"));
    keep();
  } }, phrase)));
}

async function plateChosen() {
  if (!building?.value) return;
  const found = (await loadLayers(false)).buildings.find((one) => one.properties.id === building.value);
  if (!found) return;
  stopWatching();
  leavePlate();
  const { lat, lng } = L.CRS.EPSG3857.pointToLatLng(L.point(...found.point), 0);
  Object.assign(draft, { lon: lng, lat, datum: "wgs84", accuracy_m: null, heading_deg: null, source: "plate", chosen_place: "", building: building.value, fixed_at: new Date().toISOString() });
  fixState.textContent = t("按门牌定位");
  await picker.set({ lon: lng, lat, datum: "wgs84", accuracy_m: null, source: "plate" });
  keep();
}

/** @param {string} code the service will not have it as it is */
function refused(code) {
  if (draft.same_as) { // that one was closed meanwhile, or the pin is elsewhere now: the report itself is kept
    draft.same_as = "";
    shownNearby = "";
    keep();
  }
  if (code.startsWith("choice_") && picker.spot) picker.say({ ...picker.spot, chosen_place: "" });
}

async function send() {
  await ready;
  keep();
  if (!draft.category) return complain(t("请选择是什么问题。"), find("input[name=category]"));
  if (draft.lon === null && !draft.plate) return complain(t("还没有位置：请在地图上点出位置，或选择门牌。"), find("#report-map"));
  stopWatching();
  await handing.send();
}

/** @param {string} words @param {HTMLElement|null} where */
function complain(words, where) {
  toast(words, { bad: true });
  where?.scrollIntoView({ block: "center" });
  where?.focus();
}

/** Show the draft in the form. */
async function show() {
  for (const name of ["category", "description", "detail"]) {
    const field = /** @type {any} */ (form.elements.namedItem(name));
    field.value = draft[/** @type {"category"} */ (name)] || field.value; // typed before the draft was there
  }
  showTaken(notebook);
  showPhrases();
  shownNearby = "";
  find("#nearby")?.replaceChildren();
  if (plate?.isConnected || draft.plate) await atPlate();
  else if (draft.lon !== null && draft.lat !== null && (draft.source !== "gnss" || draft.chosen_place || figure("lon") !== null)) {
    const { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place } = draft;
    await picker.set({ lon, lat, datum, accuracy_m, heading_deg, source, chosen_place });
    fixState.textContent = source === "plate" ? t("按门牌定位") : source === "gnss" ? t("已定位，误差约 {distance}", { distance: distance(accuracy_m ?? 0) }) : t("手动标注的位置");
  } else locate();
}

/** Empty the form for another report. */
async function next() {
  stopWatching();
  leavePlate();
  await notebook.begin(freshId(""));
  await cleared();
}

/** @param {string} id of a draft on this device */
async function resume(id) {
  stopWatching();
  leavePlate();
  if (await notebook.resume(id)) await cleared();
  window.scrollTo({ top: 0 });
}

/** Show the draft in a form that holds nothing of another. */
async function cleared() {
  form.reset();
  for (const name of ["lon", "lat", "accuracy_m", "description", "detail"]) input(name).value = "";
  for (const one of findAll("input[name=category]", form)) /** @type {HTMLInputElement} */ (one).checked = false;
  await show();
}

async function begin() {
  await notebook.open();
  if (figure("lon") !== null && figure("lat") !== null) { // the address, or the form that came back, says where
    Object.assign(draft, { lon: figure("lon"), lat: figure("lat"), datum: input("datum").value, accuracy_m: figure("accuracy_m"), source: input("source").value, chosen_place: "", plate: "", building: "" });
  }
}

const ready = begin();
const handing = new Handing(notebook, { next, resume, refused });
takePhotos(notebook, ready, () => ready.then(() => keep(true)));
form.addEventListener("change", (event) => {
  if (/** @type {HTMLInputElement} */ (event.target).name === "category") showPhrases();
  void ready.then(() => keep());
});
form.addEventListener("input", settled(() => void ready.then(() => keep()), 400));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) void ready.then(() => keep());
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  draft.same_as = "";
  void send();
});
building?.addEventListener("change", () => void ready.then(plateChosen));
find("#place-tools")?.removeAttribute("hidden");
find("#locate-again")?.addEventListener("click", () => {
  leavePlate();
  Object.assign(draft, { source: "gnss", chosen_place: "" });
  locate();
});
find("#plate-leave")?.addEventListener("click", async (event) => {
  event.preventDefault(); // until the draft knows: the page without the plate takes it up
  Object.assign(draft, { plate: "", lon: null, lat: null, source: "gnss" });
  await notebook.save(true);
  window.location.assign("/report");
});
form.dataset.ready = "true";
void ready.then(() => {
  handing.start();
  return show();
});
