/** Sign-in: a press on a demo account fills in the form; what was typed elsewhere goes when somebody has signed out. */
import { find, findAll } from "../core/dom.js";
import { forgetAll } from "../core/kept_store.js";

if (new URLSearchParams(window.location.search).get("notice") === "signed_out") forgetAll();

const DEMO_PASSWORD = "weiwang-demo";

for (const button of findAll("[data-username]")) {
  button.addEventListener("click", () => {
    const username = /** @type {HTMLInputElement} */ (find("#field-username"));
    const password = /** @type {HTMLInputElement} */ (find("#field-password"));
    username.value = button.dataset.username ?? "";
    password.value = DEMO_PASSWORD;
    /** @type {HTMLElement|null} */ (find("form[action='/login'] button[type=submit]"))?.focus();
  });
}
