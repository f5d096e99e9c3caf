/** What waits on this device, with its honest state: what is kept here is never called sent. */
import { find, h } from "../core/dom.js";
import { categoryName, page } from "../core/page.js";
import { t, when } from "../core/words.js";
import { drain, tell } from "./sender.js";
import * as store from "./store.js";

/** @param {store.Kept} report @returns {string} */
export function stateWords({ state, sent, total }) {
  if (state === "draft") return t("草稿");
  if (state === "sending") return t("上传中 {sent}/{total}", { sent, total });
  if (state === "received") return t("已收到");
  return state === "failed" ? t("失败") : t("待传");
}

/**
 * @param {string} writing id of the draft in the form
 * @param {(id: string) => void} edit
 */
export async function showQueue(writing, edit) {
  const box = /** @type {HTMLDetailsElement|null} */ (find("#queue"));
  if (!box) return;
  const all = (await store.list(page.person_id)).filter((one) => one.id !== writing || one.state !== "draft");
  const count = (/** @type {store.State[]} */ ...states) => all.filter((one) => states.includes(one.state)).length;
  const [waiting, failed, received, drafts] = [count("waiting", "sending"), count("failed"), count("received"), count("draft")];
  const parts = [waiting && t("待传 {n}", { n: waiting }), failed && t("失败 {n}", { n: failed }), drafts && t("草稿 {n}", { n: drafts }), received && t("已收到 {n}", { n: received })];
  box.hidden = !all.length;
  if (failed) box.open = true;
  find("#queue-count")?.replaceChildren(parts.filter(Boolean).join(" · "));
  find("#queue-list")?.replaceChildren(...all.reverse().map((one) => row(one, edit)));
  const rescue = find("#queue-export");
  if (rescue) rescue.hidden = waiting + failed + drafts === 0;
}

/** @param {store.Kept} report @param {(id: string) => void} edit */
function row(report, edit) {
  const { id, state, draft, number, reason, reported, total } = report;
  const again = async () => {
    tell(await store.update(id, { state: "waiting", reason: "" }));
    void drain();
  };
  const remove = async () => {
    if (!window.confirm(reported ? t("文字已经收到，没传完的照片会从这台手机删除。确定去掉吗？") : t("这份上报还没有传出去，会从这台手机删除。确定去掉吗？"))) return;
    await store.remove(id);
    tell();
  };
  const actions = [
    state === "failed" || state === "waiting" ? button(t("现在上传"), again) : null,
    state === "draft" || (["failed", "waiting"].includes(state) && !reported) ? button(t("修改"), () => edit(id)) : null,
    ["draft", "failed", "waiting"].includes(state) ? button(t("去掉"), remove) : null,
    state === "waiting" && reason === t("请登录后上传。") ? h("a", { class: "button primary", href: "/login?next=/report" }, t("登录")) : null,
  ];
  const shown = reason || (state === "waiting" && !navigator.onLine ? t("没有网络，联网后自动上传。") : "");
  return h("li", { "data-kept": id, "data-state": state },
    h("div", { class: "row between" }, h("b", {}, draft.category ? categoryName(draft.category) : t("还没选是什么问题")), h("span", { class: "badge kept" }, stateWords(report))),
    h("p", { class: "small soft" }, [when(report.queued_at || report.changed_at), total ? t("{n} 张照片", { n: total }) : "", draft.detail].filter(Boolean).join(" · ")),
    number ? h("p", { class: "small" }, reported && state !== "received" ? t("文字已收到（{number}），照片还没传完", { number }) : h("a", { href: `/report/${id}` }, number)) : null,
    shown ? h("p", { class: state === "failed" ? "small bad-words" : "small soft" }, shown) : null,
    h("div", { class: "verbs" }, ...actions));
}

/** @param {string} words @param {() => void} press */
const button = (words, press) => h("button", { class: "button", type: "button", onclick: press }, words);
