/** The tools over the map: select, move parts, split along a line, merge. */
import { find, findAll, h } from "../core/dom.js";
import { nameOf } from "../core/page.js";
import { number, t } from "../core/words.js";
import { PartLayer } from "./parts.js";
import { Line } from "./line.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./layers.js").CellLayer} CellLayer */

export class Tools {
  /**
   * @param {any} map @param {Draft} draft @param {CellLayer} layer
   * @param {(code: string|null) => void} select a cell in the list and panel
   */
  constructor(map, draft, layer, select) {
    this.draft = draft;
    this.layer = layer;
    this.select = select;
    this.element = /** @type {HTMLElement} */ (find("#map"));
    this.bar = /** @type {HTMLElement} */ (find("#tool-bar"));
    this.parts = new PartLayer(map, layer.renderer, () => this.fill());
    layer.raise = () => this.parts.raise();
    this.line = new Line(map, () => this.fill());
    this.tool = "select";
    /** @type {string[]} */
    this.cells = [];
    const buttons = /** @type {HTMLElement} */ (find("#tools"));
    buttons.hidden = false;
    for (const button of findAll("[data-tool]", buttons)) button.addEventListener("click", () => void this.use(button.dataset.tool ?? "select"));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) void this.use("select");
    });
  }

  /** @param {string} tool */
  async use(tool) {
    this.tool = tool;
    this.cells = [];
    for (const button of findAll("#tools [data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    if (tool === "move") await this.parts.load();
    this.parts.show(tool === "move");
    this.line.draw(tool === "split");
    this.element.classList.toggle("drawing", tool === "split");
    this.element.classList.toggle("picking", tool !== "split");
    this.layer.choose([]);
    this.fill();
  }

  /** A micro-grid was pressed. @param {string} code @param {any} at */
  pressed(code, at) {
    if (this.tool === "split") this.line.add(at);
    else if (this.tool === "merge") this.toggle(code);
    else if (this.tool === "move" && this.parts.picked.size) void this.move(code);
    else if (this.tool === "select") this.select(code);
  }

  /** @param {string} code */
  toggle(code) {
    this.cells = this.cells.includes(code) ? this.cells.filter((one) => one !== code) : [...this.cells, code];
    this.layer.choose(this.cells);
    this.fill();
  }

  /** @param {string} to */
  async move(to) {
    for (const move of this.parts.moves()) if (!(await this.draft.edit({ kind: "move_part", ...move, to }))) break;
    this.parts.clear();
    this.fill();
  }

  fill() {
    const content = { move: () => this.moveBar(), split: () => this.splitBar(), merge: () => this.mergeBar() }[this.tool];
    this.bar.hidden = !content;
    this.bar.replaceChildren(...(content ? content() : []));
  }

  moveBar() {
    const picked = this.parts.chosen();
    if (!picked.length) return [h("p", {}, t("点选要移动的楼栋或单元，再点它们要去的微网格。"))];
    const households = picked.reduce((sum, part) => sum + part.households, 0);
    const target = this.choice("tool-target", this.nearFirst());
    return [
      h("p", {}, t("已选 {n} 处，共 {households} 户。点目标微网格，或在这里选：", { n: picked.length, households: number(households) })),
      h("div", { class: "row" }, h("div", { class: "field" }, h("label", { for: "tool-target", class: "hidden-text" }, t("目标微网格")), target),
        this.button(t("移动"), () => void this.move(target.value)), this.button(t("清除"), () => { this.parts.clear(); this.fill(); }, "quiet")),
    ];
  }

  /** @returns {import("./draft.js").CellFacts[]} micro-grids, those around the picked parts first */
  nearFirst() {
    const around = [...this.parts.picked].map((layer) => layer.getBounds().pad(0.7));
    const near = (/** @type {string} */ code) => around.some((box) => this.layer.drawn.get(`micro_grid/${code}`)?.layer.getBounds().intersects(box));
    const cells = this.draft.of("micro_grid");
    return [...cells.filter(({ code }) => near(code)), ...cells.filter(({ code }) => !near(code))];
  }

  splitBar() {
    if (this.line.points.length < 2) return [h("p", {}, t("点出一条线，穿过要拆分的微网格：起点和终点在它的边界上或以外。"))];
    const cells = this.line.crossed(this.draft);
    const cell = this.choice("split-cell", this.draft.of("micro_grid"), cells[0]);
    const facts = this.draft.facts("micro_grid", cell.value);
    const code = /** @type {HTMLInputElement} */ (h("input", { class: "input", id: "split-code", maxlength: 40, value: this.draft.freeCode(facts?.parent_code ?? "") }));
    const name = /** @type {HTMLInputElement} */ (h("input", { class: "input", id: "split-name", maxlength: 80, value: facts ? t("{name}（新）", { name: nameOf(facts) }) : "" }));
    const apply = async () => {
      const line = this.line.points.map(({ lng, lat }) => [lng, lat]);
      if (await this.draft.edit({ kind: "split", cell: cell.value, line, code: code.value, name: name.value })) await this.use("select");
    };
    return [h("div", { class: "row" }, field(t("拆分"), cell), field(t("新编号"), code), field(t("新名称"), name)),
      h("div", { class: "row" }, this.button(t("拆分"), () => void apply()), this.button(t("退一点"), () => this.line.back(), "quiet"))];
  }

  mergeBar() {
    const names = this.cells.join("、");
    const apply = async () => {
      if (await this.draft.edit({ kind: "merge", cells: this.cells })) await this.use("select");
    };
    return [h("p", {}, names ? t("合并 {names}：保留第一个的编号和名称。", { names }) : t("点选要合并的微网格，两个以上，互相连着。")),
      this.cells.length > 1 && h("div", { class: "row" }, this.button(t("合并"), () => void apply()), this.button(t("清除"), () => void this.use("merge"), "quiet"))].filter((one) => one !== false);
  }

  /** @param {string} id @param {import("./draft.js").CellFacts[]} cells @param {string} [chosen] */
  choice(id, cells, chosen) {
    return /** @type {HTMLSelectElement} */ (h("select", { class: "select", id },
      ...cells.map((one) => h("option", { value: one.code, selected: one.code === chosen }, `${one.code} · ${t("{n} 户", { n: one.households ?? "?" })}`))));
  }

  /** @param {string} words @param {() => void} action */
  button(words, action, kind = "primary") {
    return h("button", { class: `button ${kind}`, type: "button", onclick: action }, words);
  }
}

/** @param {string} words @param {HTMLElement} input */
export const field = (words, input) => h("div", { class: "field" }, h("label", { for: input.id }, words), input);
