/**
 * The report being written, kept on the phone until the server has it: the phone may end the page while the camera is
 * open, and the same UUID must be sent again after a broken connection.
 * @typedef {{id: string, category: string, description: string, detail: string, building: string, plate: string,
 *   same_as: string, separate: string, chosen_place: string, lon: number|null, lat: number|null, datum: string,
 *   accuracy_m: number|null, heading_deg: number|null, source: string, fixed_at: string}} Draft
 * @typedef {{name: string, blob: Blob}} Photo
 */

const KEY = "weiwang-report";
const STORE = "photos";

/** @returns {Draft|null} */
export function loadDraft() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Draft} draft */
export function saveDraft(draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // private browsing without storage: the page itself still holds it
  }
}

/** Forget the draft and its photos: the server has them. */
export async function clearDraft() {
  sessionStorage.removeItem(KEY);
  await store("readwrite", (photos) => photos.clear());
}

/** @param {string} id of the draft @returns {Promise<Photo[]>} */
export async function loadPhotos(id) {
  return (await store("readonly", (photos) => photos.get(id))) ?? [];
}

/** @param {string} id of the draft @param {Photo[]} photos */
export async function savePhotos(id, photos) {
  await store("readwrite", (kept) => kept.put(photos, id));
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>} undefined where the browser keeps nothing
 */
function store(mode, act) {
  return new Promise((resolve) => {
    const opening = indexedDB.open("weiwang-report", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(asked.result);
      };
      transaction.onerror = () => resolve(undefined);
    };
  });
}
