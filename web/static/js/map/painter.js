/**
 * The base map on one canvas: ground, water, greens, roads with casings, buildings, walls, gates, areas, names.
 * A Leaflet renderer without paths: it is moved while the map is dragged, scaled while it zooms, and painted anew
 * when either has ended. Everything drawn is a few thousand points, so one pass takes some milliseconds.
 */
import { paintLabels } from "./labels.js";
import { groundColour, isPublic, isWall, palette, roadStyle } from "./style.js";

/** @typedef {import("./data.js").Layers} Layers */
/** @typedef {import("./data.js").Shape} Shape */
/**
 * @typedef {{context: CanvasRenderingContext2D, colours: Record<string, string>, zoom: number, scale: number,
 *   metre: number, dx: number, dy: number, view: [number, number, number, number], size: {x: number, y: number}}} Brush
 */

const L = /** @type {any} */ (globalThis).L;
const PADDING = 0.25;
const EQUATOR_M = 40075016.68;

export const Painter = L.Renderer.extend({
  options: { pane: "base", padding: PADDING, labels: true, codes: true, ground: true },

  /** @param {Layers} layers @param {object} options */
  initialize(layers, options) {
    this._data = layers;
    L.Renderer.prototype.initialize.call(this, options);
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._scheme = matchMedia("(prefers-color-scheme: dark)");
    this._repaint = () => this._update();
    this._scheme.addEventListener("change", this._repaint);
  },

  _destroyContainer() {
    this._scheme.removeEventListener("change", this._repaint);
    this._container.remove();
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    const canvas = /** @type {HTMLCanvasElement} */ (this._container);
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    this._paint(context, size);
  },

  /** @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} size */
  _paint(context, size) {
    const zoom = this._map.getZoom();
    const scale = 2 ** zoom;
    const corner = this._bounds.min.add(this._map.getPixelOrigin());
    const latitude = (this._map.getCenter().lat * Math.PI) / 180;
    /** @type {Brush} */
    const brush = {
      context, zoom, scale, size, dx: corner.x, dy: corner.y, colours: palette(),
      metre: (256 * scale) / (EQUATOR_M * Math.cos(latitude)),
      view: [corner.x / scale, corner.y / scale, (corner.x + size.x) / scale, (corner.y + size.y) / scale],
    };
    context.lineJoin = context.lineCap = "round";
    const data = /** @type {Layers} */ (this._data);
    if (this.options.ground) {
      paintGround(brush, data);
      paintRoads(brush, data.streets);
      paintBuildings(brush, data.buildings);
      paintWalls(brush, data);
    }
    if (this.options.codes) paintAreas(brush, data);
    if (this.options.labels) paintLabels(brush, data, this.options.codes, this.options.ground);
  },
});

/** @param {Brush} brush @param {Shape} shape */
export const isSeen = ({ view }, { box }) => box[2] >= view[0] && box[0] <= view[2] && box[3] >= view[1] && box[1] <= view[3];

/** @param {Brush} brush @param {Shape} shape trace it as the current path */
function trace({ context, scale, dx, dy }, shape) {
  for (const part of shape.parts) {
    context.moveTo(part[0] * scale - dx, part[1] * scale - dy);
    for (let i = 2; i < part.length; i += 2) context.lineTo(part[i] * scale - dx, part[i + 1] * scale - dy);
    if (shape.closed) context.closePath();
  }
}

/**
 * @param {Brush} brush @param {Shape[]} shapes
 * @param {{fill?: string, stroke?: string, width?: number, dash?: number[]}} style
 */
function draw(brush, shapes, { fill, stroke, width = 1, dash = [] }) {
  const { context } = brush;
  const seen = shapes.filter((shape) => isSeen(brush, shape));
  if (!seen.length) return;
  context.beginPath();
  for (const shape of seen) trace(brush, shape);
  if (fill) {
    context.fillStyle = fill;
    context.fill("evenodd");
  }
  if (stroke) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }
}

