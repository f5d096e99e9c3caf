"""Agencies: added, renamed, and left out when something new is referred."""

from __future__ import annotations

import re

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.office.record import differences, record
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import agencies
from gis.words import SUB_DISTRICT, Actor

CODE = re.compile(r"[a-z][a-z0-9_]{1,31}")
MOST_NAME = 60


async def add_agency(work: Work, actor: Actor, code: str, name: str, name_en: str) -> None:
    """Add an agency.

    Parameters
    ----------
    work, actor
        Who.
    code, name, name_en
        Which; the code stays for good.

    Raises
    ------
    InvalidInputError
        ``agency_code_invalid``, ``text_needed``, ``text_too_long``.
    ConflictError
        ``agency_taken``.
    """
    require(actor, "administer")
    if not CODE.fullmatch(code):
        raise InvalidInputError("2 to 32 of a-z, 0-9, _", code="agency_code_invalid", field="code")
    kept = {
        "name": required(name, "name", limit=MOST_NAME),
        "name_en": plain(name_en, "name_en", limit=MOST_NAME),
    }
    if not await agencies.add_agency(work.session, actor.community_id, code, **kept):
        raise ConflictError("this code is taken", code="agency_taken", agency=code)
    await record(work, actor, "agency", code, "added", name=kept["name"], data=differences({}, kept))


async def change_agency(
    work: Work, actor: Actor, code: str, name: str, name_en: str, *, active: bool
) -> None:
    """Rename an agency, or leave it out when something new is referred; what it has stays with it.

    Parameters
    ----------
    work, actor, code, name, name_en, active
        Who changes which to what.

    Raises
    ------
    NotFoundError
        ``agency_not_found``.
    ConflictError
        ``agency_needed_always`` for the level above the community.
    InvalidInputError
        ``text_needed``, ``text_too_long``.
    """
    require(actor, "administer")
    found = await agencies.agency_rows(work.session, actor.community_id, code)
    if not found:
        raise NotFoundError("no such agency", code="agency_not_found")
    if code == SUB_DISTRICT and not active:
        raise ConflictError("the ladder ends there", code="agency_needed_always")
    before = {"name": found[0].name, "name_en": found[0].name_en, "active": found[0].active}
    after = {
        "name": required(name, "name", limit=MOST_NAME),
        "name_en": plain(name_en, "name_en", limit=MOST_NAME),
        "active": active,
    }
    changed = differences(before, after)
    if not changed:
        return
    await agencies.change_agency(
        work.session, actor.community_id, code, str(after["name"]), str(after["name_en"]), active=active
    )
    verb = ("activated" if active else "deactivated") if set(changed) == {"active"} else "changed"
    await record(work, actor, "agency", code, verb, name=str(after["name"]), data=changed)
