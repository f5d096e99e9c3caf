/** Where a report is: what the service makes of a position, the choice where it is in doubt, and a map when it is wanted. */
import { find, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { nameOf, page } from "../core/page.js";
import { settled } from "../core/quiet.js";
import { distance, t } from "../core/words.js";
import { candidateList } from "./candidates.js";

/**
 * @typedef {{lon: number, lat: number, datum: string, accuracy_m: number|null, heading_deg?: number|null, source: string,
 *   plate?: string, chosen_place?: string, at?: [number, number]}} Spot
 *   as stated in its datum; plate: code of the scanned one; chosen_place: what the reader says it is; at: latitude and
 *   longitude on the map, where the datum is another one
 * @typedef {import("./candidates.js").Candidate} Candidate
 */

export class PlacePicker {
  /**
   * @param {HTMLElement} panel of the map, closed until it is wanted
   * @param {(spot: Spot) => void} moved called when the reader moves the pin, picks a place or another datum
   */
  constructor(panel, moved) {
    this.panel = panel;
    this.moved = moved;
    /** @type {import("./place_map.js").PlaceMap|null} */
    this.map = null;
    /** @type {Promise<void>|null} */
    this.opening = null;
    /** @type {Spot|null} */
    this.spot = null;
    /** @type {[Candidate[], (one: Candidate) => void]|null} */
    this.marks = null;
    this.ask = settled(() => void this.locate(), 350);
  }

  /** Show the map; Leaflet comes only now. @returns {Promise<void>} */
  open() {
    this.opening ??= this.load().catch(() => { // no network, and never opened here before
      this.panel.hidden = true;
      this.opening = null;
    });
    return this.opening;
  }

  async load() {
    this.panel.hidden = false;
    const { leaflet = "", styles = "" } = this.panel.dataset;
    await Promise.all(styles.split(" ").map(link));
    await script(leaflet);
    const { openPlaceMap } = await import("./place_map.js");
    this.map = await openPlaceMap(this.panel, (at) => this.pinned(at));
    this.draw();
    if (this.spot) this.map.follow(this.where());
    if (this.marks) this.map.mark(this.marks[0], this.where(), this.marks[1]);
  }

  /** @param {Spot} spot @param {boolean} [follow] move the map there */
  async set(spot, follow = true) {
    this.spot = spot;
    this.draw();
    if (follow) this.map?.follow(this.where());
    this.ask();
  }

  /** @param {{lat: number, lng: number}} at the reader says so */
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

  draw() {
    if (this.spot) this.map?.draw(this.where(), this.spot.accuracy_m);
  }

  /** @param {Candidate[]} candidates @param {(one: Candidate) => void} pick */
  mark(candidates, pick) {
    this.marks = [candidates, pick];
    this.map?.mark(candidates, this.where(), pick);
  }

  unmark() {
    this.marks = null;
    this.map?.unmark();
  }

  /** Ask the service where this is, and say it. */
  async locate() {
    const asked = this.spot;
    const shown = find("#place-now");
    if (!asked || !shown) return;
    const { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place, plate } = asked;
    try {
      const place = await get("locate", plate ? { plate } : { lon, lat, datum, accuracy_m, heading_deg, source, chosen_place });
      if (asked !== this.spot) return;
      if (datum !== "wgs84" && !asked.at) {
        asked.at = [place.lat, place.lon];
        this.draw();
        this.map?.follow(this.where());
      }
      this.answer(asked, place, shown);
    } catch (error) {
      if (asked !== this.spot) return;
      const { status, message } = /** @type {import("../core/http.js").ServiceError} */ (error);
      shown.replaceChildren(h("p", { class: status ? "note warn" : "note" }, status ? message : t("没有网络：位置记下了，传上去以后再归到网格。")));
    }
  }

  /** @param {Spot} asked @param {any} place as answered by locate @param {HTMLElement} shown */
  answer(asked, place, shown) {
    this.unmark();
    const again = (/** @type {string} */ words, /** @type {object} */ change) =>
      h("button", { class: "chip", type: "button", onclick: () => this.say({ ...asked, at: undefined, ...change }) }, words);
    const words = placeWords(place);
    if (place.chosen) words.push(h("div", { class: "chips" }, h("span", { class: "badge" }, t("您选的")), again(t("重选"), { chosen_place: "" })));
    if (asked.datum !== "wgs84") words.push(h("div", { class: "chips" }, h("span", { class: "badge" }, page.names.datum[asked.datum]), again(t("不用这个坐标系"), { datum: "wgs84" })));
    if (place.suggestion) words.push(suggestion(place.suggestion, () => this.say({ ...asked, at: undefined, datum: place.suggestion })));
    const pick = (/** @type {import("./candidates.js").Candidate} */ one) => this.say({ ...asked, chosen_place: one.choice });
    if (!place.ambiguous || place.candidates.length < 2) {
      const chosen = place.candidates.filter((/** @type {any} */ one) => one.choice === asked.chosen_place);
      if (chosen.length) this.mark(chosen, () => {});
      return void shown.replaceChildren(...words);
    }
    const none = () => {
      this.unmark();
      this.moved(asked);
      void this.open().then(() => this.map?.nudge());
      shown.replaceChildren(h("p", { class: "note", id: "drag-the-pin" }, t("请把图钉拖到出问题的地方，或在图上点一下。")));
      shown.scrollIntoView({ block: "nearest" });
    };
    this.mark(place.candidates, pick);
    shown.replaceChildren(candidateList(place.candidates, { pick, none }));
  }
}

/** @param {any} place as answered by locate @returns {HTMLElement[]} */
function placeWords(place) {
  if (!place.community) {
    return [h("p", { class: "note warn" }, t("这里在社区以外；仍可上报，由值班调度处理。"))];
  }
  const cells = [place.grid && t("网格 {code}", { code: place.grid.code }), place.micro_grid && t("微网格 {code}", { code: place.micro_grid.code }), nameOf(place.courtyard)].filter(Boolean);
  return [
    h("b", {}, nameOf(place.building) || nameOf(place.street) || nameOf(place.courtyard) || t("社区内")),
    h("span", { class: "soft small" }, [...cells, place.street?.name && place.building ? `${nameOf(place.street)} ${distance(place.street.distance_m)}` : ""].filter(Boolean).join(" · ")),
  ];
}

/** @param {string} datum @param {() => void} use */
function suggestion(datum, use) {
  return h("div", { class: "note", id: "suggested-datum" }, h("div", { class: "stack-tight" },
    h("span", {}, t("看起来是{datum}：按它算就在社区里。", { datum: page.names.datum[datum] })),
    h("button", { class: "button", type: "button", id: "use-datum", onclick: use }, t("就按它算"))));
}

/** @param {string} url of a style sheet @returns {Promise<unknown>} */
export const link = (url) => new Promise((done) => document.head.append(h("link", { rel: "stylesheet", href: url, onload: done, onerror: done })));

/** @param {string} url @returns {Promise<unknown>} */
const script = (url) => "L" in globalThis ? Promise.resolve() : new Promise((done, fail) => document.head.append(h("script", { src: url, onload: done, onerror: fail })));
