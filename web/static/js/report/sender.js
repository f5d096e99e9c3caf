/** The one sender: reports that wait on this device go out one by one, photo by photo, each repeated until it is answered. */
import { request, ServiceError } from "../core/http.js";
import { page } from "../core/page.js";
import { LATER, secret } from "../core/sending.js";
import { t } from "../core/words.js";
import * as store from "./store.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 300_000;
const ANSWER_MS = 30_000;
const SLOWEST_BYTES_PER_MS = 1.5; // slower than this is not a connection
const RECEIVED_KEPT = 5;

/** Tells every tab that something on the device has changed. */
const told = "BroadcastChannel" in globalThis ? new BroadcastChannel("weiwang-queue") : null;

/** @type {(report: store.Kept|undefined) => void} */
let listener = () => {};
/** @type {Promise<void>|null} */
let draining = null;
let again = false;
let wait_ms = FIRST_WAIT_MS;
let timer = 0;

/** @param {(report: store.Kept|undefined) => void} heard called at every change, also one of another tab */
export function onChange(heard) {
  listener = heard;
  if (told) told.onmessage = () => heard(undefined);
}

/** Say that something changed. @param {store.Kept} [report] */
export function tell(report) {
  listener(report);
  told?.postMessage("changed");
}

/** Send at once, and whenever the network may have come back. */
export function startSending() {
  const now = () => {
    wait_ms = FIRST_WAIT_MS;
    void drain();
  };
  window.addEventListener("online", now);
  window.addEventListener("offline", () => listener(undefined));
  window.addEventListener("pageshow", now);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) now();
  });
  now();
}

/** Send what waits. Tabs stand in line: only one sends at a time. @returns {Promise<void>} */
export function drain() {
  clearTimeout(timer);
  again = Boolean(draining);
  draining ??= inLine().catch(() => later()).finally(() => {
    draining = null;
    if (again) void drain();
  });
  return draining;
}

async function inLine() {
  if (navigator.locks) await navigator.locks.request("weiwang-sender", sendAll);
  else await sendAll();
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void drain(), wait_ms * (0.75 + Math.random() / 2));
  wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
}

async function sendAll() {
  for (const one of await store.list(page.person_id)) { // a sender that was ended left it so
    if (one.state === "sending") await store.update(one.id, { state: "waiting" });
  }
  const tried = new Set();
  let csrf = "";
  for (;;) {
    const next = (await store.list(page.person_id)).find((one) => one.state === "waiting" && !tried.has(one.id));
    if (!next) break;
    tried.add(next.id);
    try {
      csrf ||= await secret();
      await deliver(next, csrf);
    } catch (error) {
      if (!(await failed(next, /** @type {ServiceError} */ (error)))) return;
    }
  }
  await forgetOld();
}

/** @param {store.Kept} report @param {string} csrf */
async function deliver(report, csrf) {
  const { id } = report;
  const begun = await store.update(id, { state: "sending", reason: "" }, ["waiting"]);
  if (!begun) return; // its writer took it back, or removed it
  const photos = await store.photosOf(id);
  tell(begun);
  if (report.reported) await skipArrived(id, photos);
  else await announce(report, photos, csrf);
  for (const photo of photos.filter(({ sent }) => !sent)) {
    const signal = AbortSignal.timeout(ANSWER_MS + photo.blob.size / SLOWEST_BYTES_PER_MS);
    await request("PUT", `reports/${id}/photos/${photo.sha256}`, photo.blob, { csrf, signal });
    photo.sent = true;
    await store.putPhoto(photo);
    wait_ms = FIRST_WAIT_MS;
    tell(await store.update(id, { sent: photos.filter(({ sent }) => sent).length }));
  }
  const done = await store.update(id, { state: "received", changed_at: Date.now() });
  await store.removePhotos(id);
  wait_ms = FIRST_WAIT_MS;
  tell(done);
}

/** @param {store.Kept} report @param {store.Photo[]} photos @param {string} csrf */
async function announce({ id, draft }, photos, csrf) {
  try {
    const { number } = await request("PUT", `reports/${id}`, bodyOf(draft, photos), { csrf, signal: AbortSignal.timeout(ANSWER_MS) });
    tell(await store.update(id, { reported: true, number }));
  } catch (error) {
    if (/** @type {ServiceError} */ (error).code !== "report_id_reused") throw error;
    // its answer was lost, and then it was changed here: what arrived counts
    const { number } = await request("GET", `reports/${id}`, undefined, { signal: AbortSignal.timeout(ANSWER_MS) });
    tell(await store.update(id, { reported: true, number, reason: t("先写的那份已收到，后来的改动没有传上去。") }));
    await skipArrived(id, photos);
  }
}

/** A photo may have arrived though its answer did not: it need not travel twice. @param {string} id @param {store.Photo[]} photos */
async function skipArrived(id, photos) {
  const { missing } = await request("GET", `reports/${id}`, undefined, { signal: AbortSignal.timeout(ANSWER_MS) });
  for (const photo of photos.filter(({ sent, sha256 }) => !sent && !missing.includes(sha256))) {
    photo.sent = true;
    await store.putPhoto(photo);
  }
}

/**
 * @param {import("./draft.js").Draft} draft
 * @param {store.Photo[]} photos
 * @returns {Record<string, any>} the report as the service wants it, the same at every repeat
 */
export function bodyOf(draft, photos) {
  const { building, separate, same_as, ...rest } = draft;
  /** @type {Record<string, any>} */
  const body = { ...rest, same_as, separate: separate === "true" && !same_as, manifest: photos.map(({ sha256 }) => sha256) };
  const left = draft.plate ? ["lon", "lat", "accuracy_m", "heading_deg", "source", "chosen_place"] : [];
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null && value !== "" && !left.includes(name)));
}

/** @param {store.Kept} report @param {ServiceError} error @returns {Promise<boolean>} whether the next may be tried */
async function failed(report, error) {
  if (!(error instanceof ServiceError)) throw error;
  const ended = error.status === 401;
  const waits = ended || LATER.has(error.status) || error.code === "csrf_failed";
  const reason = ended && error.code !== "other_person" ? t("请登录后上传。") : error.status === 0 ? t("没有网络，联网后自动上传。") : error.message;
  tell(await store.update(report.id, { state: waits ? "waiting" : "failed", reason, code: error.code }));
  if (waits && !ended) later();
  return !waits;
}

/** Of what was received, the latest few stay listed. */
async function forgetOld() {
  const received = (await store.list(page.person_id)).filter((one) => one.state === "received");
  for (const one of received.slice(0, -RECEIVED_KEPT)) await store.remove(one.id);
}
