/** Planner: a changed filter is applied at once; the map and the table point at each other; chosen blocks are added up. */
import { find, findAll } from "../core/dom.js";
import { fetchPage, replaceParts } from "../core/fragment.js";
import { number, t } from "../core/words.js";
import { drawStreets } from "../planner/streets.js";

const form = /** @type {HTMLFormElement|null} */ (find("#filters"));
form?.addEventListener("change", () => form.requestSubmit());

/** @type {import("../planner/streets.js").Street[]} */
const streets = JSON.parse(document.getElementById("hotspots")?.textContent ?? "[]");
const byId = new Map(streets.map((one) => [one.id, one]));
const rows = new Map(findAll("tr[data-street]").map((row) => [row.dataset.street ?? "", row]));

/** @param {string} id @param {boolean} seen whether it is brought into view */
function point(id, seen) {
  for (const [one, row] of rows) row.toggleAttribute("data-marked", one === id);
  if (seen) rows.get(id)?.scrollIntoView({ block: "nearest" });
}

/** Add up what is chosen. */
function addUp() {
  const chosen = findAll("#chosen input[name=street]:checked").map((box) => byId.get(/** @type {HTMLInputElement} */ (box).value));
  const sum = find("#chosen-sum");
  if (!sum) return;
  const metres = chosen.reduce((all, one) => all + (one?.length_m ?? 0), 0);
  sum.textContent = chosen.length ? t("已选 {n} 段，{m} 米", { n: chosen.length, m: number(metres) }) : t("勾选街段，或按预算自动挑选。");
}

const element = /** @type {HTMLElement|null} */ (find("#street-map"));
if (element) {
  find("#chosen")?.addEventListener("change", addUp);
  addUp();
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

const AGAIN_MS = 3000;

/** The curve over many cases takes a while: it is asked for again until it is there. */
async function waitForCurve() {
  while (find("#curve[aria-busy=true]")) {
    await new Promise((go) => setTimeout(go, AGAIN_MS));
    replaceParts(await fetchPage(window.location.href), ["#curve"]);
  }
}
await waitForCurve();
