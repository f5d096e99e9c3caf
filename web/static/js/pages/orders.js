/** Ordering a service: its place is chosen by address, or tapped on the map; a typed day or time is the chosen one. */
import { find } from "../core/dom.js";
import { keepForms } from "../core/kept_form.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { pinIcon } from "../report/pin.js";

const L = /** @type {any} */ (globalThis).L;
const form = /** @type {HTMLFormElement|null} */ (find("#order"));
const panel = /** @type {HTMLDetailsElement|null} */ (find("#by-map"));

/** @param {HTMLFormElement} shown @param {HTMLDetailsElement} around */
function begin(shown, around) {
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (shown.elements.namedItem(name));
  for (const [typed, choice] of [["other_day", "day"], ["from", "hours"], ["to", "hours"]]) {
    field(typed).addEventListener("input", () => {
      const other = /** @type {HTMLInputElement|null} */ (find(`input[name=${choice}][value=other]`, shown));
      if (other) other.checked = true;
    });
  }
  around.hidden = false;
  /** @type {any} */
  let pin = null;
  field("building").addEventListener("change", () => {
    field("lon").value = field("lat").value = "";
    pin?.remove();
    pin = null;
  });
  const open = async () => {
    around.removeEventListener("toggle", open);
    const map = await createMap(/** @type {HTMLElement} */ (find(".map", around)), { codes: false });
    const put = (/** @type {{lat: number, lng: number}} */ { lat, lng }) => {
      field("lon").value = lng.toFixed(7);
      field("lat").value = lat.toFixed(7);
      field("building").value = "";
      pin ??= L.marker([lat, lng], { icon: pinIcon(), alt: t("服务地点") });
      pin.setLatLng([lat, lng]).addTo(map);
    };
    map.on("click", (/** @type {any} */ { latlng }) => put(latlng));
    if (field("lon").value) put({ lat: Number(field("lat").value), lng: Number(field("lon").value) });
  };
  around.addEventListener("toggle", open);
}

if (form && panel) begin(form, panel);
keepForms();
