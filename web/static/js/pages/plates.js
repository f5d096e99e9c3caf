/** Plates: a changed filter is applied at once; print. */
import { find } from "../core/dom.js";

const form = /** @type {HTMLFormElement|null} */ (find("#filters"));
form?.addEventListener("change", (event) => {
  const changed = /** @type {HTMLSelectElement} */ (event.target).name;
  if (changed === "grid") /** @type {HTMLSelectElement} */ (form.elements.namedItem("micro_grid")).value = "";
  form.requestSubmit();
});
const button = /** @type {HTMLButtonElement|null} */ (find("#print"));
if (button) {
  button.hidden = !find(".plate-card");
  button.addEventListener("click", () => window.print());
}
