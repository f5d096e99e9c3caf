/** "Done" with its photos, kept on this device until the service has it: after-photos are taken in basements. */
import { find, findAll, h } from "../core/dom.js";
import { request } from "../core/http.js";
import { forget } from "../core/kept_store.js";
import { openOutbox } from "../core/outbox.js";
import { keptNote } from "../core/outbox_note.js";
import { page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { readyToShrink, shrunk } from "../report/photo.js";

const DONE = new Set(["done", "closed"]);
const DIRECT = "[data-act][action$='/done']:not([data-direct])";
/** @typedef {import("../core/outbox.js").Kept} Kept */

/** The form that one was just handed in with. @type {HTMLFormElement|null} */
let handed = null;
/** @type {ReturnType<typeof openOutbox>} */
let outbox;

/** @param {string} path @returns {string} which case */
const caseOf = (path) => path.split("/").at(-2) ?? "";

/** @param {Kept} one @returns {boolean} whether its form is still there */
const isHanded = (one) => Boolean(handed?.isConnected && handed.action.endsWith(one.path));

/**
 * Keep what is handed in as done before it is sent, and send it whenever there is a network.
 * @param {() => void} refresh called when the service has taken one
 */
export function keepFinished(refresh) {
  outbox = openOutbox("done", { show: showFinished, arrived: isDoneAlready, refused: putRight, taken: (one) => {
    toast(t("已提交，等待核验。"));
    if (isHanded(one)) close();
    refresh();
  } });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(DIRECT)) return;
    event.preventDefault();
    event.stopPropagation();
    void finish(form);
  }, true);
  readyToShrink();
}

/** @param {HTMLFormElement} form */
async function finish(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  handed = form;
  const path = form.action.split("/").slice(-3).join("/");
  try {
    await outbox.keep({ path, fields: [["note", String(new FormData(form).get("note") ?? "")]], photos: await shrunk(form) });
    forget(form.dataset.keep ?? "");
  } catch { // this browser keeps nothing: it is sent as it is
    form.removeAttribute("aria-busy");
    form.dataset.direct = "true";
    form.requestSubmit();
  }
  form.removeAttribute("aria-busy");
  handed = null;
}

function close() {
  handed?.removeAttribute("aria-busy");
  handed?.closest("details")?.removeAttribute("open");
}

/** Its answer may have been lost, and the work verified since. @param {Kept} one @param {import("../core/http.js").ServiceError} error */
async function isDoneAlready(one, error) {
  if (error.status !== 409) return false;
  const found = await request("GET", `cases/${caseOf(one.path)}`).catch(() => null);
  return DONE.has(found?.status) && found.assignee?.id === page.person_id;
}

/** It is still in the form, to be put right there. @param {Kept} one @param {import("../core/http.js").ServiceError} error */
function putRight(one, error) {
  toast(error.message, { bad: true });
  if (!isHanded(one)) return false;
  find(".field", /** @type {HTMLFormElement} */ (handed))?.append(h("p", { class: "error", role: "alert" }, error.message));
  return true;
}

/** Say on each task what waits on this device for it; also after the page was renewed. @param {Kept[]} all */
function showFinished(all) {
  for (const old of findAll("[data-finished]")) old.remove();
  for (const one of all) {
    const case_id = caseOf(one.path);
    const note = keptNote(one, { ...outbox, waiting: t("办完的说明和 {n} 张照片存在这台手机里，有网络就自动上传。", { n: one.photos.length }),
      sure: t("办完的说明和照片还没有传出去，会从这台手机删除。确定去掉吗？") });
    note.dataset.finished = case_id;
    const verbs = find(`[data-task="${case_id}"] .verb-list`);
    if (verbs) verbs.before(note);
    else find("#tasks")?.prepend(note);
    if (isHanded(one) && one.state === "waiting") {
      toast(t("还没传上去，已存在这台手机里，有网络就自动上传。"));
      close();
    }
  }
}

/** Say it again, after the page was renewed. */
export const sayFinished = () => outbox.show();
