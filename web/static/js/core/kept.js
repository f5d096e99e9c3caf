/** A page that is shown as it was, because there is no network: it says so, until it has news. */
import { h } from "./dom.js";
import { t, when } from "./words.js";

const ID = "kept-note";

/** @param {() => HTMLElement|null} place where it is said, above everything else */
export function sayWhenKept(place) {
  const { serviceWorker } = navigator;
  serviceWorker?.addEventListener("message", ({ data }) => {
    if (data?.say !== "kept") return;
    forgetKept();
    place()?.prepend(h("p", { class: "note warn", id: ID, role: "status" }, t("没有网络：这是 {time} 的内容。", { time: when(data.at) })));
  });
  serviceWorker?.startMessages();
}

/** There is news. */
export const forgetKept = () => document.getElementById(ID)?.remove();
