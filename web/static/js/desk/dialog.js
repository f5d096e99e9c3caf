/** Dialogs of the desk: a form over the page that is sent in the background. */
import { find, h } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { t } from "../core/words.js";

/**
 * @param {string} title
 * @param {(Node|string|null)[]} content
 * @param {{send?: string, done?: (form: HTMLFormElement) => Promise<void>}} [options] send: the button's words; done: throws
 *   what is to be told, and the dialog stays
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, { send, done } = {}) {
  const form = /** @type {HTMLFormElement} */ (h("form", { method: "dialog", class: "stack" }, h("h2", {}, title), ...content,
    h("div", { class: "row end" },
      h("button", { class: "button", type: "button", onclick: () => dialog.close() }, t("关闭")),
      send && h("button", { class: "button primary", type: "submit" }, send))));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "dialog", "aria-label": title, onclose: () => dialog.remove() }, form));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!done || form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    try {
      await done(form);
      dialog.close();
    } catch (error) {
      toast(/** @type {Error} */ (error).message, { bad: true });
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  find("select, textarea, input:not([type=hidden])", form)?.focus();
  return dialog;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {[string, string][]} options
 * @param {string} [any] words for none
 */
export const choice = (name, label, options, any = "") => h("label", { class: "field" }, h("span", { class: "label" }, label),
  h("select", { class: "select", name, required: true }, any && h("option", { value: "" }, any), ...options.map(([value, text]) => h("option", { value }, text))));

/** @param {string} label @param {{required?: boolean, value?: string}} [options] */
export const reason = (label, { required = true, value = "" } = {}) => h("label", { class: "field" }, h("span", { class: "label" }, label),
  h("input", { class: "input", name: "reason", maxlength: 500, required, value, autocomplete: "off" }));
