/** Calling a muster: its place is tapped on the map, or chosen by its address. */
import { find } from "../core/dom.js";
import { keepForms } from "../core/kept_form.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { pinIcon } from "../report/pin.js";

const L = /** @type {any} */ (globalThis).L;
const panel = find("#muster-map");

keepForms();
if (panel) {
  panel.hidden = false;
  const form = /** @type {HTMLFormElement} */ (find("#call"));
  const map = await createMap(/** @type {HTMLElement} */ (find(".map", panel)), { codes: false });
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  /** @type {any} */
  let pin = null;
  const put = (/** @type {{lat: number, lng: number}} */ { lat, lng }) => {
    field("lon").value = lng.toFixed(7);
    field("lat").value = lat.toFixed(7);
    field("building").value = "";
    pin ??= L.marker([lat, lng], { icon: pinIcon(), alt: t("集结地点") }).addTo(map);
    pin.setLatLng([lat, lng]);
  };
  map.on("click", (/** @type {any} */ { latlng }) => put(latlng));
  if (field("lon").value) put({ lat: Number(field("lat").value), lng: Number(field("lon").value) });
  field("building").addEventListener("change", () => {
    field("lon").value = field("lat").value = "";
    pin?.remove();
    pin = null;
  });
}
