/** Handing over: kept up to date while nobody writes. */
import { find } from "../core/dom.js";
import { fetchPage, replaceParts } from "../core/fragment.js";
import { keepForms } from "../core/kept_form.js";
import { follow, settled } from "../core/live.js";

const refresh = settled(async () => {
  const typed = [...document.querySelectorAll("#shift textarea, #shift input:not([type=hidden])")].some((one) => /** @type {HTMLInputElement} */ (one).value);
  if (!typed && !find("#shift")?.contains(document.activeElement)) replaceParts(await fetchPage("/desk/shift"), ["#shift"]);
}, 2000);

keepForms();
follow(refresh);
