/** Report: photo, category, place, words, send. The form works without this script too. */
import { find, findAll, h } from "../core/dom.js";
import { page } from "../core/page.js";
import { settled } from "../core/live.js";
import { toast } from "../core/toast.js";
import { distance, t } from "../core/words.js";
import { loadLayers } from "../map/data.js";
import { clearDraft, loadDraft, loadPhotos, saveDraft, savePhotos } from "../report/draft.js";
import { shrinkPhoto } from "../report/photo.js";
import { findNearby, showNearby } from "../report/nearby.js";
import { PlacePicker } from "../report/place.js";
import { phrasesOf } from "../report/phrases.js";
import { bestFix } from "../report/position.js";
import { sendReport } from "../report/send.js";

const L = /** @type {any} */ (globalThis).L;
const form = /** @type {HTMLFormElement} */ (find("#report"));
const fixState = /** @type {HTMLElement} */ (find("#fix-state"));
const building = /** @type {HTMLSelectElement|null} */ (find("#building"));
const plate = /** @type {HTMLInputElement|null} */ (find("#plate-now input"));
/** @param {string} name */
const input = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** @param {string} name @returns {number|null} */
const figure = (name) => (input(name).value === "" || Number.isNaN(Number(input(name).value)) ? null : Number(input(name).value));

/** @type {import("../report/draft.js").Draft} */
const draft = {
  id: input("id").value, category: "", description: "", detail: "", building: "", plate: "", same_as: "", separate: "", chosen_place: "", lon: null, lat: null, datum: "wgs84", accuracy_m: null, heading_deg: null, source: "gnss", fixed_at: "",
  ...loadDraft(),
};
if (figure("lon") !== null && figure("lat") !== null) { // the address, or the form that came back, says where
  Object.assign(draft, { lon: figure("lon"), lat: figure("lat"), datum: input("datum").value, accuracy_m: figure("accuracy_m"), source: input("source").value, chosen_place: "", plate: "", building: "" });
}
/** @type {import("../report/draft.js").Photo[]} */
let photos = [];
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

/** Remember everything typed, and look for the same problem nearby. */
function keep() {
  Object.assign(draft, { category: input("category").value, description: input("description").value, detail: input("detail").value });
  saveDraft(draft);
  lookNearby();
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
      saveDraft(draft);
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
  saveDraft(draft);
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

/** @param {FileList|null} files */
async function addPhotos(files) {
  for (const file of files ?? []) {
    if (photos.length >= page.max_photos) {
      toast(t("最多 {n} 张照片。", { n: page.max_photos }), { bad: true });
      break;
    }
    photos.push({ name: file.name || "photo.jpg", blob: await shrinkPhoto(file) });
  }
  await savePhotos(draft.id, photos);
  showPhotos();
}

function showPhotos() {
  find("#taken")?.replaceChildren(...photos.map(({ blob }, index) => {
    const url = URL.createObjectURL(blob);
    return h("li", {}, h("figure", {},
      h("img", { src: url, alt: t("第 {n} 张照片", { n: index + 1 }), onload: () => URL.revokeObjectURL(url) }),
      h("button", { class: "button quiet block", type: "button", onclick: () => void removePhoto(index) }, t("去掉"))));
  }));
}

/** @param {number} index */
async function removePhoto(index) {
  photos.splice(index, 1);
  await savePhotos(draft.id, photos);
  showPhotos();
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

async function send() {
  keep();
  if (!draft.category) return complain(t("请选择是什么问题。"), find("input[name=category]"));
  if (draft.lon === null) return complain(t("还没有位置：请在地图上点出位置，或选择门牌。"), find("#report-map"));
  const button = /** @type {HTMLButtonElement} */ (find("#send"));
  const sending = /** @type {HTMLElement} */ (find("#sending"));
  const words = /** @type {HTMLElement} */ (find("#sending-text"));
  const bar = /** @type {HTMLProgressElement} */ (find("#sending-bar"));
  stopWatching();
  button.disabled = true;
  sending.hidden = false;
  words.textContent = t("上传中…");
  try {
    const sent = await sendReport(draft, photos, (part) => {
      bar.value = part;
      words.textContent = part < 1 ? t("上传中 {percent}%", { percent: Math.round(100 * part) }) : t("已传完，等待确认…");
    });
    await clearDraft();
    window.location.assign(`/report/${sent.id}`);
  } catch (error) {
    sending.hidden = true;
    button.disabled = false;
    const { message, code } = /** @type {import("../core/http.js").ServiceError} */ (error);
    if (code === "report_id_reused") { // it was received before the connection broke, and changed since: show what arrived
      await clearDraft();
      window.location.assign(`/report/${draft.id}`);
    }
    if (draft.same_as) { // that one was closed meanwhile, or the pin is elsewhere now: the report itself is kept
      draft.same_as = "";
      shownNearby = "";
      keep();
    }
    if (code.startsWith("choice_") && picker.spot) picker.say({ ...picker.spot, chosen_place: "" });
    toast(message, { bad: true });
  }
}

/** @param {string} words @param {HTMLElement|null} where */
function complain(words, where) {
  toast(words, { bad: true });
  where?.scrollIntoView({ block: "center" });
  where?.focus();
}

async function restore() {
  for (const name of ["category", "description", "detail"]) {
    const kept = draft[/** @type {"category"} */ (name)];
    if (kept) /** @type {any} */ (form.elements.namedItem(name)).value = kept;
  }
  photos = await loadPhotos(draft.id);
  showPhotos();
  showPhrases();
  if (plate || draft.plate) await atPlate();
  else if (draft.lon !== null && draft.lat !== null && (draft.source !== "gnss" || draft.chosen_place || figure("lon") !== null)) {
    const { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place } = draft;
    await picker.set({ lon, lat, datum, accuracy_m, heading_deg, source, chosen_place });
    fixState.textContent = source === "plate" ? t("按门牌定位") : source === "gnss" ? t("已定位，误差约 {distance}", { distance: distance(accuracy_m ?? 0) }) : t("手动标注的位置");
  } else locate();
}

for (const one of findAll("#camera, #gallery")) {
  const files = /** @type {HTMLInputElement} */ (one);
  files.addEventListener("click", keep); // the phone may end this page while its camera is open
  files.addEventListener("change", () => void addPhotos(files.files).then(() => { files.value = ""; }));
}
form.addEventListener("change", (event) => {
  if (/** @type {HTMLInputElement} */ (event.target).name === "category") showPhrases();
  keep();
});
form.addEventListener("input", settled(keep, 400));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  draft.same_as = "";
  void send();
});
building?.addEventListener("change", () => void plateChosen());
find("#place-tools")?.removeAttribute("hidden");
find("#locate-again")?.addEventListener("click", () => {
  leavePlate();
  Object.assign(draft, { source: "gnss", chosen_place: "" });
  locate();
});
find("#plate-leave")?.addEventListener("click", () => { // its address is the page without the plate
  Object.assign(draft, { plate: "", lon: null, lat: null, source: "gnss" });
  saveDraft(draft);
});
form.dataset.ready = "true";
void restore();
