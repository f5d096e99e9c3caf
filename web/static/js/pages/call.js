/** Taking a call by keyboard alone: address, category by typing, words; what is open nearby is shown meanwhile. */
import { find, findAll } from "../core/dom.js";
import * as store from "../core/kept_store.js";
import { settled } from "../core/live.js";
import { page } from "../core/page.js";
import { foundName, searchBox } from "../core/search.js";
import { t } from "../core/words.js";
import { findNearby, showNearby } from "../report/nearby.js";

const form = /** @type {HTMLFormElement} */ (find("#call"));
const address = /** @type {HTMLInputElement} */ (find("#field-address"));
const placeNow = /** @type {HTMLElement} */ (find("#place-now"));
const nearby = /** @type {HTMLElement} */ (find("#nearby"));
const KEPT = "call";
const DRAFTED = ["address", "detail", "words", "callback", "order_number", "due_at", "category", "lon", "lat", "building_id"];

/** @param {string} name @returns {HTMLInputElement} */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** @param {string} name */
const value = (name) => String(new FormData(form).get(name) ?? "");

/** @param {{lon?: number|string, lat?: number|string, building?: string, name?: string}} spot */
function setPlace({ lon = "", lat = "", building = "", name = "" }) {
  field("lon").value = String(lon);
  field("lat").value = String(lat);
  field("building_id").value = building;
  placeNow.textContent = name ? t("位置：{place}", { place: name }) : "";
  look();
}

searchBox(address, {
  kinds: ["building", "stairwell", "courtyard", "street", "station"],
  chosen: (found) => {
    setPlace({ lon: found.lon, lat: found.lat, building: found.kind === "building" ? found.id : "", name: foundName(found) });
    field("detail").focus();
  },
  typed: () => setPlace({}),
});

for (const button of findAll("[data-choice]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const [lon, lat, building] = (/** @type {HTMLButtonElement} */ (button)).value.split(",");
    address.value = button.textContent?.trim() ?? "";
    setPlace({ lon, lat, building, name: address.value });
    button.closest("fieldset")?.remove();
    find("#kind-filter")?.focus();
  });
}

const filter = /** @type {HTMLInputElement} */ (find("#kind-filter"));
filter.hidden = false;
/** @returns {HTMLElement[]} */
const shownKinds = () => findAll("#kinds [data-keys]").filter((one) => !one.hidden);
filter.addEventListener("input", () => {
  const typed = filter.value.trim().toLowerCase();
  for (const one of findAll("#kinds [data-keys]")) one.hidden = Boolean(typed) && !(one.dataset.keys ?? "").includes(typed);
});
filter.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey) return;
  event.preventDefault();
  const first = shownKinds()[0]?.querySelector("input");
  if (!first) return;
  first.checked = true;
  filter.value = first.parentElement?.textContent?.trim() ?? "";
  form.dispatchEvent(new Event("input"));
  find("#field-words")?.focus();
});

for (const button of findAll("[data-phrase]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = field("words");
    words.value = [words.value.trim(), button.dataset.phrase].filter(Boolean).join(page.language === "en" ? ". " : "，");
    form.dispatchEvent(new Event("input"));
    words.focus();
  });
}

let asked = 0;
const look = settled(async () => {
  const [lon, lat, category] = [value("lon"), value("lat"), value("category")];
  const turn = ++asked;
  if (!lon || !category) return nearby.replaceChildren();
  const items = await findNearby(/** @type {any} */ ({ lon, lat, datum: "wgs84", accuracy_m: null, source: "plate" }), category, value("words"));
  if (turn !== asked) return;
  showNearby(nearby, items, {
    separate: value("separate") === "true",
    same: (near) => {
      field("same_as").value = near.case_id;
      field("separate").value = "";
      form.requestSubmit();
    },
    other: (separate) => {
      field("separate").value = separate ? "true" : "";
    },
  });
}, 400);

function keepNow() {
  const draft = Object.fromEntries(DRAFTED.map((name) => [name, [value(name)]]));
  const worth = ["address", "words", "detail", "callback", "order_number"].some((name) => draft[name][0]);
  if (worth) store.write(localStorage, KEPT, { person: page.person_id, at: Date.now(), values: { ...draft, place: [placeNow.textContent ?? ""] } });
  else store.forget(KEPT);
  const state = find("#draft-state");
  if (state) state.textContent = worth ? t("草稿已存在这台电脑。") : "";
}
const keep = settled(keepNow, 300);
window.addEventListener("pagehide", keepNow);
form.addEventListener("input", () => {
  keep();
  look();
});
form.addEventListener("change", () => {
  keep();
  look();
});
form.addEventListener("submit", () => find("button.primary", form)?.setAttribute("disabled", ""));
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type !== "radio") event.preventDefault();
});

store.forgetOthers(page.person_id);
if (find("#sent")) store.forget(KEPT);
const kept = store.read(localStorage, KEPT, page.person_id);
if (kept && !address.value) {
  const draft = Object.fromEntries(Object.entries(kept.values).map(([name, [only]]) => [name, only]));
  for (const name of DRAFTED) {
    if (name === "category") for (const one of findAll("[name=category]", form)) /** @type {HTMLInputElement} */ (one).checked = /** @type {HTMLInputElement} */ (one).value === draft[name];
    else field(name).value = draft[name] ?? "";
  }
  placeNow.textContent = draft.place ?? "";
  look();
}
window.addEventListener("pageshow", (event) => event.persisted && find("button.primary", form)?.removeAttribute("disabled"));
form.dataset.usable = "true";
