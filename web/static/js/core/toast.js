/** Short notes at the foot of the page, read out by screen readers; one may carry an act, to take back what was done. */
import { find, h } from "./dom.js";

/**
 * @param {string} text
 * @param {{bad?: boolean, act?: {name: string, run: () => void, seconds?: number}}} [options]
 *   errors stay longer; a note with an act stays for its seconds and goes once it was used
 */
export function toast(text, { bad = false, act } = {}) {
  const note = h("div", { class: `toast${bad ? " bad" : ""}${act ? " acting" : ""}`, role: bad ? "alert" : null }, text);
  if (act) {
    note.append(" ", h("button", { class: "button", type: "button", onclick: () => {
      note.remove();
      act.run();
    } }, act.name));
  }
  find("#toasts")?.append(note);
  setTimeout(() => note.remove(), act ? 1000 * (act.seconds ?? 10) : bad ? 8000 : 4000);
}
