/**
 * The service worker: /report, /tasks, /visits, /patrols, /map and /handbook open without a network, and the last round of visits or meals that
 * was open. The service writes `SHELL` before this text: the files of these pages by their hashed addresses, and a version that changes
 * with any of them.
 * Kept for everybody: the shell. Kept for one person, and dropped when they sign out, somebody else signs in, or the session
 * has ended: their pages as they were last, the community's layers and the places they looked at. What names doors or people is
 * dropped after a shift, too, and as soon as the service says that it is no longer theirs.
 */
/* global SHELL */

const worker = /** @type {any} */ (self);
const { version, files, offline } = SHELL;
const SHELLS = "weiwang-shell-";
const PRIVATE = "weiwang-private";
const OWNER = "/owner";
/** Pages that are kept, and the script of each. @type {Record<string, string>} */
const PAGES = { "/report": "/js/pages/report.js", "/tasks": "/js/pages/tasks.js", "/visits": "/js/pages/visits.js", "/patrols": "/js/pages/patrols.js", "/map": "/js/pages/map.js", "/handbook": "/js/pages/handbook.js" };
/** Of each of these only the one that was open last. @type {[RegExp, string][]} */
const ROUNDS = [[/^\/visits\/rounds\/[0-9a-f-]{36}$/, "/js/pages/visits_round.js"], [/^\/meals\/rounds\/[0-9a-f-]{36}$/, "/js/pages/meals_round.js"]];
const FOR_GOOD = new Set(["/report", "/patrols", "/map", "/handbook"]); // they name neither doors nor people
const BEFORE_LOOKED_AT = ["/report", "/map"];
const FOR_ALL = "/handbook"; // what to do in an emergency: kept for everybody, before it is looked at // the tasks are kept when they are looked at: they hold addresses of people
const OLD_MS = 12 * 3600_000; // what belongs to another shift isn't shown
const ANY = { ignoreVary: true }; // what is kept of one person differs by nothing else
const SLOW_MS = 4000; // a page that takes longer is shown as it was last
const LAYERS = /^\/api\/v1\/(areas|buildings|streets|base|gates|stations|categories)$/;
const GROUND = ["areas?level=community", "areas?level=grid", "areas?level=micro_grid", "buildings", "streets", "base", "gates", "stations"].map((layer) => `/api/v1/${layer}`);
const TILES = /^\/tiles\//;
const MOST_TILES = 400;
const SIGNING = /^\/(login|logout|api\/v1\/session)$/;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(SHELLS + version).then((shell) => shell.addAll([...files, offline].map((url) => new Request(url, { cache: url.includes("?v=") ? "default" : "reload" })))));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  const { say, person, pages, at } = event.data ?? {};
  if (say === "skip") void worker.skipWaiting();
  if (say === "person") event.waitUntil(belongsTo(person, pages ?? [], at));
  if (say === "ground") event.waitUntil(keepGround());
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== worker.location.origin) return;
  if (request.method !== "GET") {
    if (SIGNING.test(url.pathname)) event.waitUntil(caches.delete(PRIVATE));
  } else if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (LAYERS.test(url.pathname)) event.respondWith(layer(event));
  else if (TILES.test(url.pathname)) event.respondWith(tile(event));
});

/** What is kept is this person's alone. @param {string|null} person @param {string[]} pages that are theirs to open @param {string} at the one that is open: it came before there was a worker */
async function belongsTo(person, pages, at) {
  const owner = await (await caches.match(OWNER, { cacheName: PRIVATE }))?.text();
  if (owner === (person ?? "")) return;
  await caches.delete(PRIVATE);
  if (!person) return;
  await (await caches.open(PRIVATE)).put(OWNER, new Response(person));
  const open = ROUNDS.some(([is]) => is.test(at)) ? [at] : [];
  for (const path of [...Object.keys(PAGES).filter((one) => one === at || one === FOR_ALL || (BEFORE_LOOKED_AT.includes(one) && pages.includes(one))), ...open]) await keepPage(path, await fetch(path, { headers: { Accept: "text/html" } }).catch(() => null));
}

/** The community's map, before it is looked at: without a network it would be too late. */
async function keepGround() {
  const mine = await caches.open(PRIVATE);
  for (const url of GROUND) {
    if (!(await mine.match(OWNER)) || (await mine.match(url, ANY))) continue;
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) await mine.put(url, answer);
  }
}

