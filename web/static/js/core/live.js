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
const REFUSED_MS = 30000;
const UNSEEN_MS = 60000;

/**
 * Follow the events of this reader's cases.
 * @param {(event: CaseEvent|null) => void} changed called with an event, or with null when something may have changed
 * @param {(notice: import("./bell.js").Notice) => void} [told] called with a notice for this reader, after the bell
 * @param {(muster: {muster_id: string, verb: string}) => void} [mustered] called when something happened at a muster
 * @param {{unseen?: boolean}} [options] unseen: also while nobody looks; a browser has six connections to a service over HTTP/1,
 *   and each page that listens takes one
 */
export function follow(changed, told, mustered, { unseen = false } = {}) {
  /** @type {EventSource|null} */
  let source = null;
  let polling = 0;
  let waiting = 0;
  let hidden = 0;
  const open = () => {
    clearTimeout(hidden);
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = listen({ changed, told, mustered, connected, lost });
  };
  const connected = () => {
    clearTimeout(waiting);
    clearInterval(polling);
    waiting = polling = 0;
    show("on", t("实时更新"));
    void recount();
  };
  const lost = () => {
    // a browser comes back by itself, but not where the stream was refused: no room, or not signed in any more
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => document.hidden && !unseen || open(), REFUSED_MS * (0.75 + Math.random() / 2));
    if (waiting || polling) return;
    waiting = window.setTimeout(() => {
      showPolling();
      polling = window.setInterval(() => {
        if (document.hidden && !unseen) return;
        showPolling();
        changed(null);
        void recount();
      }, POLL_MS);
    }, DISCONNECTED_MS);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      if (!unseen) hidden = window.setTimeout(() => source?.close(), UNSEEN_MS);
      return;
    }
    if (source?.readyState !== EventSource.OPEN) changed(null);
    open();
  });
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && open());
  open();
}

/**
 * @param {{changed: (event: CaseEvent|null) => void, told?: (notice: import("./bell.js").Notice) => void,
 *   mustered?: (muster: {muster_id: string, verb: string}) => void, connected: () => void, lost: () => void}} heard
 * @returns {EventSource}
 */
function listen({ changed, told, mustered, connected, lost }) {
  const source = new EventSource(page.events);
  source.addEventListener("open", connected);
  source.addEventListener("error", lost);
  // what happened between the page's making and the stream's opening, or while too much was missed
  for (const name of ["hello", "reset"]) source.addEventListener(name, () => changed(null));
  source.addEventListener("notice", (message) => {
    const notice = JSON.parse(/** @type {MessageEvent} */ (message).data);
    ring(notice);
    told?.(notice);
  });
  source.addEventListener("case", (message) => changed(JSON.parse(/** @type {MessageEvent} */ (message).data)));
  source.addEventListener("muster", (message) => mustered?.(JSON.parse(/** @type {MessageEvent} */ (message).data)));
  return source;
}

/** A stream that doesn't get through, or no network at all. */
function showPolling() {
  if (navigator.onLine) show("polling", t("每 15 秒更新"));
  else show("off", t("没有网络"));
}

/** @param {string} state @param {string} words */
function show(state, words) {
  const light = find("#live");
  if (!light) return;
  light.hidden = false;
  light.dataset.state = state;
  light.textContent = words;
}
