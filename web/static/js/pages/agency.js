/** The inbox of referrals: its forms sent in the background, kept up to date. */
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { keepForms } from "../core/kept_form.js";
import { follow, settled } from "../core/live.js";

const refresh = settled(async () => {
  const fresh = await fetchIfIdle(window.location.href, "#agency");
  if (fresh) replaceParts(fresh, ["#agency"]);
}, 800);

keepForms();
sendForms(document.body, (fresh) => {
  replaceParts(fresh, ["#agency"]);
  refresh();
});
follow(refresh);
