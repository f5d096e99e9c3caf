/** The map of a report: own position with its circle, a pin to correct it, the place it is snapped to, or might be. */
import { find, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { settled } from "../core/live.js";
import { page } from "../core/page.js";
import { distance, t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { candidateList, drawCandidates } from "./candidates.js";
import { pinIcon } from "./pin.js";

const L = /** @type {any} */ (globalThis).L;

/**
 * @typedef {{lon: number, lat: number, datum: string, accuracy_m: number|null, heading_deg?: number|null, source: string,
 *   plate?: string, chosen_place?: string, at?: [number, number]}} Spot
 *   as stated in its datum; plate: code of the scanned one; chosen_place: what the reader says it is; at: latitude and
 *   longitude on the map, where the datum is another one
 */

export class PlacePicker {
  /**
   * @param {HTMLElement} panel
   * @param {(spot: Spot) => void} moved called when the reader moves the pin, picks a place or another datum
   */
  constructor(panel, moved) {
    panel.hidden = false;
    this.moved = moved;
    /** @type {any} */
    this.marked = null;
    /** @type {Spot|null} */
    this.spot = null;
    this.ready = this.make(/** @type {HTMLElement} */ (find(".map", panel)));
    this.ask = settled(() => void this.locate(), 350);
  }

  /** @param {HTMLElement} element */
  async make(element) {
    this.map = await createMap(element, { codes: false });
    this.map.on("click", (/** @type {any} */ { latlng }) => this.pinned(latlng));
    if (this.spot) this.draw();
  }

  /** @param {Spot} spot @param {boolean} [follow] move the map there */
  async set(spot, follow = true) {
    this.spot = spot;
    await this.ready;
    this.draw();
    if (follow) this.follow();
    this.ask();
  }

  /** @param {{lat: number, lng: number}} latlng the reader says so */
  pinned({ lat, lng }) {
    this.say({ lon: lng, lat, datum: "wgs84", accuracy_m: null, source: "pin" });
  }

  /** The reader says so. @param {Spot} spot */
  say(spot) {
    this.spot = spot;
    this.draw();
    this.ask();
    this.moved(spot);
  }

  /** @returns {[number, number]} latitude and longitude on the map */
  where() {
    const { at, lat, lon } = /** @type {Spot} */ (this.spot);
    return at ?? [lat, lon];
  }

  follow() {
    this.map.setView(this.where(), Math.max(this.map.getZoom(), 18), { animate: false });
  }

  draw() {
    if (!this.map || !this.spot) return;
    const { accuracy_m } = this.spot;
    const at = this.where();
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--map-me").trim();
    if (!this.pin) {
      this.circle = L.circle(at, { radius: 0, color: colour, weight: 1.5, fillOpacity: 0.12, interactive: false }).addTo(this.map);
      this.pin = L.marker(at, { draggable: true, autoPan: true, keyboard: true, title: t("拖动改正位置"), alt: t("问题位置"), icon: pinIcon() }).addTo(this.map);
      this.pin.on("dragend", () => this.pinned(this.pin.getLatLng()));
    }
    this.pin.setLatLng(at);
    this.circle.setLatLng(at).setRadius(accuracy_m ?? 0);
  }

  /** Ask the service where this is, and say it. */
  async locate() {
    const asked = this.spot;
    const shown = find("#place-now");
    if (!asked || !shown) return;
    const { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place, plate } = asked;
    try {
      const place = await get("locate", plate ? { plate } : { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place });
      await this.ready;
      if (asked !== this.spot) return;
      if (datum !== "wgs84" && !asked.at) {
        asked.at = [place.lat, place.lon];
        this.draw();
        this.follow();
      }
      this.answer(asked, place, shown);
    } catch (error) {
      if (asked === this.spot) shown.replaceChildren(h("p", { class: "note warn" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {Spot} asked @param {any} place as answered by locate @param {HTMLElement} shown */
  answer(asked, place, shown) {
    this.marked?.remove();
    this.marked = null;
    const again = (/** @type {string} */ words, /** @type {object} */ change) =>
      h("button", { class: "chip", type: "button", onclick: () => this.say({ ...asked, at: undefined, ...change }) }, words);
    const words = placeWords(place);
    if (place.chosen) words.push(h("div", { class: "chips" }, h("span", { class: "badge" }, t("您选的")), again(t("重选"), { chosen_place: "" })));
    if (asked.datum !== "wgs84") words.push(h("div", { class: "chips" }, h("span", { class: "badge" }, page.names.datum[asked.datum]), again(t("不用这个坐标系"), { datum: "wgs84" })));
    if (place.suggestion) words.push(suggestion(place.suggestion, () => this.say({ ...asked, at: undefined, datum: place.suggestion })));
    const pick = (/** @type {import("./candidates.js").Candidate} */ one) => this.say({ ...asked, chosen_place: one.choice });
    if (!place.ambiguous || place.candidates.length < 2) {
      const chosen = place.candidates.filter((/** @type {any} */ one) => one.choice === asked.chosen_place);
      if (chosen.length) this.marked = drawCandidates(this.map, chosen, () => {});
      return void shown.replaceChildren(...words);
    }
    const none = () => {
      this.marked?.remove();
      this.moved(asked);
      this.pin.getElement()?.classList.add("nudge");
      shown.replaceChildren(h("p", { class: "note", id: "drag-the-pin" }, t("请把图钉拖到出问题的地方，或在图上点一下。")));
      shown.scrollIntoView({ block: "nearest" });
    };
    this.marked = drawCandidates(this.map, place.candidates, pick);
    const bounds = this.marked.getLayers().reduce((/** @type {any} */ all, /** @type {any} */ layer) => all.extend(layer.getBounds?.() ?? layer.getLatLng()), L.latLngBounds([this.where()]));
    this.map.fitBounds(bounds, { maxZoom: 19, padding: [28, 28], animate: false });
    shown.replaceChildren(candidateList(place.candidates, { pick, none }));
  }
}

/** @param {any} place as answered by locate @returns {HTMLElement[]} */
function placeWords(place) {
  if (!place.community) {
    return [h("p", { class: "note warn" }, t("这里在社区以外；仍可上报，由值班调度处理。"))];
  }
  const cells = [place.grid && t("网格 {code}", { code: place.grid.code }), place.micro_grid && t("微网格 {code}", { code: place.micro_grid.code }), place.courtyard?.name].filter(Boolean);
  return [
    h("b", {}, place.building?.name || place.street?.name || place.courtyard?.name || t("社区内")),
    h("span", { class: "soft small" }, [...cells, place.street?.name && place.building ? `${place.street.name} ${distance(place.street.distance_m)}` : ""].filter(Boolean).join(" · ")),
  ];
}

/** @param {string} datum @param {() => void} use */
function suggestion(datum, use) {
  return h("div", { class: "note", id: "suggested-datum" }, h("div", { class: "stack-tight" },
    h("span", {}, t("看起来是{datum}：按它算就在社区里。", { datum: page.names.datum[datum] })),
    h("button", { class: "button", type: "button", id: "use-datum", onclick: use }, t("就按它算"))));
}
