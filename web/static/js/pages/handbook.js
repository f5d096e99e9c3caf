/** The handbook: articles are found while one types, without a network too; all of it goes on paper. */
import { find, findAll } from "../core/dom.js";
import { install } from "../core/installed.js";

const articles = /** @type {HTMLDetailsElement[]} */ (findAll("[data-article]"));
const wanted = /** @type {HTMLInputElement} */ (find("#q"));
const print = /** @type {HTMLButtonElement} */ (find("[data-print]"));
const none = /** @type {HTMLElement} */ (find("#none"));

function show() {
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of articles) {
    const text = one.textContent?.toLowerCase() ?? "";
    one.hidden = !words.every((word) => text.includes(word));
    if (!one.hidden) shown += 1;
  }
  none.hidden = shown > 0 || !articles.length;
}

wanted.addEventListener("input", show);
print.hidden = false;
print.addEventListener("click", () => {
  for (const one of articles) one.open = true;
  window.print();
});
const named = articles.find((one) => `#${one.id}` === window.location.hash);
if (named) named.open = true;
void install();
