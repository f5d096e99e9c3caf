/**
 * What is handed in where there is no network (basements, stairwells, behind doors): kept on this device until the service
 * has it, and never called sent before. Each goes to an address where a repeat changes nothing.
 *
 * Every page that has a box sends all that waits of its reader. What the service refuses is left to the page that shows it.
 * @typedef {{name: string, blob: Blob}} Photo
 * @typedef {{path: string, fields?: [string, string][], photos?: Photo[], body?: object|null, about?: Record<string, string>}} Handed
 * What has a body is sent as that, else as a form of its fields and photos.
 * @typedef {Required<Handed> & {key: string, box: string, person_id: string|null, kept_at: number, state: "waiting"|"failed", reason: string}} Kept
 * @typedef {{show: (left: Kept[]) => void, taken?: (one: Kept) => void,
 *   refused?: (one: Kept, error: ServiceError) => boolean, arrived?: (one: Kept, error: ServiceError) => Promise<boolean>}} Box
 * `show` what is still here; `taken` by the service; `refused`: true where it was put right elsewhere and need not be kept;
 * `arrived`: whether a refusal only says that it had been taken before.
 */
import { request, ServiceError } from "./http.js";
import { page } from "./page.js";
import { LATER, secret } from "./sending.js";
import { t } from "./words.js";

const NAME = "weiwang-outbox";
const STORE = "kept";
const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 300_000;
const ANSWER_MS = 30_000;
const SLOWEST_BYTES_PER_MS = 1.5; // slower than this is not a connection

/** @type {Map<string, Box>} */
const boxes = new Map();
let wait_ms = FIRST_WAIT_MS;
let timer = 0;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(kept: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} once it is on the disk
 */
async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? asked.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<Kept[]>} this person's, nobody else's, the oldest first */
async function mine() {
  const all = await within("readonly", (kept) => /** @type {IDBRequest<Kept[]>} */ (kept.getAll()));
  return all.filter((one) => one.person_id === page.person_id).sort((one, other) => one.kept_at - other.kept_at);
}

/** @param {Kept} one */
const put = (one) => within("readwrite", (kept) => kept.put(one));

/**
 * Open a box of this page, and send what waits: now, and whenever there may be a network again.
 * @param {string} name
 * @param {Box} box
 */
export function openOutbox(name, box) {
  if (!boxes.size) listen();
  boxes.set(name, box);
  /** @param {string} key of what the service refused */
  const drop = async (key) => {
    await within("readwrite", (kept) => kept.delete(key));
    await show();
  };
  return {
    /** Keep it, then send it; fails where this browser keeps nothing. @param {Handed} handed */
    keep: async (handed) => {
      const key = `${name}:${handed.path}:${handed.about?.id ?? ""}`;
      await put({ fields: [], photos: [], body: null, about: {}, ...handed, key, box: name, person_id: page.person_id, kept_at: Date.now(), state: "waiting", reason: "" });
      await drain();
    },
    drop,
    /** @param {Kept} one */
    again: async (one) => {
      await put({ ...one, state: "waiting", reason: "" });
      await drain();
    },
    show,
  };
}

function listen() {
  const now = () => {
    wait_ms = FIRST_WAIT_MS;
    void drain();
  };
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) now();
  });
  setTimeout(now); // once this page has opened all of its boxes
}

async function show() {
  const all = await mine().catch(() => []);
  for (const [name, box] of boxes) box.show(all.filter((one) => one.box === name));
}

/** Tabs stand in line: only one sends at a time. */
async function drain() {
  clearTimeout(timer);
  const send = async () => {
    for (const one of await mine()) if (one.state === "waiting" && !(await deliver(one))) break;
  };
  await (navigator.locks ? navigator.locks.request(NAME, send) : send()).catch(later);
  await show();
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void drain(), wait_ms * (0.75 + Math.random() / 2));
  wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
}

/** @param {Kept} one @returns {Promise<boolean>} whether the next may be tried */
async function deliver(one) {
  const form = new FormData();
  for (const [name, value] of one.fields) form.append(name, value);
  for (const { name, blob } of one.photos) form.append("photo", blob, name);
  const bytes = one.photos.reduce((sum, { blob }) => sum + blob.size, 0);
  const box = boxes.get(one.box);
  try {
    await request("POST", one.path, one.body ?? form, { csrf: await secret(), signal: AbortSignal.timeout(ANSWER_MS + bytes / SLOWEST_BYTES_PER_MS) });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (!(await box?.arrived?.(one, error))) return refuse(one, error);
  }
  await within("readwrite", (kept) => kept.delete(one.key));
  wait_ms = FIRST_WAIT_MS;
  box?.taken?.(one);
  return true;
}

/** @param {Kept} one @param {ServiceError} error @returns {Promise<boolean>} whether the next may be tried */
async function refuse(one, error) {
  const { status, code, message } = error;
  if (status === 401 || LATER.has(status) || code === "csrf_failed") {
    await put({ ...one, reason: status === 401 ? t("请登录后上传。") : "" });
    if (status !== 401) later();
    return false;
  }
  const box = boxes.get(one.box);
  if (!box) return true; // its own page says what is wrong with it
  if (box.refused?.(one, error)) await within("readwrite", (kept) => kept.delete(one.key));
  else await put({ ...one, state: "failed", reason: message });
  return true;
}
