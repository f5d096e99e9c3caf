/** The pin that a reader drags. */

const L = /** @type {any} */ (globalThis).L;

export function pinIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 32 42");
  for (const [name, tag, attributes] of /** @type {[string, string, Record<string, string>][]} */ ([
    ["drop", "path", { d: "M16 40.500S2 26 2 15.500a14 14 0 0 1 28 0C30 26 16 40.500 16 40.500z" }],
    ["eye", "circle", { cx: "16", cy: "15.500", r: "5.500" }],
  ])) {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", tag);
    shape.setAttribute("class", name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return L.divIcon({ className: "pin-icon", html: svg, iconSize: [36, 47], iconAnchor: [18, 45] });
}
