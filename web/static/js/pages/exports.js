/** The page of exports: progress is shown while a file is being written. */
import { fetchIfIdle, replaceParts } from "../core/fragment.js";

const EVERY_MS = 1500;

async function refresh() {
  const list = document.getElementById("exports");
  if (list?.dataset.open === "true" && !document.hidden) {
    const fresh = await fetchIfIdle("/exports", "#exports");
    if (fresh) replaceParts(fresh, ["#exports"]);
  }
  window.setTimeout(refresh, EVERY_MS);
}

window.setTimeout(refresh, EVERY_MS);
