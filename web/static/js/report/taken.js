/** The photos of the report being written: each is made smaller and on the device before it is shown. */
import { find, findAll, h } from "../core/dom.js";
import { page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { shrinkPhoto } from "./photo.js";

/**
 * @param {import("./draft.js").Notebook} notebook
 * @param {Promise<void>} ready once the draft is open
 * @param {() => Promise<void>} keep writes down what the form holds
 */
export function takePhotos(notebook, ready, keep) {
  for (const one of findAll("#camera, #gallery")) {
    const files = /** @type {HTMLInputElement} */ (one);
    let written = false;
    files.addEventListener("click", (event) => { // the phone may end this page while its camera is open
      if (written || !notebook.keeping) return;
      event.preventDefault();
      void keep().then(() => (files.id === "camera" ? inPage(notebook) : false)).catch(() => false).then((taken) => {
        if (taken) return;
        written = true;
        files.click();
        written = false;
      });
    });
    files.addEventListener("change", () => void ready.then(() => add(notebook, [...(files.files ?? [])])).finally(() => { files.value = ""; }));
  }
}

/** @param {import("./draft.js").Notebook} notebook @returns {Promise<boolean>} false where the phone's own camera must do it */
async function inPage(notebook) {
  const { hasCamera, takeInPage } = await import("./camera.js");
  if (!hasCamera() || notebook.photos.length >= page.max_photos) return false;
  await takeInPage(async (photo) => {
    await add(notebook, [photo]);
    return page.max_photos - notebook.photos.length;
  });
  return true;
}

/** @param {import("./draft.js").Notebook} notebook @param {File[]} files */
async function add(notebook, files) {
  for (const file of files) {
    if (notebook.photos.length >= page.max_photos) {
      toast(t("最多 {n} 张照片。", { n: page.max_photos }), { bad: true });
      break;
    }
    await notebook.addPhoto(file.name || "photo.jpg", await shrinkPhoto(file));
    showTaken(notebook);
  }
}

/** @param {import("./draft.js").Notebook} notebook */
export function showTaken(notebook) {
  find("#taken")?.replaceChildren(...notebook.photos.map(({ blob }, index) => {
    const url = URL.createObjectURL(blob);
    return h("li", {}, h("figure", {},
      h("img", { src: url, alt: t("第 {n} 张照片", { n: index + 1 }), onload: () => URL.revokeObjectURL(url) }),
      h("button", { class: "button quiet block", type: "button", onclick: () => void notebook.removePhoto(index).then(() => showTaken(notebook)) }, t("去掉"))));
  }));
}
