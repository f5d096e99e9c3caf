/** Sentences, times and figures for the reader. A sentence's key is its Chinese text. */
import { page } from "./page.js";

const zone = page.community?.timezone ?? "Asia/Shanghai";
const locale = page.language === "en" ? "en-GB" : "zh-CN";
const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const moments = new Intl.DateTimeFormat(locale, {
  timeZone: zone, month: page.language === "en" ? "short" : "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
});

/**
 * Translate a sentence and fill in its values.
 * @param {string} text the Chinese sentence, literally in the source so that it is found for the catalogue
 * @param {Record<string, string|number>} [values]
 */
export function t(text, values = {}) {
  const sentence = page.words[text] ?? text;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "…"));
}

/** @param {number} value */
export const number = (value) => numbers.format(value);

/** @param {string|number|Date} moment in the community's own time */
export const when = (moment) => moments.format(new Date(moment));

/** @param {number} metres */
export const distance = (metres) => t("{n} 米", { n: number(metres < 100 ? metres : Math.round(metres / 10) * 10) });

/** @param {number} seconds left of an offer, as 1:05 */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
