/** The cards of the desk: moved between columns as things happen, more of them page by page, without drawing all anew. */
import { find, findAll } from "../core/dom.js";
import { fetchPage } from "../core/fragment.js";
import { number } from "../core/words.js";

/** @typedef {{id: string, lon: number, lat: number, status: string, category: string, urgent: boolean, light: string|null}} Mark */

/** @param {HTMLElement} card @returns {Mark} what the map shows of it */
export const markOf = ({ dataset }) => ({
  id: dataset.card ?? "", lon: Number(dataset.lon), lat: Number(dataset.lat), status: dataset.status ?? "",
  category: dataset.category ?? "", urgent: "urgent" in dataset, light: dataset.light || null,
});

/** @returns {HTMLElement[]} all cards, column by column */
export const cards = () => findAll("#cases [data-card]");

/** @param {string} id @returns {HTMLElement|null} */
export const cardOf = (id) => find(`#cases [data-card="${CSS.escape(id)}"]`);

/**
 * Fetch certain cards and put each where it belongs; those that no longer pass the filters go.
 * @param {string[]} ids
 * @param {URLSearchParams} wishes the filters
 * @returns {Promise<{gone: string[], here: HTMLElement[]}>}
 */
export async function renew(ids, wishes) {
  const asked = new URLSearchParams(wishes);
  asked.set("ids", ids.join(","));
  const fresh = await fetchPage(`/desk/cards?${asked}`);
  const here = findAll("#fresh > [data-card]", fresh).map((card) => place(/** @type {HTMLElement} */ (document.adoptNode(card))));
  const known = new Set(here.map((card) => card.dataset.card));
  const gone = ids.filter((id) => !known.has(id));
  for (const id of gone) cardOf(id)?.remove();
  count(fresh);
  return { gone, here };
}

/** @param {HTMLElement} card @returns {HTMLElement} the card where it now stands */
function place(card) {
  const before = cardOf(card.dataset.card ?? "");
  const focused = before?.contains(document.activeElement);
  const ticked = before && find("input:checked", before);
  const list = find(`[data-key="${card.dataset.column}"] .cards`) ?? find("ul#cases");
  before?.remove();
  const box = /** @type {HTMLInputElement|null} */ (find("input", card)); // a case that has ended has none
  if (ticked && box) box.checked = true;
  if (!list) return card;
  const after = findAll(":scope > [data-card]", list).find((one) => (one.dataset.at ?? "") < (card.dataset.at ?? ""));
  list.insertBefore(card, after ?? null);
  card.classList.toggle("fresh", before?.dataset.status !== card.dataset.status);
  if (focused) find("a", card)?.focus();
  return card;
}

/** Take the figures of a fetched page. @param {Document} fresh */
export function count(fresh) {
  const counts = find("#desk-counts", fresh);
  if (!counts) return;
  for (const one of findAll("[data-count]", counts)) {
    const head = find(`[data-key="${one.dataset.count}"] > h2`);
    if (!head) continue;
    const total = find("[data-total]", head);
    if (total) total.textContent = number(Number(one.dataset.total));
    const red = find(".light", head);
    if (red) {
      red.textContent = number(Number(one.dataset.red));
      red.hidden = one.dataset.red === "0";
    }
  }
  find("#desk-counts")?.replaceWith(document.adoptNode(counts));
}

/**
 * Let columns be continued: by their button, and by coming near their end.
 * @param {() => URLSearchParams} wishes
 * @param {(cards: HTMLElement[]) => void} added
 */
export function continueColumns(wishes, added) {
  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) void more(/** @type {HTMLButtonElement} */ (target));
  }, { rootMargin: "300px" });

  /** @param {HTMLButtonElement} button */
  const more = async (button) => {
    if (button.disabled) return;
    button.disabled = true;
    const column = /** @type {HTMLElement} */ (button.closest("[data-key]"));
    const asked = new URLSearchParams(wishes());
    asked.set("column", column.dataset.key ?? "");
    asked.set("cursor", button.dataset.cursor ?? "");
    const fresh = await fetchPage(`/desk/cards?${asked}`);
    const list = find("#fresh", fresh);
    const found = list ? findAll(":scope > [data-card]", list).filter((card) => !cardOf(card.dataset.card ?? "")) : [];
    find(".cards", column)?.append(...found.map((card) => document.adoptNode(card)));
    added(found);
    button.disabled = false;
    button.dataset.cursor = list?.dataset.next ?? "";
    if (button.dataset.cursor) return;
    watcher.unobserve(button);
    button.remove();
  };
  return () => {
    watcher.disconnect();
    for (const button of findAll(".more-cards")) {
      button.hidden = false;
      button.onclick = () => void more(/** @type {HTMLButtonElement} */ (button));
      watcher.observe(button);
    }
  };
}
