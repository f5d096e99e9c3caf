/** Residents: long forms are kept while they are filled in; a call is one tap, and is written down before it is dialled. */
import { find, findAll } from "../core/dom.js";
import { request } from "../core/http.js";
import { keepForms } from "../core/kept_form.js";
import { toast } from "../core/toast.js";

keepForms();

for (const form of findAll("form[data-dial]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { dial, whom } = form.dataset;
    try {
      const { number } = await request("POST", `residents/${dial}/call`, { whom: Number(whom) });
      window.location.href = `tel:${number}`;
    } catch (error) {
      toast(/** @type {Error} */ (error).message, { bad: true });
    }
  });
}

const all = find("[data-tick-all]");
if (all) {
  all.hidden = false;
  find("input", all)?.addEventListener("change", (event) => {
    const { checked } = /** @type {HTMLInputElement} */ (event.target);
    for (const box of findAll("#deciding input[name=ids]")) /** @type {HTMLInputElement} */ (box).checked = checked;
  });
}
