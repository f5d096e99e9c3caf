/** What is said of something that waits on this device, with its two buttons. */
import { h } from "./dom.js";
import { t } from "./words.js";

/**
 * @param {import("./outbox.js").Kept} one
 * @param {{waiting: string, sure: string, again: (one: import("./outbox.js").Kept) => Promise<void>, drop: (key: string) => Promise<void>}} words
 * waiting: what is said while it waits; sure: what is asked before it is thrown away
 */
export function keptNote(one, { waiting, sure, again, drop }) {
  const away = async () => {
    if (window.confirm(sure)) await drop(one.key);
  };
  const words = one.state === "failed" ? t("没有传上去：{reason}", { reason: one.reason }) : [waiting, one.reason].filter(Boolean).join(" ");
  return h("div", { class: "note kept-work", "data-kept-work": one.key, "data-state": one.state }, h("p", {}, words),
    h("div", { class: "verbs" }, h("button", { class: "button", type: "button", onclick: () => again(one) }, t("现在上传")),
      h("button", { class: "button", type: "button", onclick: away }, t("去掉"))));
}
