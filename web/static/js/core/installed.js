/** The page as an app: its service worker, whose page is kept, and a new version that waits until somebody wants it. */
import { findAll, h } from "./dom.js";
import { page } from "./page.js";
import { t } from "./words.js";

const CALM_MS = 2500; // the page itself comes first on a slow line

/** Register the worker, and say whose phone this is now. @param {() => Promise<unknown>} [before] done before the page is loaded anew */
export async function install(before = async () => {}) {
  const { serviceWorker } = navigator;
  if (!serviceWorker || !window.isSecureContext) return;
  const registered = await serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
  if (!registered) return;
  const { active } = await serviceWorker.ready;
  const pages = findAll("nav.tabs a").map((one) => new URL(/** @type {HTMLAnchorElement} */ (one).href).pathname);
  active?.postMessage({ say: "person", person: page.person_id, pages, at: window.location.pathname });
  const saving = /** @type {any} */ (navigator).connection?.saveData;
  if (!saving) setTimeout(() => active?.postMessage({ say: "ground" }), CALM_MS);
  const offer = () => {
    if (registered.waiting && serviceWorker.controller) offerUpdate(registered.waiting, before);
  };
  offer();
  registered.addEventListener("updatefound", () => {
    registered.installing?.addEventListener("statechange", offer);
  });
}

/** @param {ServiceWorker} waiting @param {() => Promise<unknown>} before */
function offerUpdate(waiting, before) {
  if (document.getElementById("new-version")) return;
  const reload = async () => {
    await before();
    navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
    waiting.postMessage({ say: "skip" });
  };
  document.getElementById("toasts")?.append(h("div", { class: "toast acting", id: "new-version" },
    h("span", {}, t("有新版本。")), h("button", { class: "button", type: "button", onclick: reload }, t("刷新")),
    h("button", { class: "button quiet", type: "button", onclick: () => document.getElementById("new-version")?.remove() }, t("以后再说"))));
}
