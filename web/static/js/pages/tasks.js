/** Tasks of a responder: offers with their countdown and way, tasks with their verbs, duty and position. */
import { alertReader } from "../core/alerts.js";
import { find, findAll } from "../core/dom.js";
import { fetchIfIdle, replaceParts, sendForms } from "../core/fragment.js";
import { install } from "../core/installed.js";
import { sayWhenKept } from "../core/kept.js";
import { keepForms } from "../core/kept_form.js";
import { follow, settled } from "../core/live.js";
import { countdown } from "../core/words.js";
import { smallMaps } from "../map/small.js";
import { keepFinished, sayFinished } from "../tasks/finish.js";
import { closeIfGone, offerNavigation } from "../tasks/navigate.js";
import { watchPosition } from "../tasks/position.js";
import { showSwitches, watchSwitches } from "../tasks/switches.js";

const SOON_S = 20;
let offered = new Set(findAll("[data-offer]").map((card) => card.dataset.offer));
/** How long each offer stood when it was first seen, for its ring. @type {Map<string, number>} */
const whole_s = new Map();

const refresh = settled(async () => {
  if (find("#leaving")) return; // news must not take a question away that is being answered
  const fresh = await fetchIfIdle("/tasks", "#tasks").catch(() => null); // without a network the page stays as it is
  if (fresh && !find("#leaving")) show(fresh);
});

/** @param {Document} fresh */
function show(fresh) {
  if (!find("#tasks", fresh)) {
    refresh();
    return;
  }
  const light = find("#live");
  const told = find("#position-state")?.textContent ?? "";
  replaceParts(fresh, ["#tasks"]);
  if (light) find("#live")?.replaceWith(light);
  const line = find("#position-state");
  if (line) line.textContent = told;
  smallMaps(document);
  announce();
  tick();
  watchPosition();
  showSwitches();
  closeIfGone();
  void sayFinished();
}

/** A new offer is felt and heard, also where no notice came with it. */
function announce() {
  const now = new Set(findAll("[data-offer]").map((card) => card.dataset.offer));
  if ([...now].some((id) => !offered.has(id))) alertReader();
  offered = now;
}

function tick() {
  for (const card of findAll("[data-offer]")) {
    const left = (Date.parse(card.dataset.expires ?? "") - Date.now()) / 1000;
    const count = find("[data-countdown]", card);
    if (!count) continue;
    count.textContent = countdown(left);
    count.classList.toggle("soon", left < SOON_S);
    const id = card.dataset.offer ?? "";
    if (!whole_s.has(id)) whole_s.set(id, left);
    count.parentElement?.style.setProperty("--part", String(Math.max(0, left / Math.max(1, whole_s.get(id) ?? 1))));
    if (left <= 0 && !card.dataset.over) {
      card.dataset.over = "true";
      setTimeout(refresh, 1500);
    }
  }
}

sayWhenKept(() => find("#tasks"));
smallMaps(document);
keepForms();
keepFinished(refresh);
sendForms(document.body, show);
follow(refresh, refresh, refresh, { unseen: true }); // an offer is heard in the pocket
setInterval(tick, 500);
tick();
watchPosition();
watchSwitches();
offerNavigation();
void install();
