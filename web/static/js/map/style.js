/** How the base map looks: colours from the style sheet, widths in metres from the kind of road. */

const COLOURS = ["ground", "outside", "green", "pitch", "water", "yard", "paved", "building", "building-public", "building-line",
  "road", "road-major", "road-casing", "road-major-casing", "path", "wall", "gate", "text", "text-soft", "halo",
  "micro-grid", "grid", "community", "station"];

/** @returns {Record<string, string>} the map's colours under the reader's light or dark scheme */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
  return { ...colours, font: getComputedStyle(document.body).fontFamily };
}

/**
 * @typedef {{rank: number, width_m: number, from_zoom: number, kind: "major"|"road"|"path"}} RoadStyle
 * @type {Record<string, RoadStyle>}
 */
const ROADS = {
  motorway: { rank: 9, width_m: 18, from_zoom: 0, kind: "major" },
  trunk: { rank: 8, width_m: 17, from_zoom: 0, kind: "major" },
  primary: { rank: 7, width_m: 16, from_zoom: 0, kind: "major" },
  secondary: { rank: 6, width_m: 14, from_zoom: 0, kind: "major" },
  tertiary: { rank: 5, width_m: 11, from_zoom: 0, kind: "road" },
  unclassified: { rank: 4, width_m: 8, from_zoom: 13, kind: "road" },
  residential: { rank: 4, width_m: 8, from_zoom: 13, kind: "road" },
  living_street: { rank: 3, width_m: 6, from_zoom: 14, kind: "road" },
  pedestrian: { rank: 3, width_m: 6, from_zoom: 14, kind: "road" },
  service: { rank: 2, width_m: 4, from_zoom: 15, kind: "road" },
};
const PATH = /** @type {RoadStyle} */ ({ rank: 1, width_m: 1.5, from_zoom: 16.5, kind: "path" });

/** @param {string} highway an OSM highway value, perhaps with _link @returns {RoadStyle} */
export const roadStyle = (highway) => ROADS[highway.replace(/_link$/, "")] ?? PATH;

/** Kinds of ground, each with the colour it is filled with. @type {Record<string, string>} */
const GROUND = {
  green: "green", park: "green", grass: "green", garden: "green", forest: "green", wood: "green", scrub: "green", meadow: "green",
  flowerbed: "green", village_green: "green", recreation_ground: "green",
  pitch: "pitch", playground: "pitch", track: "pitch",
  water: "water", river: "water", stream: "water", basin: "water", pond: "water",
  school: "yard", kindergarten: "yard", residential: "yard", yard: "yard", compound: "yard", square: "paved", parking: "paved", pedestrian: "paved",
};

/** @param {string} kind @returns {string|undefined} name of its colour */
export const groundColour = (kind) => GROUND[kind];

/** @param {string} kind of a linear feature @returns {boolean} */
export const isWall = (kind) => ["wall", "fence", "hedge", "barrier", "retaining_wall"].includes(kind);

const HOMES = new Set(["yes", "apartments", "residential", "house", "dormitory", "terrace", "garage", "garages", "shed", "roof", "hut", "kiosk"]);

/** @param {string} kind @returns {boolean} whether a building serves the public: drawn a little warmer, named earlier */
export const isPublic = (kind) => !HOMES.has(kind);
