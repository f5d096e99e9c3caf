/**
 * Long forms, kept on this device while they are filled in: forms marked `data-keep="name"`, the name telling forms apart.
 * What was typed is put back when the page is opened again. It is forgotten once it was sent and at sign-out; passwords,
 * files and hidden fields are never kept. A form that comes back with errors shows what the server was sent.
 */
import { find, findAll, h } from "./dom.js";
import * as kept from "./kept_store.js";
import { page } from "./page.js";
import { t } from "./words.js";

const NEVER = new Set(["hidden", "password", "file", "submit", "button", "reset"]);
const CALM_MS = 400;

/** @typedef {HTMLInputElement|HTMLSelectElement|HTMLTextAreaElement} Control */

/** Forms that were typed into a moment ago. @type {Map<HTMLFormElement, number>} */
const typing = new Map();
let listening = false;

/** @param {HTMLFormElement} form @returns {Control[]} */
const controls = (form) => [...form.elements].map((one) => /** @type {Control} */ (one))
  .filter((one) => one.name && !NEVER.has(one.type) && !one.closest("[data-never-kept]"));

/** @param {Control} one @returns {one is HTMLInputElement} */
const ticked = (one) => one.type === "checkbox" || one.type === "radio";

/** @param {Control} one @returns {string} what the server wrote there */
function written(one) {
  if (!(one instanceof HTMLSelectElement)) return one.defaultValue;
  return ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value ?? "";
}

/** @param {HTMLFormElement} form @param {boolean} [blank] as the server wrote it @returns {Record<string, string[]>} */
function valuesOf(form, blank = false) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const one of controls(form)) {
    values[one.name] ??= [];
    if (ticked(one)) {
      if (blank ? one.defaultChecked : one.checked) values[one.name].push(one.value);
    } else values[one.name].push(blank ? written(one) : one.value);
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Record<string, string[]>} values */
function putBack(form, values) {
  /** @type {Record<string, number>} */
  const seen = {};
  for (const one of controls(form)) {
    const given = values[one.name];
    if (!given) continue;
    if (ticked(one)) one.checked = given.includes(one.value);
    else one.value = given[(seen[one.name] = (seen[one.name] ?? -1) + 1)] ?? "";
    one.closest("details")?.setAttribute("open", "");
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** @param {Record<string, string[]>} left @param {Record<string, string[]>} right */
const same = (left, right) => Object.keys(left).every((name) => JSON.stringify(left[name]) === JSON.stringify(right[name] ?? left[name]));

/** @param {HTMLFormElement} form */
function save(form) {
  clearTimeout(typing.get(form));
  typing.delete(form);
  const [name, values] = [form.dataset.keep ?? "", valuesOf(form)];
  if (same(values, valuesOf(form, true))) kept.forget(name);
  else if (!kept.write(localStorage, name, { person: page.person_id, at: Date.now(), values })) say(form, t("这台设备存不下了，请尽快提交。"));
}

/** @param {Event} event @returns {HTMLFormElement|null} the form that it happened in, if that one is kept */
function keptFormOf({ target }) {
  const form = target instanceof HTMLFormElement ? target : /** @type {Partial<Control>|null} */ (target)?.form;
  return form?.dataset.keep ? form : null;
}

/** Forms that a part of the page gets later are heard too. */
function listen() {
  listening = true;
  for (const what of ["input", "change"]) {
    document.addEventListener(what, (event) => {
      const form = keptFormOf(event);
      if (!form) return;
      clearTimeout(typing.get(form));
      typing.set(form, window.setTimeout(save, CALM_MS, form));
    });
  }
  document.addEventListener("submit", (event) => {
    const form = keptFormOf(event);
    if (!form) return;
    save(form);
    if (form.matches("[data-act]")) return; // sent in the background: forgotten once it was taken
    const [name, values] = [form.dataset.keep ?? "", valuesOf(form)];
    kept.forget(name);
    kept.write(sessionStorage, name, { person: page.person_id, at: Date.now(), values });
  });
  document.addEventListener("reset", (event) => {
    const form = keptFormOf(event);
    if (form) hush(form);
  });
  window.addEventListener("pagehide", () => [...typing.keys()].forEach(save));
}

/** @param {HTMLFormElement} form @param {boolean} fresh whether the page tells of no error */
function restore(form, fresh) {
  const name = form.dataset.keep ?? "";
  const blank = valuesOf(form, true);
  const typed = kept.read(localStorage, name, page.person_id);
  const sent = kept.read(sessionStorage, name, page.person_id);
  if (fresh && typed && !same(typed.values, blank)) {
    putBack(form, typed.values);
    say(form, t("上次没有提交的内容已恢复。"), [t("清除"), () => start(form, name, blank)]);
  } else if (fresh && sent && !same(sent.values, blank)) {
    say(form, t("上次提交的内容还在，不确定有没有成功。"), [t("恢复"), () => { putBack(form, sent.values); hush(form); }],
      [t("清除"), () => { kept.forget(name); hush(form); }]);
  } else kept.forget(name);
}

/** @param {HTMLFormElement} form @param {string} name @param {Record<string, string[]>} blank */
function start(form, name, blank) {
  putBack(form, blank);
  hush(form);
  setTimeout(() => kept.forget(name), 1000); // after what putting back has set off
}

/** @param {HTMLFormElement} form */
const hush = (form) => find(".kept-note", form)?.remove();

/** @param {HTMLFormElement} form @param {string} text @param {...[string, () => void]} acts */
function say(form, text, ...acts) {
  hush(form);
  form.prepend(h("p", { class: "note kept-note", role: "status" }, h("span", { class: "grow" }, text),
    ...acts.map(([name, act]) => h("button", { class: "button", type: "button", onclick: act }, name))));
}

/** Keep every form of the page that is marked; the entry of a page calls it once. */
export function keepForms() {
  kept.forgetOthers(page.person_id);
  if (find("[data-notice]")) kept.forgetSent();
  const fresh = !find("[data-problem], .field .error");
  for (const form of findAll("form[data-keep]")) restore(/** @type {HTMLFormElement} */ (form), fresh);
  find("form[action='/logout']")?.addEventListener("submit", kept.forgetAll);
  if (!listening) listen();
}
