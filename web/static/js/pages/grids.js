/** Boundaries: the version in force to look at, or a draft to edit. */
import { find, findAll, h } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { beginDrafts } from "../grids/begin.js";
import { Draft } from "../grids/draft.js";
import { showFindings } from "../grids/findings.js";
import { CellLayer } from "../grids/layers.js";
import { showList } from "../grids/list.js";
import { balances } from "../grids/look.js";
import { showPanel } from "../grids/panel.js";
import { showRepair } from "../grids/repair.js";
import { Tools } from "../grids/tools.js";
import { compareOnPress, confirmPublish } from "../grids/versions.js";
import { createMap } from "../map/base.js";

const main = /** @type {HTMLElement} */ (find("#main"));
const draft = new Draft(main.dataset.draft ?? null, Number(main.dataset.version));
/** @type {string|null} level/code */
let chosen = null;

const map = await createMap(/** @type {HTMLElement} */ (find("#map")), { codes: false });
const seen = () => {
  const view = map.getBounds();
  map.getContainer().dataset.view = JSON.stringify([view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]);
};
map.on("moveend", seen);
seen();
const layer = new CellLayer(map, draft, (code, at) => (tools ? tools.pressed(code, at) : select(`micro_grid/${code}`)));
const tools = main.dataset.open === "true" ? new Tools(map, draft, layer, (code) => select(code && `micro_grid/${code}`)) : null;

/** @param {string|null} key @param {boolean} [look] zoom in on it */
function select(key, look = false) {
  chosen = key === chosen && !look ? null : key;
  const [level, code] = (chosen ?? "/").split("/");
  layer.choose(level === "micro_grid" ? [code] : draft.of("micro_grid").filter((one) => one.parent_code === code).map((one) => one.code));
  if (look && level === "micro_grid") layer.look(code);
  refreshLists();
  if (chosen) showTab("cells");
}

function refreshLists() {
  showList(draft, chosen, (level, code) => select(`${level}/${code}`, true));
  showPanel(draft, chosen, () => select(null));
}

draft.changed = () => {
  if (chosen && !draft.cells.has(chosen)) chosen = null;
  layer.show();
  refreshLists();
  showFindings(draft, layer);
  showRepair(draft, layer);
  for (const [id, able] of /** @type {[string, boolean][]} */ ([["undo", draft.canUndo], ["redo", draft.canRedo]])) {
    const button = /** @type {HTMLButtonElement|null} */ (find(`#${id}`));
    if (button) button.disabled = !able;
  }
  const position = /** @type {HTMLInputElement|null} */ (find("#publish [name=position]"));
  if (position) position.value = String(draft.position);
};

draft.saving = (/** @type {"saving"|"saved"|"failed"} */ state, /** @type {Error|undefined} */ error) => {
  const shown = find("#save-state");
  const words = { saving: t("正在保存…"), saved: t("改动已保存在草稿里"), failed: t("没有保存") };
  if (shown) {
    shown.textContent = ` · ${words[state]}`;
    shown.dataset.state = state;
  }
  if (error) toast(error.message, { bad: true });
};

/** @param {string} name of a panel */
function showTab(name) {
  for (const tab of findAll("#tabs [data-tab]")) {
    const current = tab.dataset.tab === name;
    tab.setAttribute("aria-pressed", String(current));
    const section = find(`#${tab.dataset.tab}`);
    if (section) section.hidden = !current;
  }
  const cell = find("#cell");
  if (cell) cell.hidden = name !== "cells" || !chosen;
}

for (const tab of findAll("#tabs [data-tab]")) {
  tab.setAttribute("role", "button");
  tab.addEventListener("click", (event) => {
    event.preventDefault();
    showTab(tab.dataset.tab ?? "cells");
  });
}

for (const link of findAll("[data-open-tab]")) link.addEventListener("click", () => showTab(link.dataset.openTab ?? "cells"));

for (const id of ["undo", "redo"]) {
  const button = find(`#${id}`);
  if (button) button.hidden = false;
  button?.addEventListener("click", () => void draft.act(id));
}
document.addEventListener("keydown", (event) => {
  const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea, select");
  if (typing || !(event.ctrlKey || event.metaKey) || !draft.open) return;
  const wanted = event.key.toLowerCase() === "y" || (event.key.toLowerCase() === "z" && event.shiftKey) ? "redo" : event.key.toLowerCase() === "z" ? "undo" : null;
  if (!wanted) return;
  event.preventDefault();
  if (wanted === "undo" ? draft.canUndo : draft.canRedo) void draft.act(wanted);
});

const legend = /** @type {HTMLElement} */ (find("#legend"));
legend.hidden = false;
legend.replaceChildren(h("b", {}, t("户数")), ...balances().map(([name, words]) => h("span", { "data-balance": name }, h("i", {}), words)));

showTab(["findings", "versions", "begin"].includes(window.location.hash.slice(1)) && find(window.location.hash) ? window.location.hash.slice(1) : "cells");
compareOnPress(layer);
confirmPublish(draft, layer, () => showFindings(draft, layer));
beginDrafts(layer);
try {
  await draft.load();
  if (draft.id && draft.open && draft.findings.some(({ properties }) => properties.severity === "error")) showTab("findings");
} catch (error) {
  toast(/** @type {Error} */ (error).message, { bad: true });
}
main.dataset.usable = "true";
