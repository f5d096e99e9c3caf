/** Makes a photo smaller beside the page: decoding and encoding would keep a slow phone from taking the next tap. */

self.onmessage = async ({ data: { id, file, longest, quality } }) => {
  let blob = null;
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  } catch {
    // HEIC on most browsers: sent as it is, the service reads it
  }
  self.postMessage({ id, blob });
};
