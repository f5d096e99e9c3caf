/** Planner: a changed filter is applied at once; the map and the table point at each other. */
import { find, findAll } from "../core/dom.js";
import { drawStreets } from "../planner/streets.js";

const form = /** @type {HTMLFormElement|null} */ (find("#filters"));
form?.addEventListener("change", () => form.requestSubmit());

/** @type {import("../planner/streets.js").Street[]} */
const streets = JSON.parse(document.getElementById("hotspots")?.textContent ?? "[]");
const rows = new Map(findAll("tr[data-street]").map((row) => [row.dataset.street ?? "", row]));

/** @param {string} id @param {boolean} seen whether it is brought into view */
function point(id, seen) {
  for (const [one, row] of rows) row.toggleAttribute("data-marked", one === id);
  if (seen) rows.get(id)?.scrollIntoView({ block: "nearest" });
}

const element = /** @type {HTMLElement|null} */ (find("#street-map"));
if (element) {
  const { mark } = await drawStreets(element, streets, (one) => {
    point(one.id, true);
    mark(one.id);
  });
  for (const [id, row] of rows) {
    row.addEventListener("mouseenter", () => mark(id));
    row.addEventListener("mouseleave", () => mark(null));
    row.addEventListener("focusin", () => mark(id));
  }
}
