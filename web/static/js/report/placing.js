/** Where the report in the form is: the phone's position, a plate, an address or the pin; and what is open nearby. */
import { find, h } from "../core/dom.js";
import { settled } from "../core/quiet.js";
import { distance, t } from "../core/words.js";
import { findNearby, showNearby } from "./nearby.js";
import { link, PlacePicker } from "./place.js";
import { bestFix } from "./position.js";

const WIDE = "(min-width: 60rem)";

export class Placing {
  /**
   * @param {import("./draft.js").Notebook} notebook
   * @param {{keep: () => void, send: () => Promise<void>}} form keep: write down what it holds
   */
  constructor(notebook, { keep, send }) {
    this.notebook = notebook;
    this.draft = notebook.draft;
    this.keep = keep;
    this.send = send;
    this.state = /** @type {HTMLElement} */ (find("#fix-state"));
    this.address = /** @type {HTMLInputElement|null} */ (find("#address"));
    this.shownNearby = "";
    this.stop = () => {};
    this.picker = new PlacePicker(/** @type {HTMLElement} */ (find("#report-map")), (spot) => this.moved(spot));
    this.look = settled(() => void this.lookNearby(), 500);
    find("#locate-again")?.addEventListener("click", () => this.locateAgain());
    find("#open-map")?.addEventListener("click", () => void this.picker.open());
    find("#plate-leave")?.addEventListener("click", (event) => void this.leaveForGood(event));
    this.address?.addEventListener("focus", () => void this.search(), { once: true });
    if (matchMedia(WIDE).matches) void this.picker.open();
  }

  /** @param {import("./place.js").Spot} spot the reader says so */
  moved({ lon, lat, datum, accuracy_m, heading_deg = null, source, chosen_place = "" }) {
    this.stop();
    this.leavePlate();
    Object.assign(this.draft, { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place, building: "", fixed_at: this.draft.fixed_at || new Date().toISOString() });
    if (this.address) this.address.value = "";
    if (source === "pin") {
      this.draft.fixed_at = new Date().toISOString();
      this.state.textContent = t("手动标注的位置");
    }
    this.keep();
  }

  /** Show where the draft is, or find out. @param {boolean} given by the address of the page, or a form that came back */
  async show(given) {
    const { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place } = this.draft;
    this.shownNearby = "";
    find("#nearby")?.replaceChildren();
    this.scannedOffline();
    if (find("#plate-now") || this.draft.plate) return this.atPlate();
    if (lon === null || lat === null || (source === "gnss" && !chosen_place && !given)) return this.locate();
    await this.picker.set({ lon, lat, datum, accuracy_m, heading_deg, source, chosen_place });
    this.state.textContent = source === "plate" ? t("按门牌定位") : source === "gnss" ? t("已定位，误差约 {distance}", { distance: distance(accuracy_m ?? 0) }) : t("手动标注的位置");
  }

  locateAgain() {
    this.leavePlate();
    Object.assign(this.draft, { source: "gnss", chosen_place: "" });
    this.locate();
  }

  locate() {
    if (!window.isSecureContext || !navigator.geolocation) {
      this.state.textContent = t("浏览器不允许定位（网址不是 HTTPS）：请在地图上点出位置");
      return void this.picker.open();
    }
    this.state.textContent = t("正在定位…");
    this.stop();
    this.stop = bestFix({
      better: (fix) => {
        Object.assign(this.draft, fix, { source: "gnss", chosen_place: "" });
        this.state.textContent = t("误差约 {distance}，继续改善…", { distance: distance(fix.accuracy_m) });
        void this.picker.set({ ...fix, datum: this.draft.datum, source: "gnss" });
        this.keep();
      },
      ended: (best, denied) => {
        if (this.draft.source !== "gnss") return;
        if (best) this.state.textContent = best.accuracy_m > 50 ? t("误差约 {distance}：请拖动图钉改正", { distance: distance(best.accuracy_m) }) : t("已定位，误差约 {distance}", { distance: distance(best.accuracy_m) });
        else this.state.textContent = denied ? t("没有定位权限：请在地图上点出位置") : t("没有取得位置：请在地图上点出位置");
        if (!best || best.accuracy_m > 50) void this.picker.open();
      },
    });
  }

