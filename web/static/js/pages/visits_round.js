/** A round on the map; its stops are ticked off at the door, with or without a network. */
import { find, findAll, h } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";
import { createMap } from "../map/base.js";
import { drawRoute } from "../map/small.js";
import { dropTick, keepTick, startTicks } from "../visits/ticks.js";

const L = /** @type {any} */ (globalThis).L;
const list = find("#stops");
const STATES = { done: t("已走访"), not_home: t("没人在家"), skipped: t("这次不去"), todo: t("待走访") };

/** @param {string} path @returns {HTMLElement|null} */
const stopOf = (path) => find(`[data-stop="${path.split("/").at(-1)}"]`);

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-tick]:not([data-direct])")) return;
  event.preventDefault();
  const given = new FormData(form, /** @type {SubmitEvent} */ (event).submitter);
  const words = String(given.get("words") ?? "");
  const body = { state: String(given.get("state")), ...(given.get("visit") ? { visit: String(given.get("visit")) } : {}), ...(words ? { words } : {}) };
  const path = form.action.split("/visits/")[1];
  keepTick(path, body).catch(() => { // this browser keeps nothing: it is sent as it is
    form.dataset.direct = "true";
    form.requestSubmit(/** @type {HTMLElement} */ (/** @type {SubmitEvent} */ (event).submitter));
  });
});

startTicks((left, taken) => {
  for (const old of findAll(".kept-work")) old.remove();
  for (const one of left) {
    const stop = stopOf(one.path);
    const badge = stop && find("[data-badge]", stop);
    if (badge) badge.textContent = STATES[/** @type {keyof typeof STATES} */ (one.body.state)] ?? "";
    const words = one.state === "failed" ? t("没有传上去：{reason}", { reason: one.reason }) : t("还没传上去，已存在这台手机里，有网络就自动上传。");
    const drop = async () => {
      await dropTick(one.key);
      location.reload();
    };
    stop?.append(h("div", { class: "note kept-work", "data-state": one.state }, h("p", {}, words), one.state === "failed" ? h("button", { class: "button", type: "button", onclick: drop }, t("去掉")) : null));
  }
  if (!taken) return;
  toast(t("记下了。"));
  if (!left.length) location.reload();
});

async function drawRound() {
  const { line, points } = JSON.parse(find("#round-data")?.textContent ?? "{}");
  const element = /** @type {HTMLElement|null} */ (find("#round-map .map"));
  if (!element || !points?.length) return;
  const map = await createMap(element, { codes: false });
  if (line.length > 1) drawRoute(map, line);
  for (const { n, lon, lat, state, label } of points) {
    const icon = L.divIcon({ className: "stop-mark", html: String(Number(n)), iconSize: [28, 28] });
    const marker = L.marker([lat, lon], { icon, alt: `${n} ${label}`, opacity: state === "todo" ? 1 : 0.5 }).addTo(map);
    marker.on("click", () => find(`#stop-${n}`)?.scrollIntoView({ behavior: "smooth", block: "center" }));
  }
  map.fitBounds(L.latLngBounds(points.map((/** @type {{lat: number, lon: number}} */ { lat, lon }) => [lat, lon])), { padding: [32, 32], maxZoom: 18.5, animate: false });
}

if (list) void drawRound();
