/** A quick entry: the nearest of one's own buildings is proposed; without a network what is noted waits on the phone. */
import { find } from "../core/dom.js";
import { freshId } from "../core/ids.js";
import { install } from "../core/installed.js";
import { sayWhenKept } from "../core/kept.js";
import { keepForms } from "../core/kept_form.js";
import { forget } from "../core/kept_store.js";
import { openOutbox } from "../core/outbox.js";
import { keptNote } from "../core/outbox_note.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { readyToShrink, shrunk } from "../report/photo.js";

/** @typedef {import("../core/outbox.js").Kept} Kept */
const form = /** @type {HTMLFormElement|null} */ (find("#entry"));
/** The id of the entry that was just handed in. */
let handed = "";

/** Propose the building next to the phone; the position itself stays here. @param {HTMLSelectElement} choice */
function propose(choice) {
  if (choice.value || !("geolocation" in navigator)) return;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    if (choice.value) return;
    const shrink = Math.cos((coords.latitude * Math.PI) / 180);
    const away = (/** @type {HTMLOptionElement} */ { dataset }) => Math.hypot((Number(dataset.lon) - coords.longitude) * shrink, Number(dataset.lat) - coords.latitude) * 111_320;
    const known = [...choice.options].filter(({ value }) => value);
    const [nearest] = known.sort((a, b) => away(a) - away(b));
    if (nearest && away(nearest) < Math.max(80, coords.accuracy)) choice.value = nearest.value;
  }, () => {}, { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 });
}

/** @param {HTMLFormElement} entry @param {HTMLSelectElement} choice */
function begin(entry, choice) {
  const id = /** @type {HTMLInputElement} */ (entry.elements.namedItem("id"));
  id.value = freshId(); // this page may have been kept, and its id used
  if (choice.options.length === 2) choice.selectedIndex = 1;
  propose(choice);
}

/** @param {HTMLFormElement} entry @param {HTMLSelectElement} choice @returns {(event: SubmitEvent) => void} */
function keepEntries(entry, choice) {
  const outbox = openOutbox("visit", {
    taken: (one) => {
      if (one.about.id === handed) location.assign(`/visits/${handed}?notice=visit_recorded`);
      else toast(t("记下了。"));
    },
    refused: (one, error) => {
      const told = one.fields.filter(([name]) => name !== "visited_at");
      if (error.code === "visit_time" && told.length < one.fields.length) {
        setTimeout(() => void outbox.keep({ ...one, fields: told })); // the phone's clock is wrong
        return true;
      }
      if (one.about.id === handed) direct(entry); // the page itself says what is wrong, next to its field
      return one.about.id === handed;
    },
    show: (left) => show(left),
  });

  /** @param {Kept[]} left */
  const show = (left) => {
    const words = { again: outbox.again, drop: outbox.drop, sure: t("还没有传出去，会从这台手机删除。确定去掉吗？") };
    find("#kept")?.replaceChildren(...left.map((one) => keptNote(one, { ...words, waiting: t("{place}：已存在这台手机里，有网络就自动上传。", { place: one.about.place }) })));
    if (!handed || !left.some(({ about }) => about.id === handed)) return;
    handed = "";
    forget("visit");
    entry.reset();
    begin(entry, choice);
    toast(t("还没传上去，已存在这台手机里，有网络就自动上传。"));
  };

  return (event) => {
    if (entry.dataset.direct || !choice.value) return; // without a place the page asks for it
    event.preventDefault();
    if (handed) return;
    const given = [...new FormData(entry)].filter(([name, value]) => name !== "csrf" && typeof value === "string");
    const fields = /** @type {[string, string][]} */ ([...given, ["visited_at", new Date().toISOString()]]);
    handed = String(new FormData(entry).get("id"));
    const about = { id: handed, place: [choice.selectedOptions[0].text, String(new FormData(entry).get("flat") ?? "")].join(" ").trim() };
    shrunk(entry).then((photos) => outbox.keep({ path: "visits", fields, photos, about })).catch(() => direct(entry)); // this browser keeps nothing
  };
}

/** Send it as it is. @param {HTMLFormElement} entry */
function direct(entry) {
  handed = "";
  entry.dataset.direct = "true";
  entry.requestSubmit();
}

if (form) {
  const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("building"));
  begin(form, choice);
  form.addEventListener("submit", keepEntries(form, choice));
  keepForms();
  readyToShrink();
}
sayWhenKept(() => find(".service"));
void install();
