/**
 * Parts of pages taken from the server's own HTML, so that a list or a case is drawn by one template only.
 * Forms marked `data-act` are sent in the background; without scripts they are ordinary forms.
 */
import { find, findAll, h } from "./dom.js";
import { keep } from "./keeping.js";
import { forget } from "./kept_store.js";
import { inTurn } from "./quiet.js";
import { toast } from "./toast.js";
import { t } from "./words.js";
import { shrinkPhoto } from "../report/photo.js";

/** @param {string} url @returns {Promise<Document>} */
export async function fetchPage(url) {
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (answer.redirected && new URL(answer.url).pathname === "/login") window.location.assign("/login");
  return parse(await answer.text());
}

/** @param {string} text */
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

/**
 * Put the parts of a fetched page in the place of this page's; open forms, what is typed there, and the focus stay.
 * @param {Document} fresh
 * @param {string[]} selectors
 */
export function replaceParts(fresh, selectors) {
  for (const selector of selectors) {
    const now = find(selector);
    const next = find(selector, fresh);
    if (!now || !next) continue;
    const bringBack = keep(now);
    now.replaceWith(document.adoptNode(next));
    bringBack(next);
  }
}

/** @param {ParentNode} root @returns {boolean} whether someone is in the middle of filling in a form of it */
function isBusy(root) {
  return findAll("details[open] form[data-act]", root).length > 0 || findAll("form[aria-busy=true]", root).length > 0;
}

/**
 * Fetch a page to renew a part of this one, unless a form in that part is being filled in: also when that began meanwhile.
 * @param {string} url
 * @param {string} selector the part
 * @returns {Promise<Document|null>}
 */
export async function fetchIfIdle(url, selector) {
  const ask = asked.get(selector) ?? inTurn();
  asked.set(selector, ask);
  const idle = () => {
    const part = find(selector);
    return part !== null && !isBusy(part);
  };
  if (!idle()) return null;
  const isLast = ask();
  const fresh = await fetchPage(url);
  return isLast() && idle() ? fresh : null;
}

/** Who asks for a part anew. @type {Map<string, ReturnType<typeof inTurn>>} */
const asked = new Map();

/**
 * Send a part's forms in the background.
 * @param {HTMLElement} root forms inside it now and later
 * @param {(fresh: Document) => void} done given the page that followed
 */
export function sendForms(root, done) {
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-act], [data-duty]")) return;
    event.preventDefault();
    void send(form, done);
  });
  root.addEventListener("click", (event) => {
    fillIn(/** @type {HTMLElement} */ (event.target).closest("[data-fill]"));
    const link = /** @type {HTMLElement} */ (event.target).closest("[data-photo]");
    if (!link) return;
    event.preventDefault();
    showPhoto(/** @type {HTMLAnchorElement} */ (link).href, find("img", link)?.getAttribute("alt") ?? "");
  });
}

/** @param {Element|null} button puts what it stands for into a field */
function fillIn(button) {
  if (!(button instanceof HTMLElement)) return;
  const field = document.getElementById(button.dataset.fill ?? "");
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = button.dataset.value ?? "";
}

/** @param {HTMLFormElement} form */
function clearErrors(form) {
  for (const old of findAll(".field > .error", form)) old.remove();
}

/** Say beside each field what is wrong with it. @param {HTMLFormElement} form @param {Document} fresh the answer */
function showErrors(form, fresh) {
  clearErrors(form);
  for (const told of findAll(".error[id^=error-]", fresh)) {
    const name = told.id.slice("error-".length);
    const [input] = findAll(`[name="${name}"]`, form);
    input?.closest(".field")?.append(document.importNode(told, true));
    input?.setAttribute("aria-describedby", told.id);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {(fresh: Document) => void} done
 */
async function send(form, done) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const button = /** @type {HTMLButtonElement|null} */ (find("button[type=submit]", form));
  if (button) button.disabled = true;
  try {
    const body = new FormData(form);
    for (const input of findAll("input[data-shrink]", form)) await shrinkInto(body, /** @type {HTMLInputElement} */ (input));
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "text/html" } });
    const fresh = parse(await answer.text());
    const problem = find("[data-problem], .note.bad", fresh) ?? find(".field .error", fresh);
    if (problem || !answer.ok) {
      showErrors(form, fresh);
      toast(problem?.textContent?.trim() || find("h1", fresh)?.textContent || t("没有成功，请再试一次。"), { bad: true });
      if (answer.status !== 409) return;
    } else {
      toast(find("[data-notice]", fresh)?.textContent?.trim() || t("已完成。"));
      clearErrors(form);
      form.closest("details")?.removeAttribute("open"); // what was sent isn't to be filled in any more
      form.reset();
      if (form.dataset.keep) forget(form.dataset.keep);
    }
    done(fresh);
  } catch {
    toast(t("连不上服务，请检查网络。"), { bad: true });
  } finally {
    form.removeAttribute("aria-busy");
    if (button) button.disabled = false;
  }
}

/** @param {FormData} body @param {HTMLInputElement} input */
async function shrinkInto(body, input) {
  const files = [...(input.files ?? [])];
  body.delete(input.name);
  for (const file of files) body.append(input.name, await shrinkPhoto(file), file.name);
}

/** @param {string} url @param {string} alt */
function showPhoto(url, alt) {
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "dialog photo-dialog", onclose: () => dialog.remove() },
    h("form", { method: "dialog" }, h("img", { src: url, alt }), h("button", { class: "button block" }, t("关闭")))));
  document.body.append(dialog);
  dialog.showModal();
}
