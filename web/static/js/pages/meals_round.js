/** A round of the kitchen on the map; each door is answered for there, with or without a network. */
import { find } from "../core/dom.js";
import { install } from "../core/installed.js";
import { sayWhenKept } from "../core/kept.js";
import { tickStops } from "../core/outbox_ticks.js";
import { t } from "../core/words.js";
import { drawStops } from "../map/stops.js";

const OUTCOMES = { delivered: t("已送到"), not_home: t("没人应门") };

tickStops("meal", {
  parts: 5,
  fields: ["outcome"],
  stop: (path) => location.pathname.endsWith(path.split("/")[2]) ? find(`[data-serving="${path.split("/").at(-1)}"]`) : null,
  next: () => find("[data-serving][data-state=ordered]") ? "" : find("[data-after]")?.dataset.after ?? "", // it has left one's hands
  badge: (fields) => OUTCOMES[/** @type {keyof typeof OUTCOMES} */ (fields.get("outcome"))] ?? "",
});
sayWhenKept(() => find(".service"));
void drawStops("#round-map");
void install();
