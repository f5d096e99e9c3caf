/** Streets as whole lines, and places for letters along a line. */

/** @typedef {import("./data.js").Shape} Shape */
/** @typedef {{name: string, name_en: string, kind: string, line: number[]}} Chain */

/** @type {WeakMap<Shape[], Chain[]>} */
const known = new WeakMap();

/**
 * Join the segments of each named street end to end.
 * @param {Shape[]} streets
 * @returns {Chain[]} longest first
 */
export function chains(streets) {
  const before = known.get(streets);
  if (before) return before;
  /** @type {Map<string, Shape[]>} */
  const named = new Map();
  for (const shape of streets) {
    const name = shape.properties.name;
    if (name) named.set(name, [...(named.get(name) ?? []), shape]);
  }
  const found = [...named.values()].flatMap((shapes) => join(shapes.map((shape) => [...shape.parts[0]]))
    .map((line) => ({ name: shapes[0].properties.name, name_en: shapes[0].properties.name_en ?? "", kind: shapes[0].properties.kind, line })));
  found.sort((a, b) => lengthOf(b.line) - lengthOf(a.line));
  known.set(streets, found);
  return found;
}

/** @param {number[][]} lines @returns {number[][]} */
function join(lines) {
  const waiting = [...lines];
  const joined = [];
  for (let line = waiting.pop(); line; line = waiting.pop()) {
    for (let at = 0; at < waiting.length; at++) {
      const longer = meet(line, waiting[at]);
      if (longer) {
        line = longer;
        waiting.splice(at, 1);
        at = -1;
      }
    }
    joined.push(line);
  }
  return joined;
}

/** @param {number[]} a @param {number[]} b @returns {number[]|null} both as one line where they share an end and go on without a sharp turn */
function meet(a, b) {
  const back = reversed(b);
  for (const [first, second] of [[a, b], [a, back], [b, a], [back, a]]) {
    const end = first.length;
    if (first[end - 2] !== second[0] || first[end - 1] !== second[1]) continue;
    const turn = (first[end - 2] - first[end - 4]) * (second[2] - second[0]) + (first[end - 1] - first[end - 3]) * (second[3] - second[1]);
    if (turn > 0) return [...first, ...second.slice(2)];
  }
  return null;
}

/** @param {number[]} line */
function reversed(line) {
  const turned = [];
  for (let i = line.length - 2; i >= 0; i -= 2) turned.push(line[i], line[i + 1]);
  return turned;
}

/** @param {ArrayLike<number>} line */
function lengthOf(line) {
  let length = 0;
  for (let i = 2; i < line.length; i += 2) length += Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
  return length;
}

/**
 * Places for the letters of a name, repeated along a line, upright for the reader.
 * @param {number[]} line in pixels
 * @param {number[]} widths of the letters, pixels
 * @param {number} wanted their sum
 * @param {number} repeat_px distance between two repeats
 * @param {boolean} vertical whether letters stand upright under one another on steep streets, as Chinese may
 * @returns {{x: number, y: number, angle: number}[][]}
 */
export function walk(line, widths, wanted, repeat_px, vertical) {
  const length = lengthOf(line);
  if (length < wanted * 1.15) return [];
  const repeats = Math.max(1, Math.floor(length / repeat_px));
  const found = [];
  for (let n = 0; n < repeats; n++) {
    const from = (length * (n + 0.5)) / repeats - wanted / 2;
    const first = at(line, Math.max(0, from));
    const last = at(line, Math.min(length, from + wanted));
    const [across, down] = [last.x - first.x, last.y - first.y];
    if (Math.hypot(across, down) < wanted * 0.94) continue; // too bent to read
    // names read left to right; steep ones from top to bottom, as Chinese does
    const steep = Math.abs(down) > Math.abs(across) * 1.2;
    const forward = steep ? down > 0 : across > 0;
    const turn = steep && vertical ? -Math.PI / 2 : 0;
    let along = forward ? from : from + wanted;
    found.push(widths.map((width) => {
      const middle = at(line, along + (forward ? width : -width) / 2);
      along += forward ? width : -width;
      return { x: middle.x, y: middle.y, angle: middle.angle + (forward ? 0 : Math.PI) + turn };
    }));
  }
  return found;
}

/** @param {number[]} line @param {number} distance @returns {{x: number, y: number, angle: number}} */
function at(line, distance) {
  let left = Math.max(0, distance);
  for (let i = 2; i < line.length; i += 2) {
    const [dx, dy] = [line[i] - line[i - 2], line[i + 1] - line[i - 1]];
    const step = Math.hypot(dx, dy);
    if ((left <= step && step > 0) || i + 2 >= line.length) {
      const part = step ? left / step : 0;
      return { x: line[i - 2] + dx * part, y: line[i - 1] + dy * part, angle: Math.atan2(dy, dx) };
    }
    left -= step;
  }
  return { x: line[0], y: line[1], angle: 0 };
}
