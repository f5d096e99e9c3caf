/** Photos made smaller before they travel: longer side 1920 px, upright, as JPEG; in a worker where there are some. */

export const LONGEST_PX = 1920;
export const QUALITY = 0.72;
const SMALL_ENOUGH_BYTES = 1_000_000; // sent as it is, with the position a camera may have written into it
const PATIENCE_MS = 20_000;

/** @type {Worker|null|undefined} undefined: not yet begun; null: this browser has none, or there was no network for it */
let worker;
let asked = 0;

/** Begin the worker before it is needed: without a network it would be too late. */
export function readyToShrink() {
  if (worker !== undefined) return;
  worker = "OffscreenCanvas" in globalThis && "Worker" in globalThis ? new Worker(new URL("./shrink_worker.js", import.meta.url)) : null;
  worker?.addEventListener("error", () => { worker = null; });
}

/**
 * @param {File} file
 * @returns {Promise<Blob>} the smaller photo; the file itself where the browser can't read it or it would not shrink
 */
export async function shrinkPhoto(file) {
  if (file.size <= SMALL_ENOUGH_BYTES && (await fits(file))) return file;
  readyToShrink();
  const smaller = await (worker ? beside(worker, file).catch(() => here(file)) : here(file));
  return smaller && smaller.size < file.size ? smaller : file;
}

/** @param {HTMLFormElement} form @returns {Promise<{name: string, blob: Blob}[]>} the photos that were chosen in a form, made smaller */
export async function shrunk(form) {
  const photos = [];
  for (const input of form.querySelectorAll("input[type=file]")) {
    for (const file of /** @type {HTMLInputElement} */ (input).files ?? []) photos.push({ name: file.name, blob: await shrinkPhoto(file) });
  }
  return photos;
}

/** @param {File} file */
async function fits(file) {
  try {
    const image = await createImageBitmap(file);
    const longest = Math.max(image.width, image.height);
    image.close();
    return longest <= LONGEST_PX;
  } catch {
    return true;
  }
}

/** @param {Worker} mine @param {File} file @returns {Promise<Blob|null>} */
function beside(mine, file) {
  const id = ++asked;
  return new Promise((done, failed) => {
    const heard = (/** @type {MessageEvent} */ { data }) => {
      if (data.id !== id) return;
      mine.removeEventListener("message", heard);
      done(data.blob);
    };
    mine.addEventListener("message", heard);
    mine.addEventListener("error", failed, { once: true });
    setTimeout(failed, PATIENCE_MS);
    mine.postMessage({ id, file, longest: LONGEST_PX, quality: QUALITY });
  });
}

/** @param {File} file @returns {Promise<Blob|null>} */
async function here(file) {
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const scale = Math.min(1, LONGEST_PX / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
