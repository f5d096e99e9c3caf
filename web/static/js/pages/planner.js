/** Planner: a changed filter is applied at once. */
import { find } from "../core/dom.js";

const form = /** @type {HTMLFormElement|null} */ (find("#filters"));
form?.addEventListener("change", () => form.requestSubmit());