  /** The report is somewhere else than at the plate that was scanned. */
  leavePlate() {
    this.draft.plate = "";
    find("#plate-now")?.remove();
  }

  /** @param {Event} event the page without the plate is opened, once the draft knows */
  async leaveForGood(event) {
    event.preventDefault();
    Object.assign(this.draft, { plate: "", lon: null, lat: null, source: "gnss" });
    await this.notebook.save(true);
    window.location.assign("/report");
  }

  /** The report is at the plate that was scanned: no position of the phone is asked for. */
  async atPlate() {
    const plate = /** @type {HTMLInputElement|null} */ (find("#plate-now input"));
    if (plate) Object.assign(this.draft, { plate: plate.value, lon: Number(plate.dataset.lon), lat: Number(plate.dataset.lat), fixed_at: new Date().toISOString() });
    Object.assign(this.draft, { datum: "wgs84", accuracy_m: null, heading_deg: null, source: "plate", building: "", chosen_place: "" });
    this.state.textContent = t("按门牌码定位");
    const { lon, lat } = this.draft;
    if (lon === null || lat === null) {
      find("#place-now")?.replaceChildren(h("p", { class: "note good" }, t("门牌码已扫到：传上去以后按它定位。")));
      return;
    }
    void this.notebook.save();
    await this.picker.set({ lon, lat, datum: "wgs84", accuracy_m: null, source: "plate", plate: this.draft.plate });
    this.look();
  }

  /** Without a network the page of a plate is the page itself: the code alone says where. */
  scannedOffline() {
    const code = new URLSearchParams(window.location.search).get("plate");
    if (!code || this.draft.plate || find("#plate-now") || find("[data-problem]")) return;
    Object.assign(this.draft, { plate: code, lon: null, lat: null });
    void this.notebook.save(true);
  }

  /** Search for addresses once somebody is about to. */
  async search() {
    const { styles = "" } = this.address?.parentElement?.dataset ?? {};
    const [{ searchBox }] = await Promise.all([import("../core/search.js"), link(styles)]);
    if (this.address) searchBox(this.address, { kinds: ["building", "stairwell"], chosen: (found) => void this.chosen(found) });
  }

  /** @param {import("../core/search.js").Found} found the address that was chosen */
  async chosen({ lon, lat, id }) {
    this.stop();
    this.leavePlate();
    Object.assign(this.draft, { lon, lat, datum: "wgs84", accuracy_m: null, heading_deg: null, source: "plate", chosen_place: "", building: id, fixed_at: new Date().toISOString() });
    this.state.textContent = t("按门牌定位");
    await this.picker.set({ lon, lat, datum: "wgs84", accuracy_m: null, source: "plate" });
    this.keep();
  }

  async lookNearby() {
    const [{ spot }, { category, description }] = [this.picker, this.draft];
    if (!spot || !category) return;
    const items = await findNearby(spot, category, description);
    const names = items.map((one) => one.case_id).join();
    if (spot !== this.picker.spot || category !== this.draft.category || (names === this.shownNearby && names)) return;
    if (this.shownNearby) this.draft.separate = ""; // said of others than these
    this.shownNearby = names;
    showNearby(/** @type {HTMLElement} */ (find("#nearby")), items, {
      separate: this.draft.separate === "true",
      same: (one) => {
        this.draft.same_as = one.case_id;
        void this.send();
      },
      other: (separate) => {
        this.draft.separate = separate ? "true" : "";
        void this.notebook.save();
      },
    });
  }

  /** @param {string} code the service will not have the report as it is */
  refused(code) {
    if (this.draft.same_as) { // that one was closed meanwhile, or the pin is elsewhere now: the report itself is kept
      this.draft.same_as = "";
      this.shownNearby = "";
      this.keep();
    }
    if (code.startsWith("choice_") && this.picker.spot) this.picker.say({ ...this.picker.spot, chosen_place: "" });
  }
}
