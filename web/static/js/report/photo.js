/** Photos made smaller before they travel: longer side 1920 px, upright, as JPEG. */

export const LONGEST_PX = 1920;
const QUALITY = 0.72;
const SMALL_ENOUGH_BYTES = 1_000_000; // sent as it is, with the position a camera may have written into it

/**
 * @param {File} file
 * @returns {Promise<Blob>} the smaller photo; the file itself where the browser can't read it or it would not shrink
 */
export async function shrinkPhoto(file) {
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // HEIC on most browsers: the server reads it
  }
  if (file.size <= SMALL_ENOUGH_BYTES && Math.max(image.width, image.height) <= LONGEST_PX) {
    image.close();
    return file;
  }
  const scale = Math.min(1, LONGEST_PX / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return smaller && smaller.size < file.size ? smaller : file;
}
