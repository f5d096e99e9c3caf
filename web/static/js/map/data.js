/**
 * The community's own layers, fetched once per page and turned into flat coordinates for the painter.
 * World units: pixels of the Web Mercator square at zoom 0 (256 x 256).
 * @typedef {{properties: Record<string, any>, parts: Float64Array[], closed: boolean,
 *   box: [number, number, number, number], point: [number, number]}} Shape
 * @typedef {{community: Shape[], grids: Shape[], micro_grids: Shape[], buildings: Shape[], streets: Shape[],
 *   base: Shape[], gates: Shape[], stations: Shape[]}} Layers
 */
import { get } from "../core/http.js";

const SOURCES = /** @type {const} */ ({
  community: ["areas", { level: "community" }],
  grids: ["areas", { level: "grid" }],
  micro_grids: ["areas", { level: "micro_grid" }],
  buildings: ["buildings", {}],
  streets: ["streets", {}],
  base: ["base", {}],
  gates: ["gates", {}],
  stations: ["stations", {}],
});

/** Layers that are drawn where the reader's role gives no areas of its own. */
const MAY_FAIL = new Set(["community", "grids", "micro_grids"]);

/** Layers that only maps with areas draw. */
const CELLS = new Set(["grids", "micro_grids"]);

/** @type {Map<string, Promise<Shape[]>>} */
const asked = new Map();

/**
 * @param {boolean} [cells] whether grids and micro-grids are wanted; without them those layers are empty
 * @returns {Promise<Layers>}
 */
export async function loadLayers(cells = true) {
  const pairs = Object.keys(SOURCES).map(async (name) => [name, cells || !CELLS.has(name) ? await layer(name) : []]);
  return Object.fromEntries(await Promise.all(pairs));
}

/** @param {string} name @returns {Promise<Shape[]>} fetched once for all maps of a page */
function layer(name) {
  const known = asked.get(name);
  if (known) return known;
  const [path, query] = SOURCES[/** @type {keyof typeof SOURCES} */ (name)];
  const found = get(path, query).then(shapesOf).catch((error) => {
    if (!MAY_FAIL.has(name)) throw error;
    return [];
  });
  asked.set(name, found);
  return found;
}

/** @param {number} lon @param {number} lat @returns {[number, number]} world units */
export function toWorld(lon, lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [(lon / 360 + 0.5) * 256, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 256];
}

/** @param {{features: any[]}} collection @returns {Shape[]} */
export function shapesOf(collection) {
  return collection.features.filter((feature) => feature.geometry).flatMap((feature) => {
    const { type, coordinates } = feature.geometry;
    const closed = type.endsWith("Polygon");
    /** @type {[number, number][][]} */
    const lines = { Point: [[coordinates]], LineString: [coordinates], MultiLineString: coordinates, Polygon: coordinates,
      MultiPolygon: coordinates.flat?.() ?? [] }[/** @type {"Point"} */ (type)] ?? [];
    if (!lines.length) return [];
    const parts = lines.map(flat);
    const box = boxOf(parts);
    return [{ properties: { id: feature.id, ...feature.properties }, parts, closed, box, point: closed ? inside(parts[0], box) : middle(parts[0]) }];
  });
}

/** @param {[number, number][]} line */
function flat(line) {
  const numbers = new Float64Array(line.length * 2);
  line.forEach(([lon, lat], index) => numbers.set(toWorld(lon, lat), index * 2));
  return numbers;
}

/** @param {Float64Array[]} parts @returns {[number, number, number, number]} */
function boxOf(parts) {
  const box = /** @type {[number, number, number, number]} */ ([Infinity, Infinity, -Infinity, -Infinity]);
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      box[0] = Math.min(box[0], part[i]);
      box[1] = Math.min(box[1], part[i + 1]);
      box[2] = Math.max(box[2], part[i]);
      box[3] = Math.max(box[3], part[i + 1]);
    }
  }
  return box;
}

/** @param {Float64Array} line @returns {[number, number]} */
function middle(line) {
  const at = Math.floor(line.length / 4) * 2;
  return [line[at], line[at + 1]];
}

/**
 * A point inside a ring, for its label: its centroid, or where that lies outside, the middle of its widest stretch.
 * @param {Float64Array} ring @param {[number, number, number, number]} box @returns {[number, number]}
 */
function inside(ring, box) {
  const [x, y] = centroid(ring, box);
  if (contains(ring, x, y)) return [x, y];
  const crossings = [];
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i + 1] > y !== ring[j + 1] > y) crossings.push(ring[i] + ((y - ring[i + 1]) / (ring[j + 1] - ring[i + 1])) * (ring[j] - ring[i]));
  }
  crossings.sort((a, b) => a - b);
  let best = 0;
  for (let i = 2; i + 1 < crossings.length; i += 2) {
    if (crossings[i + 1] - crossings[i] > crossings[best + 1] - crossings[best]) best = i;
  }
  return crossings.length > 1 ? [(crossings[best] + crossings[best + 1]) / 2, y] : [x, y];
}

/** @param {Float64Array} ring @param {[number, number, number, number]} box @returns {[number, number]} */
function centroid(ring, box) {
  const [left, top] = box; // relative coordinates: the world is wide and buildings are small
  let area = 0, cx = 0, cy = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [ring[j] - left, ring[j + 1] - top, ring[i] - left, ring[i + 1] - top];
    const cross = ax * by - bx * ay;
    area += cross;
    cx += (ax + bx) * cross;
    cy += (ay + by) * cross;
  }
  return area ? [left + cx / (3 * area), top + cy / (3 * area)] : [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** @param {Float64Array} ring @param {number} x @param {number} y */
export function contains(ring, x, y) {
  let odd = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i + 1] > y !== ring[j + 1] > y && x < ring[i] + ((y - ring[i + 1]) / (ring[j + 1] - ring[i + 1])) * (ring[j] - ring[i])) odd = !odd;
  }
  return odd;
}
