/** Acts on the selected cards: what is possible is counted first, each case has its own answer, and there is a way back. */
import { findAll, h } from "../core/dom.js";
import { get, request } from "../core/http.js";
import { nameOf, page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { number, t } from "../core/words.js";
import { cardOf, cards } from "./board.js";
import { choice, openDialog, reason } from "./dialog.js";
import { currentCard } from "./keys.js";

/** @typedef {{id: string, status: string|null, code: string|null, detail: string|null}} Outcome */
/** What was done last at this desk, and can be taken back. @type {string[]} */
let last = [];
/** @type {(ids: string[]) => void} */
let changed = () => {};

/** @param {(ids: string[]) => void} told of the cases that were acted on */
export function onChanged(told) {
  changed = told;
}

/** @returns {HTMLElement[]} the ticked cards, or the one that the keyboard is at */
export function selected() {
  const ticked = cards().filter((card) => card.querySelector("input:checked"));
  const now = currentCard();
  return ticked.length ? ticked : now ? [now] : [];
}

/** @param {HTMLElement[]} chosen */
const revisions = (chosen) => Object.fromEntries(chosen.map(({ dataset }) => [dataset.card, Number(dataset.revision)]));

/**
 * @param {string} act
 * @param {HTMLElement[]} chosen
 * @param {object} fields
 * @param {boolean} [preview]
 * @returns {Promise<{items: Outcome[], done: number, refused: number}>}
 */
const send = (act, chosen, fields, preview = false) => request("POST", "cases/bulk",
  { act, case_ids: chosen.map(({ dataset }) => dataset.card), revisions: revisions(chosen), fields, preview });

/** @param {string} act @param {HTMLElement[]} chosen @param {object} fields */
async function carryOut(act, chosen, fields) {
  const answer = await send(act, chosen, fields);
  const done = answer.items.filter((one) => !one.code).map((one) => one.id);
  tell(act, done, answer.items.filter((one) => one.code));
  for (const box of findAll("#cases input:checked")) /** @type {HTMLInputElement} */ (box).checked = false;
  document.dispatchEvent(new Event("ticked"));
  changed(chosen.map(({ dataset }) => dataset.card ?? ""));
}

/** @param {string} act @param {string[]} done @param {Outcome[]} refused */
function tell(act, done, refused) {
  if (refused.length) {
    const lines = refused.map((one) => h("p", {}, h("b", {}, cardOf(one.id)?.dataset.number ?? ""), ` ${one.detail}`));
    openDialog(t("{n} 件没有办成", { n: number(refused.length) }), [h("div", { class: "preview" }, ...lines)]);
  }
  if (!done.length) return;
  const text = t("{verb}：{n} 件已办", { verb: page.names.verb[act], n: number(done.length) });
  if (act === "undo") return toast(text);
  last = done;
  toast(text, { act: { name: t("撤回"), run: () => void undo(), seconds: 10 } });
}

export async function undo() {
  const ids = last.length ? last : selected().map(({ dataset }) => dataset.card ?? "");
  if (!ids.length) return toast(t("没有可以撤回的操作。"));
  last = [];
  try {
    const answer = await request("POST", "cases/bulk", { act: "undo", case_ids: ids });
    tell("undo", answer.items.filter((/** @type {Outcome} */ one) => !one.code).map((/** @type {Outcome} */ one) => one.id),
      answer.items.filter((/** @type {Outcome} */ one) => one.code));
    changed(ids);
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  }
}

/** @param {string} act @returns {(Node|null)[]} what it asks for */
function fieldsOf(act) {
  if (act === "refer") return [choice("agency", t("转给哪个单位"), page.agencies.filter((one) => one.active).map((one) => [one.code, nameOf(one)]), t("请选择")), reason(t("原因"))];
  if (act === "classify") return [choice("category", t("改成哪个类别"), page.categories.map((one) => [one.code, nameOf(one)]), t("请选择")), reason(t("原因（可以不说）"), { required: false })];
  if (act === "set_urgent") return [choice("urgent", t("紧急程度"), [["true", t("紧急")], ["false", t("不紧急")]]), reason(t("原因（可以不说）"), { required: false })];
  return act === "verify" ? [] : [reason(t("原因"))];
}

/** @param {string} act */
export async function start(act) {
  const chosen = selected();
  if (!chosen.length) return toast(t("先选中案件：按 x，或者打勾。"));
  if (act === "merge") return merge(chosen);
  const preview = h("div", { class: "preview", role: "status" });
  openDialog(`${page.names.verb[act]} · ${t("{n} 件", { n: number(chosen.length) })}`, [preview, ...fieldsOf(act)], {
    send: t("确定：{verb}", { verb: page.names.verb[act] }),
    done: (form) => carryOut(act, chosen, valuesOf(form)),
  });
  const possible = chosen.filter(({ dataset }) => (dataset.legal ?? "").split(" ").includes(act)).length;
  preview.replaceChildren(h("p", {}, t("{n} 件能办，{m} 件现在的状态不能办。", { n: number(possible), m: number(chosen.length - possible) })));
}

/** @param {HTMLFormElement} form */
const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));

