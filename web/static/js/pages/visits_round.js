/** A round on the map; its stops are ticked off at the door, with or without a network. */
import { find } from "../core/dom.js";
import { install } from "../core/installed.js";
import { sayWhenKept } from "../core/kept.js";
import { tickStops } from "../core/outbox_ticks.js";
import { t } from "../core/words.js";
import { drawStops } from "../map/stops.js";

const STATES = { done: t("已走访"), not_home: t("没人在家"), skipped: t("这次不去"), todo: t("待走访") };

tickStops("round", {
  parts: 4,
  fields: ["state", "visit", "words"],
  stop: (path) => location.pathname.endsWith(path.split("/")[1]) ? find(`[data-stop="${path.split("/").at(-1)}"]`) : null,
  badge: (fields) => STATES[/** @type {keyof typeof STATES} */ (fields.get("state"))] ?? "",
});
sayWhenKept(() => find(".service"));
if (find("#stops")) void drawStops("#round-map");
void install();
