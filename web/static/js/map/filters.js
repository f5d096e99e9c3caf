/** Which cases a map shows: a form whose choices stay in the page's address, so that they can be kept and sent on. */
import { find } from "../core/dom.js";

/** Filters that are sent to the service as they are. */
const NAMES = ["status", "category", "grid", "light", "mine"];

export class Filters {
  /**
   * @param {HTMLFormElement} form
   * @param {() => void} changed
   */
  constructor(form, changed) {
    this.form = form;
    const wished = new URLSearchParams(window.location.search);
    for (const name of NAMES) {
      const field = this.field(name);
      const value = wished.get(name) ?? "";
      if (field && [...field.options].some((option) => option.value === value)) field.value = value;
    }
    form.addEventListener("change", () => {
      this.keep();
      changed();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      changed();
    });
    this.count();
  }

  /** @param {string} name @returns {HTMLSelectElement|null} */
  field(name) {
    return /** @type {HTMLSelectElement|null} */ (this.form.elements.namedItem(name));
  }

  /** @returns {Record<string, string>} what was chosen, nothing that was not */
  chosen() {
    return Object.fromEntries(NAMES.map((name) => [name, this.field(name)?.value ?? ""]).filter(([, value]) => value));
  }

  /** @returns {Record<string, string>} for the service: unfinished cases unless a status was chosen */
  query() {
    return { status: "live", ...this.chosen() };
  }

  /** @returns {string} the choices in words */
  words() {
    return Object.keys(this.chosen()).map((name) => this.field(name)?.selectedOptions[0]?.textContent?.trim()).join(" · ");
  }

  /** Put the choices into the page's address. */
  keep() {
    const address = new URL(window.location.href);
    const chosen = this.chosen();
    for (const name of NAMES) {
      if (chosen[name]) address.searchParams.set(name, chosen[name]);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
    this.count();
  }

  count() {
    const badge = find("#filter-count");
    const many = Object.keys(this.chosen()).length;
    if (badge) {
      badge.hidden = !many;
      badge.textContent = String(many);
    }
  }
}
