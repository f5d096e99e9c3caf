/** The sheet with one case: the server's own case page, its forms sent in the background. */
import { find, h, icon } from "../core/dom.js";
import { fetchIfIdle, fetchPage, sendForms } from "../core/fragment.js";
import { t } from "../core/words.js";

/** A sheet beside the map (desktop) or over its foot (phone). */
export class Detail {
  /**
   * @param {HTMLElement} element
   * @param {{changed: () => void, closed: () => void}} options changed: after a verb of this sheet
   */
  constructor(element, { changed, closed }) {
    this.element = element;
    this.closed = closed;
    /** @type {string|null} */
    this.id = null;
    sendForms(element, (fresh) => {
      this.fill(fresh);
      changed();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) this.close();
    });
  }

  /** @param {string} id of the case */
  async open(id) {
    this.id = id;
    this.element.hidden = false;
    find("#main")?.classList.add("detail");
    const fresh = await fetchPage(`/cases/${id}`);
    if (this.id === id) this.fill(fresh);
  }

  /** Fetch it again unless a form of it is being filled in. */
  async refresh() {
    const id = this.id;
    const fresh = id && (await fetchIfIdle(`/cases/${id}`, "#detail"));
    if (fresh && this.id === id) this.fill(fresh);
  }

  close() {
    if (this.element.hidden) return;
    this.id = null;
    this.element.hidden = true;
    this.element.replaceChildren();
    find("#main")?.classList.remove("detail");
    this.closed();
  }

  /** @param {Document} fresh a case page, or the page of an error */
  fill(fresh) {
    const article = find("#case", fresh);
    const scrolled = find(".sheet-body", this.element)?.scrollTop ?? 0;
    const title = h("h2", {}, t("案件详情"));
    const head = h("div", { class: "sheet-head" }, title,
      h("a", { class: "button quiet", href: `/cases/${this.id}` }, t("整页")),
      h("button", { class: "button quiet", type: "button", onclick: () => this.close() }, icon("close"), t("关闭")));
    const body = h("div", { class: "sheet-body" });
    if (article) {
      find(".case-map", article)?.remove();
      body.append(document.adoptNode(article));
    } else {
      body.append(h("p", { class: "note bad" }, find("h1", fresh)?.textContent ?? t("没有找到，或者不在您负责的范围内。")));
    }
    this.element.replaceChildren(head, body);
    body.scrollTop = scrolled;
  }
}
