/** The kitchen's pages: long forms are kept while they are typed; a list goes on paper. */

import { keepForms } from "../core/kept_form.js";
import "../core/page.js";

keepForms();
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
