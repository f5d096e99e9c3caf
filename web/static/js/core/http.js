/** Requests to the service, with its errors as sentences. */
import { page } from "./page.js";
import { t } from "./words.js";

/** An answer that is an error, with the sentence to show. */
export class ServiceError extends Error {
  /**
   * @param {string} sentence
   * @param {number} status 0: no answer at all
   * @param {string} code
   */
  constructor(sentence, status, code) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} path below /api/v1, for example `cases`
 * @param {Record<string, string|number|string[]|null|undefined>} [query]
 */
export async function get(path, query = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((one) => parameters.append(name, one));
    else if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const asked = parameters.size ? `?${parameters}` : "";
  return request("GET", `${path}${asked}`);
}

/**
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {object|FormData|Blob} [body]
 * @param {{csrf?: string, signal?: AbortSignal}} [options] csrf: of a session that is newer than this page
 */
export async function request(method, path, body, { csrf = page.csrf, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "Accept-Language": page.language };
  const raw = body instanceof FormData || body instanceof Blob || body === undefined;
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (!raw) headers["Content-Type"] = "application/json";
  else if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream";
  let answer, text;
  try {
    answer = await fetch(`${page.api}/${path}`, { method, headers, credentials: "same-origin", signal, body: raw ? body : JSON.stringify(body) });
    text = await answer.text();
  } catch {
    throw new ServiceError(t("连不上服务，请检查网络。"), 0, "offline");
  }
  if (!answer.ok) throw errorOf(answer.status, text);
  return text ? JSON.parse(text) : null;
}

/**
 * @param {number} status
 * @param {string} text of a problem+json answer
 */
export function errorOf(status, text) {
  try {
    const problem = JSON.parse(text);
    return new ServiceError(problem.detail || problem.title, status, problem.code ?? "error");
  } catch {
    return new ServiceError(t("服务出错了（{status}），请稍后再试。", { status }), status, "error");
  }
}
