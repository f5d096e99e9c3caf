/** Planning a round: it begins where the phone is, if it tells. */
import { find } from "../core/dom.js";

const form = /** @type {HTMLFormElement|null} */ (find("#plan"));
if (form && "geolocation" in navigator) {
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    for (const [name, value] of [["lon", coords.longitude], ["lat", coords.latitude]]) {
      /** @type {HTMLInputElement} */ (form.elements.namedItem(String(name))).value = Number(value).toFixed(6);
    }
  }, () => {}, { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 });
}
