/** One muster: who is coming and who is there, as it happens. */
import { find } from "../core/dom.js";
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { follow, settled } from "../core/live.js";
import { smallMaps } from "../map/small.js";

const id = find("#muster")?.dataset.id;

const refresh = settled(async () => {
  const fresh = await fetchIfIdle(window.location.pathname, "#muster-now");
  if (fresh) show(fresh);
});

/** @param {Document} fresh */
function show(fresh) {
  const now = find("#muster", fresh);
  if (!now) return void refresh();
  const shown = find("#muster");
  if (shown) shown.dataset.status = now.dataset.status;
  replaceParts(fresh, ["#muster-now", "#muster-calls"]);
}

smallMaps(document);
sendForms(document.body, show);
follow((event) => {
  if (!event) refresh();
}, undefined, (muster) => {
  if (muster.muster_id === id) refresh();
});
