/** The counter: a code is scanned where the browser can, else typed. */
import { find } from "../core/dom.js";
import { canScan, scan } from "../core/scan.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";

/** @param {string} text of a QR code @returns {string} the code, where it is one of ours */
export function codeOf(text) {
  try {
    const { pathname, searchParams } = new URL(text);
    return pathname.endsWith("/service/counter") ? searchParams.get("code") ?? "" : "";
  } catch {
    return "";
  }
}

const button = /** @type {HTMLButtonElement|null} */ (find("#scan"));
if (button && canScan()) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = await scan(t("对准兑换码的二维码"), codeOf).catch(() => toast(t("相机打不开：请输入兑换码。"), { bad: true }));
    if (code) window.location.assign(`/service/counter?code=${encodeURIComponent(code)}`);
  });
}
