/** One report to the service in one request, with its progress. */
import { errorOf, ServiceError } from "../core/http.js";
import { page } from "../core/page.js";
import { t } from "../core/words.js";

/**
 * @param {import("./draft.js").Draft} draft
 * @param {import("./store.js").Photo[]} photos
 * @param {(part: number) => void} progress from 0 to 1
 * @returns {Promise<{id: string, number: string, case_id: string}>}
 */
export function sendReport(draft, photos, progress) {
  const body = new FormData();
  const left = draft.plate ? ["building", "lon", "lat", "accuracy_m", "heading_deg", "source", "chosen_place"] : ["building"];
  for (const [name, value] of Object.entries(draft)) {
    if (name === "separate" && draft.same_as) continue;
    if (!left.includes(name) && value !== null && value !== "") body.append(name, String(value));
  }
  for (const { name, blob } of photos) body.append("photo", blob, name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${page.api}/reports`);
    request.setRequestHeader("X-CSRF-Token", page.csrf);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Accept-Language", page.language);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onerror = request.ontimeout = () => reject(new ServiceError(t("没有传上去：连不上服务。内容还在，请再按一次。"), 0, "offline"));
    request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.responseText)) : reject(errorOf(request.status, request.responseText)));
    request.send(body);
  });
}
