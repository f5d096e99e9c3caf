/** A quick entry: the nearest of one's own buildings is proposed, and what is written waits on the phone without a network. */
import { find } from "../core/dom.js";
import { keepForms } from "../core/kept_form.js";

const form = /** @type {HTMLFormElement|null} */ (find("#entry"));

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

if (form) {
  const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("building"));
  if (choice.options.length === 2) choice.selectedIndex = 1;
  propose(choice);
  keepForms();
}
