/** Pages whose only script keeps long forms while they are typed. */
import { keepForms } from "../core/kept_form.js";
import "../core/page.js";

keepForms();
