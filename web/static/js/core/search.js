/**
 * An input that finds places and cases while somebody types: addresses as written, in pinyin, by first letters, with slips.
 * Keys: down and up go through the list, Enter takes what is chosen or the first, Escape closes. Pages that use it link
 * css/search.css.
 * @typedef {{kind: string, id: string, code: string, label: string, label_en: string, lon: number, lat: number,
 *   score: number, reason: string, micro_grid: string|null}} Found
 */
import { h, icon } from "./dom.js";
import { get } from "./http.js";
import { categoryName, page } from "./page.js";
import { t } from "./words.js";

const WAIT_MS = 120;
const SURE = 0.9;
const GUESSES = new Set(["similar", "nearest_number"]);

/** @param {Found} found @returns {string} what it is called in the reader's language */
export function foundName(found) {
  if (found.kind === "case") return `${found.code} · ${categoryName(found.label)}`;
  return (page.language === "en" && found.label_en) || found.label;
}

/** @param {string} kind @returns {string} nothing for cases: their picture says it */
function kindName(kind) {
  const names = { building: t("楼栋"), stairwell: t("单元"), courtyard: t("楼院"), street: t("街路"), station: t("驿站"),
    grid: t("网格"), micro_grid: t("微网格") };
  return names[/** @type {keyof typeof names} */ (kind)] ?? "";
}

/**
 * Let an input search. Its form, if it has one, is not sent while a suggestion is taken.
 * @param {HTMLInputElement} input
 * @param {{chosen: (found: Found) => void, kinds?: string[], limit?: number, keep?: boolean, typed?: () => void}} options
 *   kinds: only these; keep: the name of what was chosen stays in the input; typed: the text was changed by hand, so that
 *   what was chosen before no longer holds
 * @returns {{close: () => void}}
 */
export function searchBox(input, { chosen, kinds = [], limit = 8, keep = true, typed = () => {} }) {
  const id = `${input.id || "search"}-found`;
  const list = h("ul", { class: "found", id, role: "listbox", "aria-label": t("搜索结果"), hidden: true });
  const told = h("span", { class: "hidden-text", role: "status" });
  /** @type {Found[]} */
  let items = [];
  let at = -1;
  let asked = 0;
  let timer = 0;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off", autocapitalize: "off", spellcheck: "false" })) input.setAttribute(name, value);
  input.parentElement?.classList.add("finds");
  input.after(list, told);

  const close = () => {
    clearTimeout(timer);
    asked++;
    items = [];
    at = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {number} next which suggestion is marked; -1 for none */
  const mark = (next) => {
    at = next;
    [...list.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", `${id}-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };
  /** @param {Found} found */
  const take = (found) => {
    if (keep) input.value = foundName(found);
    close();
    chosen(found);
  };
  const show = () => {
    list.replaceChildren(...items.map((one, i) => option(one, `${id}-${i}`)));
    if (!items.length) list.append(h("li", { class: "soft", role: "option", "aria-disabled": "true" }, t("没有找到，换个写法试试。")));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    told.textContent = items.length ? t("{n} 个结果，用上下键选择。", { n: items.length }) : t("没有找到，换个写法试试。");
    mark(-1);
  };
  const look = async () => {
    const q = input.value.trim();
    const mine = ++asked;
    if (!q) return close();
    try {
      const answer = await get("search", { q, kinds: kinds.join(","), limit });
      if (mine !== asked) return; // something else was typed meanwhile
      items = answer.items;
      show();
    } catch (error) {
      if (mine === asked) {
        close();
        told.textContent = /** @type {Error} */ (error).message;
      }
    }
  };

  input.addEventListener("input", (event) => {
    typed();
    if (/** @type {InputEvent} */ (event).isComposing) return; // letters of an unfinished Chinese word
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), WAIT_MS);
  });
  input.addEventListener("compositionend", () => void look());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden && items.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void look();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      take(items[Math.max(0, at)]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
  list.addEventListener("click", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    const found = row && items[[...list.children].indexOf(row)];
    if (found) take(found);
  });
  return { close };
}

/** @param {Found} found @param {string} id @returns {HTMLElement} */
function option(found, id) {
  const guess = found.score < SURE && GUESSES.has(found.reason);
  return h("li", { role: "option", id, "aria-selected": "false", "data-kind": found.kind },
    icon(found.kind === "case" ? found.label : "pin"),
    h("span", { class: "grow" }, foundName(found), guess && h("span", { class: "badge" }, t("您是不是要找"))),
    h("span", { class: "soft small" }, [kindName(found.kind), found.micro_grid].filter(Boolean).join(" ")));
}
