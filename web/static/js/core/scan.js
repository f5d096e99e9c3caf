/** Reading a QR code by the camera, inside the page: where the browser can do both. */
import { h } from "./dom.js";
import { t } from "./words.js";

const LOOK_MS = 250;

/** @returns {boolean} whether this browser shows a camera inside pages (only over HTTPS) and reads QR codes */
export const canScan = () => Boolean(navigator.mediaDevices?.getUserMedia) && "BarcodeDetector" in globalThis;

/**
 * Show the camera until a QR code is seen, or the reader closes it.
 * @param {string} label what to aim at
 * @param {(text: string) => string} wanted takes of a code's text what is looked for; nothing: look on
 * @returns {Promise<string>} nothing where it was closed; fails where no camera may be used
 */
export async function scan(label, wanted = (text) => text) {
  const live = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
  const video = /** @type {HTMLVideoElement} */ (h("video", { playsinline: true, muted: true, autoplay: true, "aria-label": label }));
  video.muted = true;
  video.srcObject = live;
  const close = h("button", { class: "button", type: "button", onclick: () => dialog.close() }, t("关闭"));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "camera", "aria-label": label }, video, h("div", { class: "camera-bar" }, h("span", { class: "camera-count" }, label), close)));
  const closed = new Promise((/** @type {(nothing: void) => void} */ done) => dialog.addEventListener("close", () => done()));
  document.body.append(dialog);
  dialog.showModal();
  const detector = new (/** @type {any} */ (globalThis)).BarcodeDetector({ formats: ["qr_code"] });
  let found = "";
  const timer = setInterval(async () => {
    const codes = await detector.detect(video).catch(() => []);
    found ||= codes.map((/** @type {any} */ one) => wanted(one.rawValue)).find(Boolean) ?? "";
    if (found) dialog.close();
  }, LOOK_MS);
  await closed;
  clearInterval(timer);
  live.getTracks().forEach((track) => track.stop());
  dialog.remove();
  return found;
}
