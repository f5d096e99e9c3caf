/**
 * The report being written. It is on the device before the camera opens and after every change; one tab writes it.
 * @typedef {{id: string, category: string, description: string, detail: string, building: string, plate: string,
 *   same_as: string, separate: string, chosen_place: string, lon: number|null, lat: number|null, datum: string,
 *   accuracy_m: number|null, heading_deg: number|null, source: string, fixed_at: string}} Draft
 */
import { page } from "../core/page.js";
import * as store from "./store.js";

const OTHER_TAB_MS = 800; // a page that is just being left still holds its draft for a moment

/** @param {string} id @returns {Draft} */
export const blank = (id) => ({
  id, category: "", description: "", detail: "", building: "", plate: "", same_as: "", separate: "", chosen_place: "",
  lon: null, lat: null, datum: "wgs84", accuracy_m: null, heading_deg: null, source: "gnss", fixed_at: "",
});


export class Notebook {
  /** @param {string} id for a new draft @param {(state: "kept"|"full"|"empty") => void} told after each writing */
  constructor(id, told) {
    this.draft = blank(id);
    /** @type {store.Photo[]} */
    this.photos = [];
    this.told = told;
    this.keeping = false;
    this.handed = false; // to the sender: nothing is written here until it is given back
    this.written = Promise.resolve();
    this.release = () => {};
  }

  /** Take up the newest draft that no other tab is writing. */
  async open() {
    this.keeping = await store.isKeeping();
    if (this.keeping) {
      const drafts = (await store.list(page.person_id)).filter((one) => one.state === "draft").reverse();
      for (const one of drafts) if (await this.resume(one.id)) return;
    }
    await this.hold(this.draft.id);
  }

  /** @param {string} id of a draft on this device @returns {Promise<boolean>} false where another tab is writing it */
  async resume(id) {
    if (!(await this.hold(id))) return false;
    const kept = await store.read(id);
    if (kept?.state !== "draft") return false;
    Object.assign(this.draft, blank(id), kept.draft);
    this.photos = await store.photosOf(id);
    this.handed = false;
    this.told("kept");
    return true;
  }

  /** Begin another report. @param {string} id */
  async begin(id) {
    Object.assign(this.draft, blank(id));
    this.photos = [];
    this.handed = false;
    this.told("empty");
    await this.hold(id);
  }

  /** @param {string} id @returns {Promise<boolean>} whether this tab alone writes it, until it is left */
  hold(id) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      navigator.locks.request(`weiwang-draft-${id}`, { signal: AbortSignal.timeout(OTHER_TAB_MS) }, () => {
        this.release();
        resolve(true);
        return new Promise((release) => { this.release = () => release(undefined); });
      }).catch(() => resolve(false));
    });
  }

  /** @returns {boolean} whether there is anything to keep */
  get begun() {
    const { category, description, detail, plate, source, lon } = this.draft;
    return Boolean(category || description || detail || plate || this.photos.length || (lon !== null && source === "pin"));
  }

  /** Write it down. @param {boolean} [always] also where it is empty: the camera is about to open */
  save(always = false) {
    if (!this.keeping || this.handed || !(always || this.begun)) return this.written;
    const report = this.kept("draft");
    this.written = this.written.then(() => store.write(report)).then(() => this.told("kept")).catch(() => this.told("full"));
    return this.written;
  }

  /** @param {string} name @param {Blob} blob */
  async addPhoto(name, blob) {
    const photo = { report_id: this.draft.id, name, blob, sha256: "", sent: false };
    await this.save(true);
    const key = this.keeping ? await store.addPhoto(photo).catch(() => this.told("full")) : undefined;
    this.photos.push({ ...photo, key: key ?? -1 });
  }

  /** @param {number} index */
  async removePhoto(index) {
    const [gone] = this.photos.splice(index, 1);
    if (this.keeping && gone.key > 0) await store.removePhoto(gone.key);
  }

  /** Hand it over to the sender, with the fingerprints under which its photos travel. */
  async queue() {
    this.handed = true;
    await this.written;
    const known = new Set();
    for (const photo of await store.photosOf(this.draft.id)) {
      photo.sha256 = await sha256(photo.blob);
      if (known.has(photo.sha256)) await store.removePhoto(photo.key);
      else await store.putPhoto(photo);
      known.add(photo.sha256);
    }
    await store.write({ ...this.kept("waiting"), queued_at: Date.now(), total: known.size });
    void navigator.storage?.persist?.();
  }

  /** Forget it: the service has it. */
  async forget() {
    await this.written;
    if (this.keeping) await store.remove(this.draft.id);
  }

  /** @param {store.State} state @returns {store.Kept} */
  kept(state) {
    return { id: this.draft.id, person_id: page.person_id, state, draft: { ...this.draft }, changed_at: Date.now(), queued_at: 0,
      reported: false, number: "", reason: "", code: "", total: this.photos.length, sent: 0 };
  }
}

/** @param {Blob} blob */
async function sha256(blob) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
