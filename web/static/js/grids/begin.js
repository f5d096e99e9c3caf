/** New drafts: a file looked at before anything is kept, and cells drawn anew with the report of what was reached. */
import { find, h } from "../core/dom.js";
import { request } from "../core/http.js";
import { toast } from "../core/toast.js";
import { number, t } from "../core/words.js";
import { drawFindings, findingList } from "./findings.js";
import { reportTable } from "./report.js";
import { summary } from "./repair.js";

/** @param {import("./layers.js").CellLayer} layer */
export function beginDrafts(layer) {
  const button = /** @type {HTMLButtonElement|null} */ (find("#check-file"));
  const file = /** @type {HTMLFormElement|null} */ (find("#begin-file"));
  if (button && file) {
    button.hidden = false;
    button.addEventListener("click", () => void busy(button, () => check(file, layer)));
  }
  const drawn = /** @type {HTMLFormElement|null} */ (find("#begin-drawn"));
  drawn?.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(/** @type {HTMLButtonElement} */ (find("button[type=submit]", drawn)), () => delineate(drawn));
  });
}

/** @param {HTMLButtonElement} button @param {() => Promise<void>} work */
async function busy(button, work) {
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  } finally {
    button.disabled = false;
  }
}

/** @param {HTMLFormElement} form @param {import("./layers.js").CellLayer} layer */
async function check(form, layer) {
  const sent = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File ? value.size : name === "datum") sent.append(name, value);
  }
  const place = /** @type {HTMLElement} */ (find("#check-result"));
  place.replaceChildren(h("p", { role: "status" }, t("正在检查…")));
  try {
    const found = await request("POST", "boundaries/check", sent);
    drawFindings(found.findings.features, layer);
    place.replaceChildren(
      h("p", { class: found.errors ? "note bad" : "note good", role: "status" }, found.errors ? t("有 {n} 处错误，建成草稿后可以修补。", { n: found.errors }) : t("没有错误，可以新建草稿。")),
      ...(found.away_m ? [h("p", { class: "note warn", id: "far-away" }, t("文件画的地方离本社区约 {n} 公里：请核对文件和坐标系。", { n: number(Math.max(1, found.away_m / 1000)) }))] : []),
      findingList(found.findings.features, (feature) => layer.lookAt(feature)));
    if (found.repair) place.append(h("h3", {}, t("修补会怎样")), summary(found.repair), repairButton(found, layer));
  } catch (error) {
    place.replaceChildren();
    throw error;
  }
}

/** @param {any} found @param {import("./layers.js").CellLayer} layer */
function repairButton(found, layer) {
  let repaired = false;
  const button = h("button", { class: "button", type: "button", onclick: () => {
    repaired = !repaired;
    if (repaired) layer.over(found.repair.changes.features, () => "--warn");
    else drawFindings(found.findings.features, layer);
    button.textContent = repaired ? t("图上看错误") : t("图上看修补");
  } }, t("图上看修补"));
  return button;
}

/** @param {HTMLFormElement} form */
async function delineate(form) {
  const given = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value !== "" && name !== "csrf"));
  for (const name of ["micro_grids", "grids", "seed", "assumed_levels"]) if (given[name] !== undefined) given[name] = /** @type {any} */ (Number(given[name]));
  const place = /** @type {HTMLElement} */ (find("#drawn-result"));
  place.replaceChildren(h("p", {}, t("正在划分，请稍候…")), h("progress", { class: "progress" }));
  try {
    const draft = await request("POST", "boundaries/drafts", given);
    place.replaceChildren(h("h3", {}, t("划分结果")), reportTable(draft.report),
      h("a", { class: "button primary block", href: `/grids?draft=${draft.id}`, id: "open-drawn" }, t("打开这份草稿")));
  } catch (error) {
    place.replaceChildren();
    throw error;
  }
}
