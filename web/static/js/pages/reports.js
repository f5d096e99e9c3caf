/** One's own reports: those that are still on this phone are not in the list of the service, and are told of. */
import { find, h } from "../core/dom.js";
import { page } from "../core/page.js";
import { t } from "../core/words.js";
import * as store from "../report/store.js";

const box = find("#waiting-here");
if (box && (await store.isKeeping())) {
  const here = (await store.list(page.person_id)).filter((one) => ["waiting", "sending", "failed"].includes(one.state));
  box.hidden = !here.length;
  box.replaceChildren(t("这台手机里还有 {n} 件没有传完。", { n: here.length }), " ", h("a", { href: "/report#queue" }, t("去看看")));
}
