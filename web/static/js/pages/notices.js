/** What one was told, kept up to date while it is open. */
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { recount } from "../core/bell.js";
import { follow, settled } from "../core/live.js";

const refresh = settled(async () => {
  const fresh = await fetchIfIdle(window.location.href, "#notices");
  if (fresh) replaceParts(fresh, ["#notices"]);
});

sendForms(document.body, () => {
  refresh();
  void recount();
});
follow(refresh, refresh);