/** @param {Brush} brush @param {Layers} data */
function paintGround(brush, { community, base }) {
  const { context, colours, size } = brush;
  context.fillStyle = community.length ? colours.outside : colours.ground;
  context.fillRect(0, 0, size.x, size.y);
  draw(brush, community, { fill: colours.ground });
  for (const name of ["yard", "paved", "green", "pitch", "water"]) {
    draw(brush, base.filter((shape) => shape.closed && groundColour(shape.properties.kind) === name), { fill: colours[name] });
  }
  draw(brush, base.filter((shape) => !shape.closed && groundColour(shape.properties.kind) === "water"),
    { stroke: colours.water, width: Math.max(1.5, 4 * brush.metre) });
}

/** @param {Brush} brush @param {Shape[]} streets */
function paintRoads(brush, streets) {
  const { colours, zoom, metre } = brush;
  /** @type {Map<number, {style: import("./style.js").RoadStyle, shapes: Shape[]}>} */
  const ranks = new Map();
  for (const shape of streets) {
    const style = roadStyle(shape.properties.kind);
    if (zoom < style.from_zoom) continue;
    const rank = ranks.get(style.rank) ?? { style, shapes: [] };
    rank.shapes.push(shape);
    ranks.set(style.rank, rank);
  }
  const ordered = [...ranks.values()].sort((a, b) => a.style.rank - b.style.rank);
  const widthOf = (/** @type {import("./style.js").RoadStyle} */ style) => Math.max(style.kind === "major" ? 3 : 1.5, style.width_m * metre);
  for (const { style, shapes } of ordered) {
    if (style.kind !== "path") draw(brush, shapes, { stroke: colours[style.kind === "major" ? "road-major-casing" : "road-casing"], width: widthOf(style) + 2 });
  }
  for (const { style, shapes } of ordered) {
    if (style.kind === "path") draw(brush, shapes, { stroke: colours.path, width: 1.25, dash: [4, 4] });
    else draw(brush, shapes, { stroke: colours[style.kind === "major" ? "road-major" : "road"], width: widthOf(style) });
  }
}

/** @param {Brush} brush @param {Shape[]} buildings */
function paintBuildings(brush, buildings) {
  const { colours, zoom } = brush;
  if (zoom < 14) return;
  const stroke = zoom >= 16 ? colours["building-line"] : undefined;
  draw(brush, buildings.filter((one) => !isPublic(one.properties.kind)), { fill: colours.building, stroke, width: 0.75 });
  draw(brush, buildings.filter((one) => isPublic(one.properties.kind)), { fill: colours["building-public"], stroke, width: 0.75 });
}

/** @param {Brush} brush @param {Layers} data */
function paintWalls(brush, { base, gates }) {
  const { context, colours, zoom, scale, dx, dy } = brush;
  if (zoom < 16) return;
  draw(brush, base.filter((shape) => isWall(shape.properties.kind)), { stroke: colours.wall, width: zoom >= 18 ? 2 : 1.25 });
  for (const gate of gates.filter((one) => isSeen(brush, one))) {
    const [x, y] = [gate.point[0] * scale - dx, gate.point[1] * scale - dy];
    const radius = zoom >= 18 ? 4.5 : 3;
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
    context.fillStyle = gate.properties.walk === false ? colours.wall : colours.road;
    context.strokeStyle = colours.gate;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }
}

/** @param {Brush} brush @param {Layers} data */
function paintAreas(brush, { community, grids, micro_grids }) {
  const { context, colours, zoom, size } = brush;
  if (grids.length) { // what lies outside the reader's own grids recedes
    context.beginPath();
    context.rect(0, 0, size.x, size.y);
    for (const shape of grids) trace(brush, shape);
    context.globalAlpha = 0.5;
    context.fillStyle = colours.outside;
    context.fill("evenodd");
  }
  if (zoom >= 16) {
    context.globalAlpha = zoom < 17.5 ? 0.55 : 0.8;
    draw(brush, micro_grids, { stroke: colours["micro-grid"], width: zoom < 17.5 ? 1 : 1.25, dash: [5, 4] });
  }
  context.globalAlpha = 0.22;
  draw(brush, grids, { stroke: colours.grid, width: 6 });
  context.globalAlpha = 0.9;
  draw(brush, grids, { stroke: colours.grid, width: 1.5 });
  draw(brush, community, { stroke: colours.community, width: 2.25 });
  context.globalAlpha = 1;
}
