/**
 * The camera inside the page: the phone's own camera app would push this page out of memory. One press takes a photo, and
 * another one; codes of plates are read where the browser can.
 */
import { find, h } from "../core/dom.js";
import { scan } from "../core/scan.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { LONGEST_PX, QUALITY } from "./photo.js";

/** @returns {boolean} whether this browser shows a camera inside pages: only over HTTPS */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia) && matchMedia("(pointer: coarse)").matches;

/** Show the button that scans a plate, where the browser reads QR codes. @param {() => Promise<void>} keep writes down the draft */
export function offerScan(keep) {
  const button = find("#scan-plate");
  if (!button || !("BarcodeDetector" in globalThis) || !hasCamera()) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await keep(); // the page of the plate takes it up
    const code = await scanPlate().catch(() => toast(t("相机打不开：请用手机自带的相机扫门牌码。"), { bad: true }));
    if (code) window.location.assign(`/report?plate=${encodeURIComponent(code)}`);
  });
}

/** @returns {Promise<MediaStream>} of the camera that looks away from who holds the phone */
const stream = () => navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: LONGEST_PX }, height: { ideal: 1440 } } });

/**
 * @param {MediaStream} live
 * @param {string} label
 * @param {(Node|false)[]} below under the picture
 * @returns {{dialog: HTMLDialogElement, video: HTMLVideoElement, closed: Promise<void>}}
 */
function viewer(live, label, below) {
  const video = /** @type {HTMLVideoElement} */ (h("video", { playsinline: true, muted: true, autoplay: true, "aria-label": label }));
  video.muted = true;
  video.srcObject = live;
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "camera", "aria-label": label }, video, h("div", { class: "camera-bar" }, ...below)));
  const closed = new Promise((/** @type {(nothing: void) => void} */ done) => dialog.addEventListener("close", () => {
    live.getTracks().forEach((track) => track.stop());
    dialog.remove();
    done();
  }));
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, video, closed };
}

/**
 * Take photos until it is enough.
 * @param {(photo: File) => Promise<number>} taken keeps it, and says how many more may be taken
 * @returns {Promise<void>} when the camera is closed; fails where none may be used
 */
export async function takeInPage(taken) {
  const live = await stream();
  const count = h("span", { class: "camera-count", role: "status" });
  const shutter = /** @type {HTMLButtonElement} */ (h("button", { class: "shutter", type: "button", id: "shutter", "aria-label": t("拍一张") }));
  const close = h("button", { class: "button", type: "button", id: "camera-done", onclick: () => dialog.close() }, t("拍好了"));
  const { dialog, video, closed } = viewer(live, t("相机"), [count, shutter, close]);
  let photos = 0;
  shutter.addEventListener("click", async () => {
    if (!video.videoWidth) return;
    shutter.disabled = true;
    dialog.classList.add("flash");
    const left = await taken(await still(video));
    photos++;
    dialog.classList.remove("flash");
    count.textContent = t("{n} 张照片", { n: photos });
    shutter.disabled = false;
    if (left < 1) dialog.close();
  });
  return closed;
}

/** @param {HTMLVideoElement} video @returns {Promise<File>} what it shows now */
async function still(video) {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, LONGEST_PX / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((/** @type {BlobCallback} */ done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return new File(blob ? [blob] : [], "photo.jpg", { type: "image/jpeg" });
}

/** Read the code of a plate. @returns {Promise<string>} nothing where the reader closed it */
export const scanPlate = () => scan(t("对准门牌上的二维码"), plateOf);

/** @param {string} text of a QR code @returns {string} the plate's code, where it is one of ours */
export function plateOf(text) {
  try {
    const { pathname, searchParams } = new URL(text);
    return pathname === "/report" ? searchParams.get("plate") ?? "" : "";
  } catch {
    return "";
  }
}
