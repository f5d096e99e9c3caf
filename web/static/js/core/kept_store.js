/** What was typed into long forms, on this device only: of one person, for a day at most, until they sign out. */
const PREFIX = "weiwang-form:";
const MOST_MS = 24 * 3600 * 1000;

/** @typedef {{person: string|null, at: number, values: Record<string, string[]>}} Entry */

/** @param {Storage} from @returns {string[]} */
const ours = (from) => Object.keys(from).filter((key) => key.startsWith(PREFIX));

/** @param {Storage} from @param {string} name @param {string|null} person @returns {Entry|null} */
export function read(from, name, person) {
  try {
    const found = JSON.parse(from.getItem(PREFIX + name) ?? "null");
    return found && found.person === person && Date.now() - found.at < MOST_MS ? found : null;
  } catch {
    return null;
  }
}

/** @param {Storage} into @param {string} name @param {Entry} entry @returns {boolean} false where there is no room */
export function write(into, name, entry) {
  try {
    into.setItem(PREFIX + name, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function forget(name) {
  for (const one of [localStorage, sessionStorage]) one.removeItem(PREFIX + name);
}

/** Forget what was sent: the page that followed says that it was taken. */
export function forgetSent() {
  for (const key of ours(sessionStorage)) sessionStorage.removeItem(key);
}

/** Forget everything: somebody has signed out. */
export function forgetAll() {
  for (const one of [localStorage, sessionStorage]) for (const key of ours(one)) one.removeItem(key);
}

/** Forget what another person typed on this device, and what is older than a day. @param {string|null} person */
export function forgetOthers(person) {
  for (const one of [localStorage, sessionStorage]) {
    for (const key of ours(one)) if (!read(one, key.slice(PREFIX.length), person)) one.removeItem(key);
  }
}
