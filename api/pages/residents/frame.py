"""What the pages of residents share: their parts, what flags are called, and the day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.language import language_of
from api.pages.frame import Failure
from api.pages.service.frame import show_page
from gis.flows.residents.flags import flags_in_use
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import may
from gis.people.residents import resident_scope
from gis.store.care_flags import flags
from gis.store.resident_suggestions import suggestions
from gis.words import Actor
from web.i18n import translate
from web.resident_words import FLAG_NAMES, flag_words

KEY = "residents"
SECTIONS = {
    "people": ("/residents", "read_residents"),
    "suggestions": ("/residents/suggestions", "read_residents"),
    "updates": ("/residents/updates", "read_residents"),
    "import": ("/residents/import", "import_residents"),
    "flags": ("/residents/flags", "mind_residents"),
    "looks": ("/residents/looks", "mind_residents"),
    "erasures": ("/residents/erasures", "mind_residents"),
}
"""Part -> its address, and the act that opens it."""


async def flag_names(work: Work, language: str, community_id: str) -> dict[str, str]:
    """Return what flags are called in a language, the office's own among them."""
    own = {
        one.code: (one.name_en or one.name) if language == "en" else one.name
        for one in await flags(work.session, community_id)
    }
    return {code: translate(language, name) for code, name in FLAG_NAMES.items()} | own


async def searched_words(work: Work, community_id: str) -> dict[str, str]:
    """Return what flags are called in a search or a table -> flag, the office's own among them."""
    found = flag_words()
    for one in await flags(work.session, community_id):
        found |= {
            name.lower().replace(" ", ""): one.code for name in (one.code, one.name, one.name_en) if name
        }
    return found


async def show_part(
    request: Request,
    work: Work,
    reader: Reader,
    section: str,
    template: str,
    *,
    failure: Failure | None = None,
    key: str = KEY,
    **context: Any,
) -> Response:
    """Answer with a part of the pages of residents; the record's reading was written down in this transaction."""
    actor = reader.actor
    language = language_of(request, actor.language)
    named = await flag_names(work, language, actor.community_id)
    usable = await flags_in_use(work.session, actor.community_id)
    parts = [(name, path) for name, (path, act) in SECTIONS.items() if may(actor, act)]
    return await show_page(
        request,
        work.session,
        reader,
        key,
        template=template,
        failure=failure,
        section=section,
        sections=parts,
        waiting=await _waiting(work, actor),
        flag_names=named,
        flag_choices=[(code, named[code]) for code in usable],
        all_flags=[*named.items()],
        today=await today_in(work.session, work.clock, actor.community_id),
        may_keep=may(actor, "keep_residents"),
        may_suggest=may(actor, "suggest_residents"),
        may_mind=may(actor, "mind_residents"),
        **context,
    )


async def _waiting(work: Work, actor: Actor) -> int:
    """Return how many suggestions wait for somebody."""
    if not may(actor, "keep_residents"):
        return 0
    return len(await suggestions(work.session, resident_scope(actor)))


def next_page(path: str, kept: dict[str, str], **more: object) -> str:
    """Return the address of the next part of a list."""
    asked = {name: value for name, value in {**kept, **more}.items() if value not in ("", None)}
    return f"{path}?{urlencode(asked)}"
