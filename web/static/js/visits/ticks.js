/**
 * What is ticked off on a round, kept on this device until the service has it: doors have no signal behind them. The id of
 * the entry is made before it is sent, so that said twice it is written once.
 * @typedef {{key: string, person_id: string|null, path: string, body: {state: string, visit?: string, words?: string},
 *   state: "waiting"|"failed", reason: string}} Tick
 */
import { request, ServiceError } from "../core/http.js";
import { page } from "../core/page.js";
import { LATER, secret } from "../report/sender.js";

const NAME = "weiwang-ticks";
const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 300_000;
const ANSWER_MS = 30_000;

let wait_ms = FIRST_WAIT_MS;
let timer = 0;
/** @type {(left: Tick[], taken: number) => void} */
let told = () => {};

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("ticks", { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(ticks: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} once it is on the disk
 */
async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("ticks", mode);
      const asked = act(transaction.objectStore("ticks"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? asked.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<Tick[]>} this person's, nobody else's */
async function kept() {
  const all = await within("readonly", (ticks) => /** @type {IDBRequest<Tick[]>} */ (ticks.getAll()));
  return all.filter((one) => one.person_id === page.person_id);
}

/**
 * Send what waits, now and whenever there may be a network again.
 * @param {(left: Tick[], taken: number) => void} heard what still waits, and how many the service has just taken
 */
export function startTicks(heard) {
  told = heard;
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

/**
 * Keep a tick, then send it.
 * @param {string} path below /api/v1
 * @param {Tick["body"]} body
 */
export async function keepTick(path, body) {
  await within("readwrite", (ticks) => ticks.put({ key: path, person_id: page.person_id, path, body, state: "waiting", reason: "" }));
  await drain();
}

async function drain() {
  clearTimeout(timer);
  let taken = 0;
  const send = async () => {
    for (const one of await kept()) {
      if (one.state !== "waiting") continue;
      if (!(await deliver(one))) return later();
      taken += 1;
    }
  };
  await (navigator.locks ? navigator.locks.request("weiwang-ticks", send) : send()).catch(later);
  told(await kept().catch(() => []), taken);
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void drain(), wait_ms * (0.75 + Math.random() / 2));
  wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
}

/** @param {Tick} one @returns {Promise<boolean>} whether the next may be tried */
async function deliver(one) {
  try {
    await request("POST", one.path, one.body, { csrf: await secret(), signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === 401 || LATER.has(error.status) || error.code === "csrf_failed") return false;
    await within("readwrite", (ticks) => ticks.put({ ...one, state: "failed", reason: error.message }));
    return true;
  }
  await within("readwrite", (ticks) => ticks.delete(one.key));
  wait_ms = FIRST_WAIT_MS;
  return true;
}

/** @param {string} key of a tick that the service refused */
export const dropTick = (key) => within("readwrite", (ticks) => ticks.delete(key));
