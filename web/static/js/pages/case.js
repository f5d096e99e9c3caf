/** One case: its map, its verbs, kept up to date. */
import { find } from "../core/dom.js";
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { keepForms } from "../core/kept_form.js";
import { follow, settled } from "../core/live.js";
import { smallMaps } from "../map/small.js";

const id = find("#case")?.dataset.id;

const refresh = settled(async () => {
  const fresh = await fetchIfIdle(window.location.pathname, "#case");
  if (!fresh) return;
  replaceParts(fresh, ["#case"]);
  smallMaps(document);
});

smallMaps(document);
keepForms();
sendForms(document.body, (fresh) => {
  if (find("#case", fresh)) {
    replaceParts(fresh, ["#case"]);
    smallMaps(document);
  } else refresh();
});
follow((event) => {
  if (!event || event.case_id === id) refresh();
});
