/**
 * Long forms, kept on this device while they are filled in: forms marked `data-keep="name"`, the name telling forms apart.
 * What was typed is put back when the page is opened again. It is forgotten once it was sent and at sign-out; passwords,
 * files and hidden fields are never kept. A form that comes back with errors shows what the server was sent.
 */
import { find, findAll, h } from "./dom.js";
import * as kept from "./kept_store.js";
import { page } from "./page.js";
import { settled } from "./quiet.js";
import { t } from "./words.js";

const NEVER = new Set(["hidden", "password", "file", "submit", "button", "reset"]);

/** @typedef {HTMLInputElement|HTMLSelectElement|HTMLTextAreaElement} Control */

/** @param {HTMLFormElement} form @returns {Control[]} */
const controls = (form) => [...form.elements].map((one) => /** @type {Control} */ (one))
  .filter((one) => one.name && !NEVER.has(one.type) && !one.closest("[data-never-kept]"));

/** @param {Control} one */
const ticked = (one) => one.type === "checkbox" || one.type === "radio";

/** @param {HTMLFormElement} form @returns {Record<string, string[]>} */
function valuesOf(form) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const one of controls(form)) {
    values[one.name] ??= [];
    if (!ticked(one) || /** @type {HTMLInputElement} */ (one).checked) values[one.name].push(one.value);
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
    if (ticked(one)) /** @type {HTMLInputElement} */ (one).checked = given.includes(one.value);
    else one.value = given[(seen[one.name] = (seen[one.name] ?? -1) + 1)] ?? "";
    one.closest("details")?.setAttribute("open", "");
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** @param {Record<string, string[]>} left @param {Record<string, string[]>} right */
const same = (left, right) => Object.keys(left).every((name) => JSON.stringify(left[name]) === JSON.stringify(right[name] ?? left[name]));

/** @param {HTMLFormElement} form @param {string} name @param {boolean} fresh whether the page tells of no error */
function keep(form, name, fresh) {
  const blank = valuesOf(form);
  const typed = kept.read(localStorage, name, page.person_id);
  const sent = kept.read(sessionStorage, name, page.person_id);
  const note = h("p", { class: "note kept-note", role: "status", hidden: true });
  form.prepend(note);
  const save = settled(() => {
    const values = valuesOf(form);
    if (same(values, blank)) kept.forget(name);
    else if (!kept.write(localStorage, name, { person: page.person_id, at: Date.now(), values })) say(note, t("这台设备存不下了，请尽快提交。"));
  }, 400);
  if (fresh && typed && !same(typed.values, blank)) {
    putBack(form, typed.values);
    say(note, t("上次没有提交的内容已恢复。"), [t("清除"), () => start(form, name, blank, note)]);
  } else if (fresh && sent && !same(sent.values, blank)) {
    say(note, t("上次提交的内容还在，不确定有没有成功。"), [t("恢复"), () => { putBack(form, sent.values); note.hidden = true; }],
      [t("清除"), () => { kept.forget(name); note.hidden = true; }]);
  } else kept.forget(name);
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    const values = valuesOf(form);
    kept.forget(name);
    kept.write(sessionStorage, name, { person: page.person_id, at: Date.now(), values });
  });
}

/** @param {HTMLFormElement} form @param {string} name @param {Record<string, string[]>} blank @param {HTMLElement} note */
function start(form, name, blank, note) {
  putBack(form, blank);
  note.hidden = true;
  setTimeout(() => kept.forget(name), 1000); // after what putting back has set off
}

/** @param {HTMLElement} note @param {string} text @param {...[string, () => void]} acts */
function say(note, text, ...acts) {
  note.replaceChildren(h("span", { class: "grow" }, text), ...acts.map(([name, act]) => h("button", { class: "button", type: "button", onclick: act }, name)));
  note.hidden = false;
}

/** Keep every form of the page that is marked; the entry of a page calls it once. */
export function keepForms() {
  kept.forgetOthers(page.person_id);
  if (find("[data-notice]")) kept.forgetSent();
  const fresh = !find("[data-problem], .field .error");
  for (const form of findAll("form[data-keep]")) keep(/** @type {HTMLFormElement} */ (form), form.dataset.keep ?? "", fresh);
  find("form[action='/logout']")?.addEventListener("submit", kept.forgetAll);
}
