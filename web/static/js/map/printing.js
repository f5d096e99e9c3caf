/** The map on paper: as large as a landscape sheet, with title, date, legend and scale; then as it was. */
import { find } from "../core/dom.js";
import { t, when } from "../core/words.js";

/**
 * @param {any} map
 * @param {HTMLElement} button
 * @param {() => string} words what is shown, for the sheet's head
 */
export function letPrint(map, button, words) {
  let before = map.getZoom();
  const fit = (/** @type {boolean} */ paper) => {
    const [centre, bounds, zoom] = [map.getCenter(), map.getBounds(), map.getZoom()];
    document.body.classList.toggle("on-paper", paper);
    for (const sheet of document.querySelectorAll("link[href*='dark.css']")) /** @type {HTMLLinkElement} */ (sheet).disabled = paper; // paper is white
    map.invalidateSize({ animate: false, pan: false });
    map.setView(centre, paper ? Math.min(zoom, map.getBoundsZoom(bounds) + 0.5) : before, { animate: false });
    before = zoom;
  };
  const head = () => {
    const [at, what] = [find("#printed-at"), find("#printed-what")];
    if (at) at.textContent = t("打印于 {when}", { when: when(new Date()) });
    if (what) what.textContent = words();
  };
  window.addEventListener("beforeprint", head);
  window.addEventListener("afterprint", () => document.body.classList.contains("on-paper") && fit(false));
  button.addEventListener("click", () => {
    head();
    fit(true);
    // two frames: the marks' canvas is painted in the first
    requestAnimationFrame(() => requestAnimationFrame(() => window.print()));
  });
}
