/** Streets that were tapped on a patrol that goes on: kept while the page is closed, until it is handed in. No position is. */
import * as kept from "../core/kept_store.js";
import { page } from "../core/page.js";

const NAME = "patrol-walk";
const LONGEST_MS = 12 * 3600_000; // a patrol lasts no longer

/** @param {string[]} ticked @param {Date|null} began */
export function keepWalk(ticked, began) {
  if (!ticked.length && !began) kept.forget(NAME);
  else kept.write(localStorage, NAME, { person: page.person_id, at: Date.now(), values: { ticked, began: began ? [began.toISOString()] : [] } });
}

/** @returns {{ticked: string[], began: Date|null}} */
export function keptWalk() {
  const { ticked = [], began = [] } = kept.read(localStorage, NAME, page.person_id)?.values ?? {};
  const since = Date.parse(began[0] ?? "");
  return { ticked, began: Date.now() - since < LONGEST_MS ? new Date(since) : null };
}

/** It was handed in. */
export const forgetWalk = () => kept.forget(NAME);
