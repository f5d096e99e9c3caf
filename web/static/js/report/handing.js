/** From the form to the service: handed to the queue, followed on the way, given back where the service refuses it. */
import { find } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { showQueue, stateWords } from "./queue.js";
import { drain, onChange, startSending, tell } from "./sender.js";
import * as store from "./store.js";

/**
 * @typedef {{next: () => Promise<void>, resume: (id: string) => Promise<void>, refused: (code: string) => void}} Form
 *   next: empty it for another report; resume: show a draft; refused: the service will not have it as it is
 */

export class Handing {
  /** @param {import("./draft.js").Notebook} notebook @param {Form} form */
  constructor(notebook, form) {
    this.notebook = notebook;
    this.form = form;
    /** @type {string|null} */
    this.id = null; // of the report on its way that the form still shows
    this.button = /** @type {HTMLButtonElement} */ (find("#send"));
    this.box = /** @type {HTMLElement} */ (find("#sending"));
    this.words = /** @type {HTMLElement} */ (find("#sending-text"));
    this.bar = /** @type {HTMLProgressElement} */ (find("#sending-bar"));
  }

  /** Begin to send what waits, and list it. */
  start() {
    if (!this.notebook.keeping || !globalThis.crypto?.subtle) return;
    onChange((report) => {
      this.list();
      if (report && report.id === this.id) void this.follow(report);
    });
    find("#queue-export")?.addEventListener("click", () => void rescue());
    find("#send-another")?.addEventListener("click", () => void this.another());
    this.list();
    startSending();
  }

  list() {
    void showQueue(this.id ?? this.notebook.draft.id, (id) => void this.edit(id));
  }

  /** @param {string} id of a report that waits or failed: back into the form, if the sender does not have it just now */
  async edit(id) {
    await this.notebook.save();
    const back = await store.update(id, { state: "draft", reason: "", queued_at: 0 }, ["waiting", "failed", "draft"]);
    if (back) await this.form.resume(id);
    tell();
  }

  /** Send the report in the form. */
  async send() {
    this.button.disabled = true;
    this.box.hidden = false;
    this.bar.value = 0;
    this.words.textContent = t("上传中…");
    if (!this.notebook.keeping || !globalThis.crypto?.subtle) return this.atOnce();
    this.id = this.notebook.draft.id;
    try {
      await this.notebook.queue();
    } catch {
      return this.atOnce(); // no room for it on the device
    }
    /** @type {HTMLElement} */ (find("#send-another")).hidden = false;
    tell(await store.read(this.id));
    void drain();
    if (!navigator.onLine) await this.another();
  }

  /** In one request: where the browser keeps nothing, or the page came without HTTPS. */
  async atOnce() {
    try {
      const { sendReport } = await import("./send.js");
      const sent = await sendReport(this.notebook.draft, this.notebook.photos, (part) => {
        this.bar.value = part;
        this.words.textContent = part < 1 ? t("上传中 {percent}%", { percent: Math.round(100 * part) }) : t("已传完，等待确认…");
      });
      await this.notebook.forget();
      window.location.assign(`/report/${sent.id}`);
    } catch (error) {
      const { message, code } = /** @type {import("../core/http.js").ServiceError} */ (error);
      if (code === "report_id_reused") { // it was received before the connection broke, and changed since: show what arrived
        await this.notebook.forget();
        window.location.assign(`/report/${this.notebook.draft.id}`);
      }
      this.giveBack(message, code);
    }
  }

  /** @param {store.Kept} report the one in the form */
  async follow(report) {
    if (report.state === "sending") {
      this.bar.value = (report.sent + (report.reported ? 0.5 : 0)) / (report.total + 1);
      this.words.textContent = stateWords(report);
    } else if (report.state === "received") window.location.assign(`/report/${report.id}`);
    else if (report.state === "failed" && !report.reported) {
      this.id = null;
      await store.update(report.id, { state: "draft", queued_at: 0 });
      this.giveBack(report.reason, report.code);
      this.list();
    } else if (report.state === "failed" || report.reason) await this.another();
  }

  /** @param {string} message @param {string} code */
  giveBack(message, code) {
    this.id = null;
    this.notebook.handed = false;
    this.idle();
    this.form.refused(code);
    toast(message, { bad: true });
  }

  /** It stays in the queue; the form is for the next one. */
  async another() {
    const kept = this.id && await store.read(this.id);
    this.id = null;
    this.idle();
    await this.form.next();
    if (kept) toast(kept.state === "failed" ? kept.reason : t("已存在这台手机，还没有传出去：有网络时自动上传。"), { bad: kept.state === "failed" });
    this.list();
    window.scrollTo({ top: 0 });
  }

  idle() {
    this.box.hidden = true;
    this.button.disabled = false;
    /** @type {HTMLElement} */ (find("#send-another")).hidden = true;
  }
}

async function rescue() {
  try {
    await (await import("./rescue.js")).exportQueue();
  } catch {
    toast(t("没有导出成功，请联网后再试。"), { bad: true });
  }
}
