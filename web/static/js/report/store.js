/**
 * Reports and their photos on this device: written at every change, so that nothing is lost when the phone ends the page.
 * @typedef {"draft"|"waiting"|"sending"|"received"|"failed"} State
 * @typedef {{id: string, person_id: string|null, state: State, draft: import("./draft.js").Draft, changed_at: number,
 *   queued_at: number, reported: boolean, number: string, reason: string, code: string, total: number, sent: number}} Kept
 *   reported: the service has the words and waits for photos; sent of total: photos
 * @typedef {{key: number, report_id: string, name: string, blob: Blob, sha256: string, sent: boolean}} Photo
 */

const NAME = "weiwang-report";
const VERSION = 2;

/** @type {Promise<IDBDatabase>|null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, VERSION);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      for (const old of [...database.objectStoreNames]) database.deleteObjectStore(old);
      database.createObjectStore("reports", { keyPath: "id" });
      database.createObjectStore("photos", { keyPath: "key", autoIncrement: true }).createIndex("report", "report_id");
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      opening.result.onversionchange = () => opening.result.close();
      opening.result.onclose = () => { opened = null; };
      resolve(opening.result);
    };
  });
  return opened;
}

/** @returns {Promise<boolean>} whether this browser keeps anything: some do not in private windows */
export async function isKeeping() {
  try {
    return Boolean(await open());
  } catch {
    opened = null;
    return false;
  }
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(reports: IDBObjectStore, photos: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} the answer, once it is on the disk
 */
async function within(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(["reports", "photos"], mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const asked = act(transaction.objectStore("reports"), transaction.objectStore("photos"));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? asked.error);
  });
}

/** @param {Kept} report */
export const write = (report) => within("readwrite", (reports) => reports.put(report));

/** @param {string} id @returns {Promise<Kept|undefined>} */
export const read = (id) => within("readonly", (reports) => reports.get(id));

/**
 * Change some fields of a report: whatever another tab wrote into the others stays.
 * @param {string} id
 * @param {Partial<Kept>} change
 * @param {State[]} [from] only in one of these states
 * @returns {Promise<Kept|undefined>} as it is now; nothing where it was removed meanwhile, or is in another state
 */
export async function update(id, change, from) {
  /** @type {Kept|undefined} */
  let now;
  await within("readwrite", (reports) => {
    const asked = reports.get(id);
    asked.onsuccess = () => {
      if (!asked.result || (from && !from.includes(asked.result.state))) return;
      now = { ...asked.result, ...change };
      reports.put(now);
    };
    return asked;
  });
  return now;
}

/** @param {string|null} person_id @returns {Promise<Kept[]>} this person's, the oldest first; nobody else's */
export async function list(person_id) {
  const all = await within("readonly", (reports) => /** @type {IDBRequest<Kept[]>} */ (reports.getAll()));
  return all.filter((one) => one.person_id === person_id).sort((a, b) => (a.queued_at || a.changed_at) - (b.queued_at || b.changed_at));
}

/** @param {string} id of the report @returns {Promise<Photo[]>} in the order they were taken */
export const photosOf = (id) => within("readonly", (_, photos) => /** @type {IDBRequest<Photo[]>} */ (photos.index("report").getAll(id)));

/** @param {Omit<Photo, "key">} photo @returns {Promise<number>} its key */
export const addPhoto = (photo) => within("readwrite", (_, photos) => /** @type {IDBRequest<any>} */ (photos.add(photo)));

/** @param {Photo} photo */
export const putPhoto = (photo) => within("readwrite", (_, photos) => photos.put(photo));

/** @param {number} key */
export const removePhoto = (key) => within("readwrite", (_, photos) => photos.delete(key));

/** @param {string} id of the report */
export async function removePhotos(id) {
  await within("readwrite", (_, photos) => {
    const asked = photos.index("report").getAllKeys(id);
    asked.onsuccess = () => asked.result.forEach((key) => photos.delete(key));
    return asked;
  });
}

/** @param {string} id of a report, with its photos */
export async function remove(id) {
  await removePhotos(id);
  await within("readwrite", (reports) => reports.delete(id));
}
