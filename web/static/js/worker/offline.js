/**
 * The service worker: /report opens without a network. The service writes `SHELL` before this text: the files of the page by
 * their hashed addresses, and a version that changes with any of them.
 * Kept for everybody: the shell. Kept for one person, and dropped when they sign out, somebody else signs in, or the session
 * has ended: their report page, the community's layers and the places they looked at.
 */
/* global SHELL */

const worker = /** @type {any} */ (self);
const { version, files, offline } = SHELL;
const SHELLS = "weiwang-shell-";
const PRIVATE = "weiwang-private";
const OWNER = "/owner";
const PAGE = "/report";
const ANY = { ignoreVary: true }; // what is kept of one person differs by nothing else
const SLOW_MS = 4000; // a page that takes longer is shown as it was last
const LAYERS = /^\/api\/v1\/(areas|buildings|streets|base|gates|stations|categories)$/;
const GROUND = ["areas?level=community", "buildings", "streets", "base", "gates", "stations"].map((layer) => `/api/v1/${layer}`);
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
  const { say, person } = event.data ?? {};
  if (say === "skip") void worker.skipWaiting();
  if (say === "person") event.waitUntil(belongsTo(person));
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

/** What is kept is this person's alone. @param {string|null} person */
async function belongsTo(person) {
  const owner = await (await caches.match(OWNER, { cacheName: PRIVATE }))?.text();
  if (owner === (person ?? "")) return;
  await caches.delete(PRIVATE);
  if (!person) return;
  await (await caches.open(PRIVATE)).put(OWNER, new Response(person));
  await keepPage(await fetch(PAGE, { headers: { Accept: "text/html" } }).catch(() => null));
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
  const report = url.pathname === PAGE;
  const kept = report ? await caches.match(PAGE, { cacheName: PRIVATE, ...ANY }) : undefined;
  try {
    const answer = await (kept ? inTime(asked) : asked);
    if (report) {
      if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401) await caches.delete(PRIVATE); // the session has ended
      else if (!url.search) event.waitUntil(keepPage(answer.clone()));
    }
    return answer;
  } catch {
    if (kept) {
      event.waitUntil(asked.then(keepPage).catch(() => {}));
      return kept;
    }
    return (await caches.match(offline, ANY)) ?? Response.error();
  }
}

/** @param {Promise<Response>} asked @returns {Promise<Response>} fails where it takes too long */
const inTime = (asked) => Promise.race([asked, new Promise((/** @type {(answer: never) => void} */ _, late) => setTimeout(late, SLOW_MS))]);

/** @param {Response|null} answer the report page as it is now; once it is kept, older shells are of no use */
async function keepPage(answer) {
  if (!answer?.ok || answer.redirected) return;
  const mine = await caches.open(PRIVATE);
  if (!(await mine.match(OWNER))) return; // nobody has said whose it would be
  await mine.put(PAGE, answer);
  const html = await (await mine.match(PAGE, ANY))?.text();
  if (!files.every((file) => !file.includes("/pages/report.js") || html?.includes(file))) return; // the page is newer than this worker
  for (const name of await caches.keys()) if (name.startsWith(SHELLS) && name !== SHELLS + version && !worker.registration.waiting) await caches.delete(name);
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
