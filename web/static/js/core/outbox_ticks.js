/** Stops of a round that are ticked off where there is no network: the badge changes at once, the service hears of it later. */
import { find, findAll } from "./dom.js";
import { openOutbox } from "./outbox.js";
import { keptNote } from "./outbox_note.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/**
 * @param {string} box
 * @param {{parts: number, fields: string[], stop: (path: string) => HTMLElement|null, badge: (fields: Map<string, string>) => string,
 *   next?: () => string}} round
 * parts: how many parts of a form's address the service's own has; fields: what is sent of a form; stop: whose a kept one is,
 * null where that stop isn't on this page; badge: what its badge says then; next: which page follows, none: this one again
 */
export function tickStops(box, { parts, fields, stop, badge, next }) {
  let taken = 0;
  const outbox = openOutbox(box, {
    taken: (one) => {
      taken += 1;
      stop(one.path)?.setAttribute("data-state", "said");
    },
    show: (left) => {
      for (const old of findAll(".kept-work")) old.remove();
      left.forEach(showKept);
      if (!taken) return;
      taken = 0;
      toast(t("记下了。"));
      if (!left.length) onward(next?.() ?? "");
    },
  });

  /** @param {import("./outbox.js").Kept} one */
  const showKept = (one) => {
    const place = stop(one.path);
    const shown = place && find("[data-badge]", place);
    if (shown) shown.textContent = badge(new Map(one.fields));
    const drop = async (/** @type {string} */ key) => {
      await outbox.drop(key);
      location.reload();
    };
    place?.append(keptNote(one, { again: outbox.again, drop, waiting: t("还没传上去，已存在这台手机里，有网络就自动上传。"), sure: t("还没有传出去，会从这台手机删除。确定去掉吗？") }));
  };

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-tick]:not([data-direct])")) return;
    event.preventDefault();
    const { submitter } = /** @type {SubmitEvent} */ (event);
    const given = new FormData(form, submitter);
    const said = fields.flatMap((name) => given.get(name) ? [/** @type {[string, string]} */ ([name, String(given.get(name))])] : []);
    outbox.keep({ path: form.action.split("/").slice(-parts).join("/"), fields: said }).catch(() => { // this browser keeps nothing: it is sent as it is
      form.dataset.direct = "true";
      form.requestSubmit(submitter);
    });
  });
}

/** @param {string} path */
function onward(path) {
  if (path) location.assign(path);
  else location.reload();
}
