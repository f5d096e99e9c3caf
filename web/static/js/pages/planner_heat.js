/** The heatmap's page: filters and the month apply at once, the address always leads back to what is seen; a picture to keep. */
import { find } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { page } from "../core/page.js";

const SETTLE_MS = 250;
const form = /** @type {HTMLFormElement|null} */ (find("#filters"));
const month = /** @type {HTMLInputElement|null} */ (find("#month"));
const frame = /** @type {HTMLIFrameElement|null} */ (find("#heat"));
/** @type {string[]} */
const months = JSON.parse(document.getElementById("months")?.textContent ?? "[]");

/** @returns {URLSearchParams} what is looked at now */
function asked() {
  const found = new URLSearchParams();
  if (form) for (const [name, value] of new FormData(form)) if (value) found.set(name, String(value));
  if (month && month.value !== "0") found.set("month", month.value);
  return found;
}

form?.addEventListener("change", () => {
  location.search = asked().toString();
});

let waiting = 0;
month?.addEventListener("input", () => {
  const name = find("#month-name");
  if (name) name.textContent = months[Number(month.value)];
  month.setAttribute("aria-valuetext", months[Number(month.value)]);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const query = asked().toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    frame?.contentWindow?.location.replace(`/planner/heatmap${query ? `?${query}` : ""}`);
  }, SETTLE_MS);
});

find("#picture")?.addEventListener("click", async () => {
  const inside = /** @type {any} */ (frame?.contentWindow);
  try {
    const blob = await inside.weiwangPicture();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `weiwang-heatmap-${page.community?.id ?? ""}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch {
    toast(t("图片没有做成，请稍后再试。"), { bad: true });
  }
});