/** @param {any} event @param {URL} url @returns {Promise<Response>} the page itself, or what is kept of it */
async function page(event, url) {
  const asked = fetch(event.request);
  const path = scriptOf(url.pathname) ? url.pathname : null;
  const kept = path ? await keptPage(path) : undefined;
  try {
    const answer = await (kept ? inTime(asked) : asked);
    if (path) {
      if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401) await caches.delete(PRIVATE); // the session has ended
      else if ([403, 404].includes(answer.status)) await drop(path);
      else if (!url.search) event.waitUntil(keepPage(path, answer.clone()));
    }
    return answer;
  } catch {
    if (path && kept) {
      if (!url.search) event.waitUntil(asked.then((answer) => keepPage(path, answer)).catch(() => {}));
      event.waitUntil(sayKept(event.resultingClientId, kept.headers.get("Date")));
      return kept;
    }
    return (await caches.match(offline, ANY)) ?? Response.error();
  }
}

/** @param {string} path @returns {string|undefined} the script of a page that is kept */
const scriptOf = (path) => Object.hasOwn(PAGES, path) ? PAGES[path] : ROUNDS.find(([is]) => is.test(path))?.[1];

/** @param {string} path */
const drop = async (path) => (await caches.open(PRIVATE)).delete(path, ANY);

/** @returns {Promise<string[]>} */
const keptPaths = async () => (await (await caches.open(PRIVATE)).keys()).map(({ url }) => new URL(url).pathname).filter(scriptOf);

/** @param {string} path @returns {Promise<Response|undefined>} */
async function keptPage(path) {
  const kept = await caches.match(path, { cacheName: PRIVATE, ...ANY });
  const old = !FOR_GOOD.has(path) && Date.now() - Date.parse(kept?.headers.get("Date") ?? "") > OLD_MS;
  if (kept && old) await drop(path);
  return old ? undefined : kept;
}

/** Tell a page that it is shown as it was. @param {string} id of its client @param {string|null} at */
async function sayKept(id, at) {
  const client = await worker.clients.get(id);
  client?.postMessage({ say: "kept", at });
}

/** @param {Promise<Response>} asked @returns {Promise<Response>} fails where it takes too long */
const inTime = (asked) => Promise.race([asked, new Promise((/** @type {(answer: never) => void} */ _, late) => setTimeout(late, SLOW_MS))]);

/** @param {string} html @param {string} path @returns {boolean} whether a page is made of the files of this worker */
const isOurs = (html, path) => files.some((file) => file.includes(scriptOf(path) ?? " ") && html.includes(file));

/** @param {string} path @param {Response|null} answer the page as it is now; once one is kept, older shells are of no use */
async function keepPage(path, answer) {
  if (!answer?.ok || answer.redirected) return;
  const mine = await caches.open(PRIVATE);
  if (!(await mine.match(OWNER))) return; // nobody has said whose it would be
  for (const other of await keptPaths()) { // an older round, or what is of another shift
    if (ROUNDS.some(([is]) => is.test(other) && is.test(path)) && other !== path) await drop(other);
    else await keptPage(other);
  }
  await mine.put(path, answer);
  const html = await (await mine.match(path, ANY))?.text();
  if (!html || !isOurs(html, path)) return; // the page is newer than this worker
  const old = (await caches.keys()).filter((name) => name.startsWith(SHELLS) && name !== SHELLS + version);
  if (!old.length || worker.registration.waiting || worker.registration.installing) return; // one of them is the next worker's
  for (const other of await keptPaths()) {
    const shown = await (await mine.match(other, ANY))?.text();
    if (shown && !isOurs(shown, other)) await mine.delete(other); // its files go
  }
  for (const name of old) await caches.delete(name);
}

/** @param {Request} request @returns {Promise<Response>} */
async function fromShell(request) {
  return (await caches.match(request, ANY)) ?? fetch(request);
}

/** A layer as it is kept, and renewed behind it. @param {any} event @returns {Promise<Response>} */
async function layer(event) {
  const mine = await caches.open(PRIVATE);
  const kept = await mine.match(event.request, ANY);
  const asked = fetch(event.request).then(async (answer) => {
    if (answer.ok && (await mine.match(OWNER))) await mine.put(event.request, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  event.waitUntil(asked.catch(() => {}));
  return kept;
}

/** @param {any} event @returns {Promise<Response>} a tile of the base map */
async function tile(event) {
  const mine = await caches.open(PRIVATE);
  const kept = await mine.match(event.request, ANY);
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok && (await mine.match(OWNER)) && (await mine.keys()).length < MOST_TILES) event.waitUntil(mine.put(event.request, answer.clone()));
  return answer;
}
