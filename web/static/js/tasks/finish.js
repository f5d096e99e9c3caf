/**
 * "Done" with its photos, kept on this device until the service has it: after-photos are taken in basements. What is kept is
 * never called sent; said twice, "done" answers the same.
 * @typedef {{case_id: string, person_id: string|null, note: string, photos: {name: string, blob: Blob}[], kept_at: number,
 *   state: "waiting"|"failed", reason: string}} Finished
 */
import { find, findAll, h } from "../core/dom.js";
import { request, ServiceError } from "../core/http.js";
import { page } from "../core/page.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { readyToShrink, shrinkPhoto } from "../report/photo.js";
import { LATER, secret } from "../report/sender.js";

const NAME = "weiwang-finished";
const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 300_000;
const ANSWER_MS = 120_000;
const DONE = new Set(["done", "closed"]);

let wait_ms = FIRST_WAIT_MS;
let timer = 0;
/** @type {() => void} */
let changed = () => {};

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("finished", { keyPath: "case_id" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(finished: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} once it is on the disk
 */
async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("finished", mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const asked = act(transaction.objectStore("finished"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? asked.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<Finished[]>} this person's, nobody else's */
async function kept() {
  const all = await within("readonly", (finished) => /** @type {IDBRequest<Finished[]>} */ (finished.getAll()));
  return all.filter((one) => one.person_id === page.person_id);
}

/** @param {Finished} one */
const keep = (one) => within("readwrite", (finished) => finished.put(one));

/** @param {string} case_id */
const forget = (case_id) => within("readwrite", (finished) => finished.delete(case_id));

/**
 * Keep what is handed in as done before it is sent, and send it whenever there is a network.
 * @param {() => void} refresh called when the service has taken one
 */
export function keepFinished(refresh) {
  changed = refresh;
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-act][action$='/done']:not([data-direct])")) return;
    event.preventDefault();
    event.stopPropagation();
    void finish(form);
  }, true);
  readyToShrink();
  const now = () => {
    wait_ms = FIRST_WAIT_MS;
    void drain();
  };
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) now();
  });
  now();
}

/** @param {HTMLFormElement} form */
async function finish(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const case_id = form.action.split("/").at(-2) ?? "";
  const files = findAll("input[type=file]", form).flatMap((one) => [.../** @type {HTMLInputElement} */ (one).files ?? []]);
  const note = String(new FormData(form).get("note") ?? "");
  try {
    const photos = [];
    for (const file of files) photos.push({ name: file.name, blob: await shrinkPhoto(file) });
    await keep({ case_id, person_id: page.person_id, note, photos, kept_at: Date.now(), state: "waiting", reason: "" });
  } catch { // this browser keeps nothing: it is sent as it is
    form.removeAttribute("aria-busy");
    form.dataset.direct = "true";
    form.requestSubmit();
    return;
  }
  await drain(form);
  form.removeAttribute("aria-busy");
}

/** Send what waits; tabs stand in line. @param {HTMLFormElement} [form] that one was just handed in with */
async function drain(form) {
  clearTimeout(timer);
  const send = async () => {
    const waiting = (await kept()).filter(({ state }) => state === "waiting");
    for (const one of waiting) if (!(await deliver(one, form))) break;
  };
  await (navigator.locks ? navigator.locks.request("weiwang-finish", send) : send()).catch(later);
  await showFinished();
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void drain(), wait_ms * (0.75 + Math.random() / 2));
  wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
}

/** @param {Finished} one @param {HTMLFormElement} [form] @returns {Promise<boolean>} whether the next may be tried */
async function deliver(one, form) {
  const body = new FormData();
  body.set("note", one.note);
  for (const { name, blob } of one.photos) body.append("photo", blob, name);
  try {
    await request("POST", `cases/${one.case_id}/done`, body, { csrf: await secret(), signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    const refused = /** @type {ServiceError} */ (error);
    if (!(await isDoneAlready(one, refused))) return refuse(one, refused, form);
  }
  await forget(one.case_id);
  wait_ms = FIRST_WAIT_MS;
  toast(t("已提交，等待核验。"));
  form?.removeAttribute("aria-busy");
  form?.closest("details")?.removeAttribute("open");
  changed();
  return true;
}

/** Its answer may have been lost, and the work verified since. @param {Finished} one @param {ServiceError} error */
async function isDoneAlready(one, error) {
  if (error.status !== 409) return false;
  const found = await request("GET", `cases/${one.case_id}`).catch(() => null);
  return DONE.has(found?.status) && found.assignee?.id === page.person_id;
}

/** @param {Finished} one @param {ServiceError} error @param {HTMLFormElement} [form] @returns {Promise<boolean>} */
async function refuse(one, error, form) {
  if (!(error instanceof ServiceError)) throw error;
  const { status, message } = error;
  if (status === 401 || LATER.has(status) || error.code === "csrf_failed") {
    await keep({ ...one, reason: status === 401 ? t("请登录后上传。") : "" });
    if (form?.isConnected) {
      toast(t("还没传上去，已存在这台手机里，有网络就自动上传。"));
      form.closest("details")?.removeAttribute("open");
    }
    if (status !== 401) later();
    return false;
  }
  toast(message, { bad: true });
  if (form?.isConnected && form.action.endsWith(`${one.case_id}/done`)) { // it is still in the form, to be put right there
    await forget(one.case_id);
    find(".field", form)?.append(h("p", { class: "error", role: "alert" }, message));
  } else await keep({ ...one, state: "failed", reason: message });
  return true;
}

/** Say on each task what waits on this device for it; also after the page was renewed. */
export async function showFinished() {
  const all = await kept().catch(() => []);
  for (const old of findAll(".kept-work")) old.remove();
  for (const one of all) {
    const note = noteOf(one);
    const verbs = find(`[data-task="${one.case_id}"] .verb-list`);
    if (verbs) verbs.before(note);
    else find("#tasks")?.prepend(note);
  }
}

/** @param {Finished} one */
function noteOf(one) {
  const again = async () => {
    await keep({ ...one, state: "waiting", reason: "" });
    await drain();
  };
  const drop = async () => {
    if (!window.confirm(t("办完的说明和照片还没有传出去，会从这台手机删除。确定去掉吗？"))) return;
    await forget(one.case_id);
    await showFinished();
  };
  const words = one.state === "failed" ? t("没有传上去：{reason}", { reason: one.reason })
    : t("办完的说明和 {n} 张照片存在这台手机里，有网络就自动上传。", { n: one.photos.length });
  return h("div", { class: "note kept-work", "data-finished": one.case_id, "data-state": one.state },
    h("p", {}, [words, one.state === "waiting" ? one.reason : ""].filter(Boolean).join(" ")),
    h("div", { class: "verbs" }, h("button", { class: "button", type: "button", onclick: again }, t("现在上传")),
      h("button", { class: "button", type: "button", onclick: drop }, t("去掉"))));
}
