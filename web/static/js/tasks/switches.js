/** The switches of somebody on duty: sound, vibration, and whether the position is told. */
import { isAlerting, setAlerting } from "../core/alerts.js";
import { findAll } from "../core/dom.js";
import { isTelling, setTelling } from "./position.js";

/** @type {Record<string, {is: () => boolean, set: (on: boolean) => void}>} */
const SWITCHES = {
  sound: { is: () => isAlerting("sound"), set: (on) => setAlerting("sound", on) },
  vibration: { is: () => isAlerting("vibration"), set: (on) => setAlerting("vibration", on) },
  position: { is: isTelling, set: setTelling },
};

/** Show each as it is chosen on this device. */
export function showSwitches() {
  for (const button of findAll("[data-switch]")) {
    button.setAttribute("aria-pressed", String(SWITCHES[button.dataset.switch ?? ""]?.is() ?? false));
  }
}

/** Turn over whichever is pressed. */
export function watchSwitches() {
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-switch]");
    if (!(button instanceof HTMLElement)) return;
    const one = SWITCHES[button.dataset.switch ?? ""];
    one?.set(!one.is());
    showSwitches();
  });
  showSwitches();
}
