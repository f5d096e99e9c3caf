/** What every sender of kept things needs: which answers mean "later", and the secret of the session as it is now. */
import { request, ServiceError } from "./http.js";
import { page } from "./page.js";
import { t } from "./words.js";

const ANSWER_MS = 30_000;

/** Answers after which the same is tried again. */
export const LATER = new Set([0, 408, 425, 429, 500, 502, 503, 504, 507]);

/** @returns {Promise<string>} the secret of the session as it is now: this page may be older, and was perhaps kept offline */
export async function secret() {
  const me = await request("GET", "me", undefined, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (me.person.id !== page.person_id) throw new ServiceError(t("存在这里的是另一位用户写的：请用原来的账号登录后上传。"), 401, "other_person");
  return me.csrf;
}
