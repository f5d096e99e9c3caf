/** Sound and vibration for what can't wait: each can be switched off, and the choice is remembered on this device. */

const TONE_HZ = 880;
const TONE_S = 0.18;
const ONCE_MS = 3000; // a notice and the card that comes with it are one alert
const OFF = "off";

/** @typedef {"sound"|"vibration"} Alert */

let alerted_at = -ONCE_MS;

/** @param {Alert} kind */
const keyOf = (kind) => `weiwang-${kind}`;

/** @param {Alert} kind @returns {boolean} */
export const isAlerting = (kind) => localStorage.getItem(keyOf(kind)) !== OFF;

/** @param {Alert} kind @param {boolean} on switched on, it shows at once how it is: that tap also lets the page be heard later */
export function setAlerting(kind, on) {
  if (on) localStorage.removeItem(keyOf(kind));
  else localStorage.setItem(keyOf(kind), OFF);
  if (on && kind === "sound") tone();
  if (on && kind === "vibration") tremble();
}

/** Alert the reader in the ways that they have left on, once for what comes together. */
export function alertReader() {
  if (performance.now() - alerted_at < ONCE_MS) return;
  alerted_at = performance.now();
  if (isAlerting("vibration")) tremble();
  if (isAlerting("sound")) tone();
}

function tremble() {
  navigator.vibrate?.([200, 100, 200]);
}

/** Browsers let a page be heard only after it was touched; until then this stays silent. */
function tone() {
  if (!navigator.userActivation?.hasBeenActive) return;
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.15;
  oscillator.frequency.value = TONE_HZ;
  oscillator.connect(volume).connect(context.destination);
  oscillator.start();
  oscillator.stop(context.currentTime + TONE_S);
  oscillator.addEventListener("ended", () => void context.close());
}
