/**
 * The bell in the frame: how much is unread, and a note, a sound and a tremble for what has just come.
 * @typedef {{id: string, kind: string, title: string, line: string, url: string|null, urgent: boolean, silent: boolean}} Notice
 */
import { alertReader } from "./alerts.js";
import { find } from "./dom.js";
import { get } from "./http.js";
import { toast } from "./toast.js";

const HEARD = new Set(["offered", "muster_called"]);
const MOST_SHOWN = 99;

/** Ask how much is unread: after a connection was lost, and where there is none. */
export async function recount() {
  if (!find("[data-bell]")) return;
  try {
    show((await get("me/notices", { unread: "true", limit: 1 })).unread);
  } catch {
    // no connection: the next answer will tell
  }
}

/** @param {Notice} notice that has just come */
export function ring(notice) {
  const shownAnyway = notice.kind === "offered" && window.location.pathname === "/tasks"; // as a card of its own
  if (!shownAnyway) toast([notice.title, notice.line].filter(Boolean).join(" · "));
  if (!notice.silent && (notice.urgent || HEARD.has(notice.kind))) {
    alertReader();
  }
  void recount();
}

/** @param {number} unread */
function show(unread) {
  const count = find("[data-unread]");
  if (!count) return;
  count.hidden = unread === 0;
  count.textContent = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread);
}
