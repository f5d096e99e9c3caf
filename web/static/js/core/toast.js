/** Short notes at the foot of the page, read out by screen readers. */
import { find, h } from "./dom.js";

/**
 * @param {string} text
 * @param {{bad?: boolean}} [options] errors stay longer
 */
export function toast(text, { bad = false } = {}) {
  const note = h("div", { class: bad ? "toast bad" : "toast", role: bad ? "alert" : null }, text);
  find("#toasts")?.append(note);
  setTimeout(() => note.remove(), bad ? 8000 : 4000);
}
