/** Names on the base map: along streets, in areas, on buildings and stations; none over another. */
import { nameOf, page } from "../core/page.js";
import { groundColour, isPublic, roadStyle } from "./style.js";
import { chains, walk } from "./lines.js";

/** @typedef {import("./painter.js").Brush} Brush */
/** @typedef {import("./data.js").Layers} Layers */
/** @typedef {import("./data.js").Shape} Shape */
/** @typedef {[number, number, number, number]} Box */

const REPEAT_PX = 420;
/** Grounds that are places of their own; a yard has the name of its buildings. @type {Set<string|undefined>} */
const LABELLED = new Set(["green", "water"]);

/** Boxes that are taken, in cells of 64 px so that few have to be compared. */
class Taken {
  constructor() {
    /** @type {Map<string, Box[]>} */
    this.cells = new Map();
  }

  /** @param {Box[]} boxes @returns {boolean} whether all were free; then they are taken */
  take(boxes) {
    if (boxes.some((box) => this.near(box).some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]))) return false;
    for (const box of boxes) for (const key of keys(box)) this.cells.set(key, [...(this.cells.get(key) ?? []), box]);
    return true;
  }

  /** @param {Box} box */
  near(box) {
    return keys(box).flatMap((key) => this.cells.get(key) ?? []);
  }
}

/** @param {Box} box */
function keys(box) {
  const found = [];
  for (let x = Math.floor(box[0] / 64); x <= Math.floor(box[2] / 64); x++) {
    for (let y = Math.floor(box[1] / 64); y <= Math.floor(box[3] / 64); y++) found.push(`${x},${y}`);
  }
  return found;
}

/** @param {Brush} brush @param {Layers} data @param {boolean} codes @param {boolean} [names] of streets and buildings: another map has its own */
export function paintLabels(brush, data, codes, names = true) {
  const taken = new Taken();
  const { zoom, colours } = brush;
  if (zoom >= 16) for (const one of data.stations) station(brush, taken, one);
  if (codes && zoom < 17) for (const one of data.grids) centred(brush, taken, one, one.properties.code, { size: zoom < 15 ? 12 : 16, colour: colours.grid, weight: 700 });
  if (names && zoom >= 15) streetNames(brush, taken, data.streets);
  if (names && zoom >= 17.5) for (const one of data.buildings.filter((building) => isPublic(building.properties.kind))) centred(brush, taken, one, nameOf(one.properties), { size: 12, colour: colours.text });
  if (codes && zoom >= 17) for (const one of data.micro_grids) centred(brush, taken, one, one.properties.code, { size: 12, colour: colours["micro-grid"], weight: 650 });
  if (names && zoom >= 17) for (const one of data.base) if (one.closed && LABELLED.has(groundColour(one.properties.kind))) centred(brush, taken, one, nameOf(one.properties), { size: 12, colour: colours["text-soft"] });
  if (zoom >= 18) {
    for (const one of data.buildings) centred(brush, taken, one, page.language === "en" ? one.properties.housenumber?.replace("号", "") : one.properties.housenumber, { size: 11, colour: colours["text-soft"] });
  }
}

/**
 * @param {Brush} brush @param {Taken} taken @param {Shape} shape @param {string} text
 * @param {{size: number, colour: string, weight?: number}} style
 */
function centred(brush, taken, shape, text, style) {
  if (!text || !inView(brush, shape.point)) return;
  const { context, scale, dx, dy } = brush;
  const [x, y] = [shape.point[0] * scale - dx, shape.point[1] * scale - dy];
  setFont(brush, style.size, style.weight);
  const width = context.measureText(text).width;
  const room = (shape.box[2] - shape.box[0]) * scale * 1.6;
  if (width > Math.max(room, 14) || !taken.take([[x - width / 2 - 2, y - style.size / 2 - 1, x + width / 2 + 2, y + style.size / 2 + 1]])) return;
  write(brush, text, x, y, style.colour);
}

/** @param {Brush} brush @param {Taken} taken @param {Shape} shape */
function station(brush, taken, shape) {
  if (!inView(brush, shape.point)) return;
  const { context, scale, dx, dy, colours, zoom } = brush;
  const [x, y] = [shape.point[0] * scale - dx, shape.point[1] * scale - dy];
  taken.take([[x - 7, y - 7, x + 7, y + 7]]);
  context.beginPath();
  context.arc(x, y, 6, 0, Math.PI * 2);
  context.fillStyle = colours.station;
  context.strokeStyle = colours.halo;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  if (zoom < 17) return;
  setFont(brush, 12, 650);
  const text = nameOf(shape.properties);
  const width = context.measureText(text).width;
  if (taken.take([[x - width / 2, y + 8, x + width / 2, y + 22]])) write(brush, text, x, y + 15, colours.station);
}

/** @param {Brush} brush @param {Taken} taken @param {Shape[]} streets */
function streetNames(brush, taken, streets) {
  const { context, scale, dx, dy, zoom, colours } = brush;
  for (const chain of chains(streets)) {
    const style = roadStyle(chain.kind);
    if (zoom < Math.max(15, style.from_zoom) || style.kind === "path") continue;
    const name = page.language === "en" ? chain.name_en || chain.name : chain.name;
    setFont(brush, style.rank >= 5 ? 13 : 12, style.rank >= 5 ? 600 : 500);
    const spacing = page.language === "en" ? 0.5 : 3;
    const widths = [...name].map((letter) => context.measureText(letter).width + spacing);
    const wanted = widths.reduce((sum, width) => sum + width, 0);
    const line = Array.from(chain.line, (value, i) => value * scale - (i % 2 ? dy : dx));
    for (const letters of walk(line, widths, wanted, REPEAT_PX, /\p{Script=Han}/u.test(name))) {
      if (letters.some(({ x, y }) => x < -20 || y < -20 || x > brush.size.x + 20 || y > brush.size.y + 20)) continue;
      if (!taken.take(letters.map(({ x, y }) => /** @type {Box} */ ([x - 7, y - 7, x + 7, y + 7])))) continue;
      [...name].forEach((letter, i) => {
        context.save();
        context.translate(letters[i].x, letters[i].y);
        context.rotate(letters[i].angle);
        write(brush, letter, 0, 0, colours.text);
        context.restore();
      });
    }
  }
}

/** @param {Brush} brush @param {[number, number]} point */
const inView = ({ view }, [x, y]) => x >= view[0] && x <= view[2] && y >= view[1] && y <= view[3];

/** @param {Brush} brush @param {number} size @param {number} [weight] */
function setFont({ context, colours }, size, weight = 500) {
  context.font = `${weight} ${size}px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
}

/** @param {Brush} brush @param {string} text @param {number} x @param {number} y @param {string} colour */
function write({ context, colours }, text, x, y, colour) {
  context.lineWidth = 3;
  context.strokeStyle = colours.halo;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
