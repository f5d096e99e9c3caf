/** What somebody is in the middle of, in a part of a page that is drawn anew: open forms, typed words, what was wrong with them, the focus. */
import { find, findAll } from "./dom.js";

const NAMES = ["id", "data-task", "data-offer", "data-card", "data-case", "data-referral", "data-verb", "name"];

/**
 * Where an element stands, in words that hold in another drawing of the same part too.
 * @param {Element} element
 * @param {Element} root the part
 * @returns {string} a selector
 */
function whereabouts(element, root) {
  /** @type {string[]} */
  const path = [];
  for (let at = /** @type {Element|null} */ (element); at && at !== root; at = at.parentElement) {
    const name = NAMES.find((one) => at?.hasAttribute(one));
    const which = at instanceof HTMLInputElement && isTick(at) ? `[value="${CSS.escape(at.value)}"]` : ""; // of one name there are several
    if (name) path.unshift(`[${name}="${CSS.escape(at.getAttribute(name) ?? "")}"]${which}`);
    else if (at === element) path.unshift(at.localName);
  }
  return path.join(" ");
}

/** @typedef {HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement} Field */

/** @param {HTMLInputElement} field @returns {boolean} whether it is ticked or not, and not typed into */
const isTick = (field) => field.type === "checkbox" || field.type === "radio";

/** @param {Element} field @returns {boolean} whether somebody typed or chose there */
function touched(field) {
  if (field instanceof HTMLInputElement && isTick(field)) return field.checked !== field.defaultChecked;
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (field instanceof HTMLSelectElement) return ![...field.options].every((one) => one.selected === one.defaultSelected);
  return field instanceof HTMLInputElement && !["file", "hidden"].includes(field.type) && field.value !== field.defaultValue;
}

/**
 * Remember what somebody is in the middle of.
 * @param {Element} part
 * @returns {(next: Element) => void} brings it back in another drawing of the part, as far as its places are still there
 */
export function keep(part) {
  const forms = findAll("details[open]", part);
  const opened = forms.map((one) => whereabouts(one, part));
  const typed = findAll("input, textarea, select", part).filter(touched)
    .map((one) => /** @type {[string, Field]} */ ([whereabouts(one, part), /** @type {unknown} */ (one)]));
  const told = findAll(".field > .error[id]", part)
    .map((one) => /** @type {[string, Element]} */ ([whereabouts(find("[name]", /** @type {Element} */ (one.parentElement)) ?? one, part), one]));
  const active = document.activeElement;
  const focused = active && active !== part && part.contains(active) ? whereabouts(active, part) : "";
  return (next) => {
    for (const where of opened) find(where, next)?.setAttribute("open", "");
    for (const [where, before] of typed) {
      const field = /** @type {Field|null} */ (find(where, next));
      if (field instanceof HTMLInputElement && isTick(field)) field.checked = /** @type {HTMLInputElement} */ (before).checked;
      else if (field) field.value = before.value;
    }
    for (const [where, error] of told) {
      const field = find(where, next);
      const around = field?.closest(".field");
      if (!around || find(".error", around)) continue;
      around.append(error);
      field?.setAttribute("aria-describedby", error.id);
    }
    if (focused) find(focused, next)?.focus({ preventScroll: true });
  };
}
