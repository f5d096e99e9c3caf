/** What waits on this device as a file; loaded when somebody wants it. */
import { h } from "../core/dom.js";
import { categoryName, page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import * as store from "./store.js";
import { zip } from "./zip.js";

/** The last rescue: everything that is not received yet as one file, for the office or another device. */
export async function exportQueue() {
  const reports = (await store.list(page.person_id)).filter((one) => one.state !== "received");
  /** @type {{name: string, blob: Blob}[]} */
  const files = [];
  const told = [];
  for (const { id, state, draft, queued_at, reported, number } of reports) {
    const photos = (await store.photosOf(id)).map((photo, index) => ({ name: `${id}/${index + 1}.jpg`, blob: photo.blob, sent: photo.sent }));
    files.push(...photos);
    told.push({ ...draft, category_name: categoryName(draft.category), state, queued_at, reported, number, photos: photos.map(({ name, sent }) => ({ name, sent })) });
  }
  files.unshift({ name: "reports.json", blob: new Blob([JSON.stringify(told, null, 1)], { type: "application/json" }) });
  const url = URL.createObjectURL(await zip(files));
  h("a", { href: url, download: `weiwang-${new Date().toISOString().slice(0, 10)}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  toast(t("已导出 {n} 件。手机里的还在，照样会上传。", { n: reports.length }));
}
