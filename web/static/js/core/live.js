/**
 * What happens to cases, as it happens: server-sent events, and polling where they don't get through.
 * @typedef {{id: string, case_id: string, number: string, verb: string, from: string|null, to: string|null, at: string,
 *   lon: number, lat: number, category: string, status: string, grid_code: string|null, micro_grid_code: string|null}} CaseEvent
 */
import { recount, ring } from "./bell.js";
import { find } from "./dom.js";
import { page } from "./page.js";
import { t } from "./words.js";

export { settled } from "./quiet.js";

const POLL_MS = 15000;
const DISCONNECTED_MS = 6000;

/**
 * Follow the events of this reader's cases.
 * @param {(event: CaseEvent|null) => void} changed called with an event, or with null when something may have changed
 * @param {(notice: import("./bell.js").Notice) => void} [told] called with a notice for this reader, after the bell
 * @param {(muster: {muster_id: string, verb: string}) => void} [mustered] called when something happened at a muster
 */
export function follow(changed, told, mustered) {
  let polling = 0;
  let waiting = 0;
  const source = new EventSource(page.events);
  const connected = () => {
    clearTimeout(waiting);
    clearInterval(polling);
    waiting = polling = 0;
    show("on", t("实时更新"));
  };
  source.addEventListener("open", () => {
    connected();
    void recount();
  });
  // what happened between the page's making and the stream's opening, or while too much was missed
  for (const name of ["hello", "reset"]) source.addEventListener(name, () => changed(null));
  source.addEventListener("notice", (message) => {
    const notice = JSON.parse(/** @type {MessageEvent} */ (message).data);
    ring(notice);
    told?.(notice);
  });
  source.addEventListener("case", (message) => changed(JSON.parse(/** @type {MessageEvent} */ (message).data)));
  source.addEventListener("muster", (message) => mustered?.(JSON.parse(/** @type {MessageEvent} */ (message).data)));
  source.addEventListener("error", () => {
    if (!waiting && !polling) {
      waiting = window.setTimeout(() => {
        show("polling", t("每 15 秒更新"));
        polling = window.setInterval(() => {
          changed(null);
          void recount();
        }, POLL_MS);
      }, DISCONNECTED_MS);
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source.readyState !== EventSource.OPEN) changed(null);
  });
  window.addEventListener("pagehide", () => source.close());
}

/** @param {string} state @param {string} words */
function show(state, words) {
  const light = find("#live");
  if (!light) return;
  light.hidden = false;
  light.dataset.state = state;
  light.textContent = words;
}
