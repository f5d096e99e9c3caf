/**
 * What the server says about this page and its reader.
 * @typedef {{id: string, name: string, name_en: string, timezone: string, demo: boolean,
 *   bounds: [number, number, number, number], centre: [number, number],
 *   area_version: number, network_version: number}} Community
 * @typedef {{code: string, name: string, name_en: string, family?: string, urgent?: boolean}} Category
 */

const element = document.getElementById("page");

/**
 * @type {{language: string, csrf: string, role: string|null, person_id: string|null, community: Community|null,
 *   api: string, static: string, events: string, max_photo_bytes: number, max_photos: number,
 *   words: Record<string, string>, names: Record<string, Record<string, string>>,
 *   categories: Category[], agencies: (Category & {active: boolean})[], icons: string,
 *   base_map?: {url: string, subdomains: string, shift: [number, number], highest: number, attribution: string}|null}}
 */
export const page = JSON.parse(element?.textContent ?? "{}");

/** Statuses of cases that are still being worked on. */
export const LIVE = ["open", "offered", "accepted", "on_site", "referred", "done"];

/** @param {string} code @returns {string} the category's name for this reader */
export function categoryName(code) {
  return nameOf(page.categories.find((one) => one.code === code)) || code;
}

/**
 * @param {{name?: string, name_en?: string}|null|undefined} thing
 * @returns {string} its name for this reader
 */
export function nameOf(thing) {
  if (!thing) return "";
  return (page.language === "en" && thing.name_en) || thing.name || "";
}
