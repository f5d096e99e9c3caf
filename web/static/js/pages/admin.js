/** The office's own pages: only what makes a form easier; everything works without it. */
import { find } from "../core/dom.js";
import { keepForms } from "../core/kept_form.js";

const role = /** @type {HTMLSelectElement|null} */ (find("#field-role"));
const answering = find("#answering");

/** Fields of responders are shown for responders only. */
function fold() {
  if (role && answering) answering.hidden = !["watcher", "rider"].includes(role.value);
}

keepForms();
role?.addEventListener("change", fold);
fold();
find(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone the strip is longer than the screen
