/** Home: kept up to date while it is open. */
import { find } from "../core/dom.js";
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { follow, settled } from "../core/live.js";

const refresh = settled(async () => {
  const fresh = await fetchIfIdle(window.location.href, "#home");
  if (fresh) replaceParts(fresh, ["#home"]);
}, 800);

sendForms(document.body, (fresh) => {
  if (find("#leaving", fresh)) window.location.assign("/tasks?leaving=1");
  else refresh();
});
follow(refresh);