/** @param {HTMLElement[]} chosen */
function merge(chosen) {
  if (chosen.length < 2) return toast(t("合并要选中两件以上。"));
  const oldest = chosen.reduce((a, b) => ((a.dataset.at ?? "") <= (b.dataset.at ?? "") ? a : b));
  const options = chosen.map((card) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "into", value: card.dataset.card, checked: card === oldest, required: true }),
    h("span", {}, h("b", { class: "figures" }, card.dataset.number ?? ""), " ", card.querySelector(".title")?.textContent?.trim() ?? "")));
  openDialog(t("合并 {n} 件：留下哪一件？", { n: number(chosen.length) }),
    [h("fieldset", { class: "preview" }, h("legend", {}, t("其余的上报都转到留下的这件，其余案件关闭。")), ...options), reason(t("原因"), { value: t("同一问题") })], {
      send: t("确定：合并"),
      done: (form) => {
        const values = valuesOf(form);
        return carryOut("merge", chosen.filter((card) => card.dataset.card !== values.into), values);
      },
    });
}

/** Choose who is asked for a case: the ranking as it is now, with reasons. */
export async function assign() {
  const [card] = selected();
  if (!card) return toast(t("先选中一件案件。"));
  const id = card.dataset.card ?? "";
  try {
    const { ranking } = await get(`cases/${id}/candidates`);
    const dialog = openDialog(t("指派 {number}", { number: card.dataset.number ?? "" }), [h("ol", { class: "ranking" }, ...rows(ranking)),
      h("label", { class: "field" }, h("span", { class: "label" }, t("或者写同事的姓名、账号")), h("input", { class: "input", name: "to", autocomplete: "off" }))], {
      send: t("指派给他"),
      done: (form) => ask(id, String(new FormData(form).get("to") ?? "")),
    });
    findAll("[data-person]", dialog)[0]?.focus();
    for (const button of findAll("[data-person]", dialog)) {
      button.addEventListener("click", async () => {
        try {
          await ask(id, button.dataset.person ?? "");
          dialog.close();
        } catch (error) {
          toast(/** @type {Error} */ (error).message, { bad: true });
        }
      });
    }
  } catch (error) {
    toast(/** @type {Error} */ (error).message, { bad: true });
  }
}

/** @param {string} id @param {string} to */
async function ask(id, to) {
  await request("POST", `cases/${id}/offer`, { to });
  toast(page.names.notice.assigned);
  changed([id]);
}

/** @param {any} ranking as explained */
function rows(ranking) {
  const words = page.names.dispatch;
  const chosen = ranking.candidates.map((/** @type {any} */ one) => row(one, [
    t("{n} 米", { n: number(one.distance_m) }), t("{n} 分钟", { n: number(Math.max(1, Math.round(one.travel_s / 60))) }), page.names.mode[one.mode],
    ...Object.keys(one.penalties_s).map((name) => `${words[name] ?? name} ${one.penalties_s[name] > 0 ? "+" : "−"}${t("{n} 秒", { n: number(Math.abs(one.penalties_s[name])) })}`),
  ], t("指派")));
  const others = ranking.excluded.map((/** @type {any} */ one) => row(one, [words[one.reason] ?? one.reason], t("仍要问他")));
  return [...chosen, ...others, chosen.length + others.length ? null : h("li", {}, t("现在没有人在岗。"))].filter(Boolean);
}

/** @param {any} one @param {string[]} facts @param {string} act */
const row = (one, facts, act) => h("li", {},
  h("span", { class: "what" }, h("b", {}, `${one.place ? `${one.place}. ` : ""}${one.name}`), h("br", {}), h("span", { class: "soft small" }, facts.join(" · "))),
  h("button", { class: `button${one.place === 1 ? " primary" : ""}`, type: "button", "data-person": one.person_id }, act));
