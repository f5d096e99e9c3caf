/**
 * What is edited: the cells of a draft as the server holds them, each act sent at once and answered with what it changed.
 * @typedef {{level: string, code: string, name: string, name_en: string, parent_code: string|null, households: number|null, people: string[]}} CellFacts
 * @typedef {{id: string, properties: CellFacts, geometry: any}} Cell
 * @typedef {{properties: any, geometry: any}} Feature
 */
import { get, request } from "../core/http.js";

export class Draft {
  /**
   * @param {string|null} id null: the version in force, only to look at
   * @param {number} version in force when the page was made
   */
  constructor(id, version) {
    this.id = id;
    this.version = version;
    /** @type {Map<string, Cell>} */
    this.cells = new Map();
    /** @type {Feature[]} */
    this.findings = [];
    this.errors = 0;
    this.total = 0;
    this.position = 0;
    this.open = false;
    this.canUndo = false;
    this.canRedo = false;
    /** @type {Promise<unknown>} acts go one after the other: each needs the position that the one before left */
    this.waiting = Promise.resolve();
    /** @type {() => void} */
    this.changed = () => {};
    /** @type {(state: "saving"|"saved"|"failed", error?: any) => void} */
    this.saving = () => {};
  }

  async load() {
    const answer = this.id ? await get(`boundaries/drafts/${this.id}`) : await get(`boundaries/versions/${this.version}`);
    this.cells.clear();
    this.take(answer);
  }

  /** @param {any} answer */
  take(answer) {
    for (const { level, code } of answer.gone ?? []) this.cells.delete(`${level}/${code}`);
    for (const cell of answer.cells.features) this.cells.set(cell.id, cell);
    this.findings = answer.findings?.features ?? [];
    this.errors = answer.errors ?? 0;
    this.total = answer.total ?? 0;
    this.position = answer.position ?? 0;
    this.open = answer.status === "open";
    this.canUndo = Boolean(answer.can_undo) && this.open;
    this.canRedo = Boolean(answer.can_redo) && this.open;
    this.changed();
  }

  /**
   * Send an act. It is shown as saved only when the server has answered.
   * @param {string} path edits, undo, redo, repair
   * @param {object} [body]
   * @returns {Promise<boolean>} whether it was done
   */
  act(path, body = {}) {
    const acted = this.waiting.then(async () => {
      this.saving("saving");
      try {
        this.take(await request("POST", `boundaries/drafts/${this.id}/${path}`, { ...body, position: this.position }));
        this.saving("saved");
        return true;
      } catch (error) {
        this.saving("failed", error);
        if (["draft_changed", "draft_closed"].includes(/** @type {any} */ (error).code)) await this.load().catch(() => {});
        return false;
      }
    });
    this.waiting = acted;
    return acted;
  }

  /** @param {object} edit with its kind */
  edit(edit) {
    return this.act("edits", edit);
  }

  /** @param {string} level @returns {CellFacts[]} by code */
  of(level) {
    return [...this.cells.values()].map(({ properties }) => properties).filter((one) => one.level === level)
      .sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  /** @param {string} level @param {string} code @returns {CellFacts|undefined} */
  facts(level, code) {
    return this.cells.get(`${level}/${code}`)?.properties;
  }

  /** @returns {number|null} mean households of micro-grids */
  mean() {
    const counts = this.of("micro_grid").flatMap(({ households }) => (households === null ? [] : [households]));
    return counts.length ? counts.reduce((sum, one) => sum + one, 0) / counts.length : null;
  }

  /** @param {string} grid @returns {string} a code that is free in that grid */
  freeCode(grid) {
    const taken = this.of("micro_grid").filter((one) => one.parent_code === grid).map(({ code }) => Number(code.match(/(\d+)$/)?.[1] ?? 0));
    return `${grid}-${String(Math.max(0, ...taken) + 1).padStart(2, "0")}`;
  }
}
