/** The heatmap's page: filters and the month apply at once, and the address always leads back to what is seen. */
import { find } from "../core/dom.js";

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
