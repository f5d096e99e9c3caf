/** Home: kept up to date while it is open. */
import { find } from "../core/dom.js";
import { fetchPage, isBusy, replaceParts, sendForms } from "../core/fragment.js";
import { follow, settled } from "../core/live.js";

const refresh = settled(async () => {
  const home = find("#home");
  if (home && !isBusy(home)) replaceParts(await fetchPage(window.location.href), ["#home"]);
}, 800);

sendForms(document.body, refresh);
follow(refresh);
