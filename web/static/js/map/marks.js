/** Cases on the map: a dot from afar, a disc with its category's picture from near, coloured by status. */
import { page } from "../core/page.js";

const L = /** @type {any} */ (globalThis).L;
const PICTURE_FROM_PX = 10;

/** @type {Map<string, Path2D>} */
const pictures = new Map();

/** @returns {Promise<void>} once the pictures of img/icons.svg can be drawn */
export async function loadPictures() {
  if (pictures.size) return;
  const answer = await fetch(page.icons);
  const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  for (const symbol of sprite.querySelectorAll("symbol")) {
    pictures.set(symbol.id, new Path2D(symbol.querySelector("path")?.getAttribute("d") ?? ""));
  }
}

/** Colours already asked for, since asking makes the browser work out styles; forgotten soon, for the reader may turn to dark. @type {Map<string, string>} */
const colours = new Map();
const FORGET_MS = 1000;

/** @param {string} name @returns {string} a colour of the style sheet */
export function colour(name) {
  let found = colours.get(name);
  if (found === undefined) {
    if (!colours.size) setTimeout(() => colours.clear(), FORGET_MS);
    found = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    colours.set(name, found);
  }
  return found;
}

/** @param {number} zoom @returns {number} radius of a mark, pixels */
export const radiusAt = (zoom) => (zoom < 15.5 ? 5 : zoom < 16.75 ? 7 : zoom < 17.75 ? 11 : 14);

export const CaseMark = L.CircleMarker.extend({
  options: { stroke: false, bubblingMouseEvents: false },

  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    drawMark(renderer._ctx, this._point, this._radius, this.options);
  },

  _updateBounds() {
    L.CircleMarker.prototype._updateBounds.call(this);
    this._pxBounds = L.bounds(this._pxBounds.min.subtract([6, 6]), this._pxBounds.max.add([6, 6]));
  },
});

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}} at
 * @param {number} radius
 * @param {{status: string, category: string, urgent?: boolean, chosen?: boolean, light?: string|null}} options
 */
function drawMark(context, at, radius, { status, category, urgent, chosen, light }) {
  context.save();
  context.translate(at.x, at.y);
  const fill = colour(`--status-${status}`);
  if (light === "red" || light === "yellow") corner(context, radius, colour(light === "red" ? "--danger" : "--warn"));
  if (chosen || urgent) disc(context, radius + (chosen ? 5 : 3), chosen ? colour("--focus") : fill, chosen ? 1 : 0.35);
  disc(context, radius + 1.5, colour("--surface"));
  disc(context, radius, fill);
  const picture = pictures.get(category) ?? pictures.get("other");
  if (radius >= PICTURE_FROM_PX && picture) {
    const scale = (radius * 1.35) / 24;
    context.scale(scale, scale);
    context.translate(-12, -12);
    context.lineWidth = 2.1;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = colour("--status-ink");
    context.stroke(picture);
  }
  context.restore();
}

/** A flag on a mark whose deadline is near or missed. @param {CanvasRenderingContext2D} context @param {number} radius @param {string} fill */
function corner(context, radius, fill) {
  context.beginPath();
  context.moveTo(0, -radius - 5);
  context.lineTo(radius + 5, 0);
  context.lineTo(radius + 5, -radius - 5);
  context.closePath();
  context.fillStyle = fill;
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {number} radius @param {string} fill */
function disc(context, radius, fill, alpha = 1) {
  context.globalAlpha = alpha;
  context.beginPath();
  context.arc(0, 0, radius, 0, Math.PI * 2);
  context.fillStyle = fill;
  context.fill();
  context.globalAlpha = 1;
}

const FINAL = new Set(["closed", "rejected", "cancelled"]);

/** @param {string} status @param {number} zoom what is finished is drawn small, so that it doesn't hide what is open */
const sizeOf = (status, zoom) => (FINAL.has(status) ? 4 : radiusAt(zoom));

/** The cases of a map, by id. */
export class CaseLayer {
  /**
   * @param {any} map
   * @param {(id: string) => void} [chosen] called when a mark is pressed
   */
  constructor(map, chosen = () => {}) {
    this.map = map;
    this.onChosen = chosen;
    /** @type {Map<string, any>} */
    this.marks = new Map();
    this.renderer = L.canvas({ padding: 0.3, tolerance: matchMedia("(pointer: coarse)").matches ? 12 : 4 });
    this.group = L.layerGroup().addTo(map);
    map.on("zoomend", () => this.group.eachLayer((/** @type {any} */ mark) => mark.setRadius(sizeOf(mark.options.status, map.getZoom()))));
    void loadPictures().then(() => this.redraw());
  }

  /** @param {{id: string, lon: number, lat: number, status: string, category: string, urgent?: boolean}[]} cases these and no others */
  show(cases) {
    const kept = new Set(cases.map(({ id }) => id));
    for (const id of [...this.marks.keys()]) if (!kept.has(id)) this.remove(id);
    for (const one of [...cases].sort((a, b) => Number(FINAL.has(b.status)) - Number(FINAL.has(a.status)))) this.put(one);
  }

  /** @param {{id: string, lon: number, lat: number, status: string, category: string, urgent?: boolean, light?: string|null}} one */
  put({ id, lon, lat, status, category, urgent, light }) {
    const mark = this.marks.get(id);
    if (mark) {
      mark.options = { ...mark.options, status, category, urgent, light };
      mark.setRadius(sizeOf(status, this.map.getZoom()));
      return;
    }
    const made = new CaseMark([lat, lon], { renderer: this.renderer, radius: sizeOf(status, this.map.getZoom()), status, category, urgent, light });
    made.on("click", () => this.onChosen(id));
    this.marks.set(id, made.addTo(this.group));
  }

  /** @param {string} id */
  remove(id) {
    const mark = this.marks.get(id);
    if (!mark) return;
    mark.remove();
    this.group.removeLayer(mark);
    this.marks.delete(id);
  }

  /** @param {string|null} id ring one case */
  choose(id) {
    for (const [key, mark] of this.marks) {
      if (Boolean(mark.options.chosen) !== (key === id)) {
        mark.options.chosen = key === id;
        mark.redraw();
        if (key === id) mark.bringToFront();
      }
    }
  }

  redraw() {
    for (const mark of this.marks.values()) mark.redraw();
  }
}
