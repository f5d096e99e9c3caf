/**
 * Report: photo, category, place, words, send. The form works without this script too. What somebody needs for the first
 * tap is here; place, queue and sending come right behind it, the map and the camera when they are wanted.
 */
import { find, findAll } from "../core/dom.js";
import { freshId } from "../core/ids.js";
import { settled } from "../core/quiet.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { Notebook } from "../report/draft.js";
import { readyToShrink } from "../report/photo.js";
import { showTaken, takePhotos } from "../report/taken.js";

const AGAIN_MS = 3000;
const form = /** @type {HTMLFormElement} */ (find("#report"));
/** @param {string} name */
const input = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** @param {string} name @returns {number|null} */
const figure = (name) => (input(name).value === "" || Number.isNaN(Number(input(name).value)) ? null : Number(input(name).value));

/** @type {Record<string, string>} */
const KEPT = { kept: t("草稿已存在这台手机"), full: t("手机存不下草稿：请尽快上报，不要关掉这一页"), empty: "" };
const notebook = new Notebook(freshId(), (state) => find("#draft-state")?.replaceChildren(KEPT[state]));
const { draft } = notebook;
const ready = begin();
const later = ready.then(comeLater);

async function begin() {
  await notebook.open();
  if (figure("lon") !== null && figure("lat") !== null) { // the address, or the form that came back, says where
    Object.assign(draft, { lon: figure("lon"), lat: figure("lat"), datum: input("datum").value, accuracy_m: figure("accuracy_m"), source: input("source").value, chosen_place: "", plate: "", building: "" });
  }
}

/** What the first tap doesn't need. */
async function comeLater() {
  const [{ Placing }, { Handing }, choices] = await untilThere(() => Promise.all([import("../report/placing.js"), import("../report/handing.js"), import("../report/choices.js")]));
  const placing = new Placing(notebook, { keep: () => void keep(), send });
  const handing = new Handing(notebook, { next, resume, refused: (code) => placing.refused(code) });
  choices.doorChips(input("detail"), () => void keep());
  handing.start();
  return { placing, handing, choices };
}

/**
 * The network may go between the first tap and the rest of the page, where the phone doesn't keep it yet.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
async function untilThere(load) {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }
}

/** Remember everything typed, and look for the same problem nearby. @param {boolean} [always] also an empty draft */
function keep(always = false) {
  Object.assign(draft, { category: input("category").value, description: input("description").value, detail: input("detail").value });
  void later.then(({ placing }) => placing.look());
  return notebook.save(always);
}

async function showPhrases() {
  const { choices } = await later;
  choices.phraseChips(input("category").value, input("description"), () => void keep());
}

async function send() {
  const { placing, handing } = await later;
  keep();
  if (!draft.category) return complain(t("请选择是什么问题。"), find("input[name=category]"));
  if (draft.lon === null && !draft.plate) {
    void placing.picker.open();
    return complain(t("还没有位置：请在地图上点出位置，或选择门牌。"), find("#open-map"));
  }
  placing.stop();
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
  const { placing } = await later;
  find("#doors")?.dispatchEvent(new Event("refresh"));
  void showPhrases();
  await placing.show(figure("lon") !== null);
}

/** Empty the form for another report. */
async function next() {
  await left();
  await notebook.begin(freshId());
  await cleared();
}

/** @param {string} id of a draft on this device */
async function resume(id) {
  await left();
  if (await notebook.resume(id)) await cleared();
  window.scrollTo({ top: 0 });
}

/** What is shown of another report no longer holds. */
async function left() {
  const { placing } = await later;
  placing.stop();
  placing.leavePlate();
}

/** Show the draft in a form that holds nothing of another. */
async function cleared() {
  form.reset();
  for (const name of ["lon", "lat", "accuracy_m", "description", "detail"]) input(name).value = "";
  for (const one of findAll("input[name=category]", form)) /** @type {HTMLInputElement} */ (one).checked = false;
  await show();
}

takePhotos(notebook, ready, () => ready.then(() => keep(true)));
form.addEventListener("change", (event) => {
  if (/** @type {HTMLInputElement} */ (event.target).name === "category") void showPhrases();
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
for (const part of findAll("[data-scripted]", form)) part.hidden = false;
form.dataset.ready = "true";
performance.mark("weiwang-ready");
void ready.then(show).then(async () => {
  const [{ offerScan }, { install }] = await Promise.all([import("../report/camera.js"), import("../core/installed.js")]);
  offerScan(() => keep(true));
  readyToShrink();
  await install(() => keep());
  form.dataset.complete = "true";
});
