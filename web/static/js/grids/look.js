/** How cells, findings and changes look and are called. */
import { page } from "../core/page.js";
import { number, t } from "../core/words.js";

const NEAR = 0.2;
const FAR = 0.4;

/** @param {string} name @returns {string} a colour of the style sheet */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {number|null} households @param {number|null} mean @returns {"low2"|"low"|"even"|"high"|"high2"|"none"} */
export function balanceOf(households, mean) {
  if (households === null || !mean) return "none";
  const off = households / mean - 1;
  if (Math.abs(off) <= NEAR) return "even";
  if (off < 0) return off < -FAR ? "low2" : "low";
  return off > FAR ? "high2" : "high";
}

/** @returns {[string, string][]} classes of balance with their words, from few to many */
export const balances = () => [
  ["low2", t("少 40% 以上")], ["low", t("少 20–40%")], ["even", t("平均 ±20% 以内")], ["high", t("多 20–40%")], ["high2", t("多 40% 以上")],
];

/** @param {number} households @param {number} mean @returns {string} +12% */
export function deviation(households, mean) {
  const percent = Math.round((households / mean - 1) * 100);
  return `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${Math.abs(percent)}%`;
}

/** @param {{size: number, unit: string, width_m: number}} finding */
export function sizeOf({ size, unit, width_m }) {
  const fine = (/** @type {number} */ value) => (value >= 10 ? number(value) : String(Number(value.toFixed(2))));
  if (unit === "m2") return t("{n} 平方米", { n: fine(size) }) + (width_m ? ` · ${t("宽 {n} 米", { n: fine(width_m) })}` : "");
  if (unit === "m") return t("{n} 米", { n: fine(size) });
  return unit ? t("{n} 个顶点", { n: number(size) }) : "";
}

/** @param {any} one a finding's properties @returns {string} */
export const findingTitle = (one) => page.names.finding[one.kind] ?? one.kind;

/** @param {any} one a finding's properties @returns {string} */
export const findingLine = (one) => [page.names.level[one.level], one.codes.join("、"), sizeOf(one), one.note].filter(Boolean).join(" ");

/** @param {any} change @returns {string} */
export function changeLine(change) {
  const facts = change.facts.map((/** @type {string} */ fact) => page.names.fact[fact]).join(" ");
  const area = change.gained_m2 || change.lost_m2 ? ` +${number(change.gained_m2)} / −${number(change.lost_m2)} m²` : "";
  return facts + area;
}
