"""Care flags: those that every office uses, and those that this one has added."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gis.errors import InvalidInputError
from gis.flows.office.record import record
from gis.flows.residents.access import present
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.residents.words import AGE_FLAGS, CARE_FLAGS
from gis.store import care_flags
from gis.store.care_flags import CareFlag
from gis.store.session import ReadSession
from gis.words import Actor

_CODE = re.compile(r"[a-z][a-z0-9_]{1,30}")
MOST = 30


@dataclass(frozen=True, slots=True)
class FlagDraft:
    """A flag as the office states it."""

    code: str
    name: str
    name_en: str = ""
    for_watchers: bool = True
    active: bool = True


async def flags_in_use(session: ReadSession, community_id: str) -> tuple[str, ...]:
    """Return the flags that may be noted, in the order in which they are shown.

    Parameters
    ----------
    session, community_id
        Where.
    """
    own = await care_flags.flags(session, community_id)
    return (*CARE_FLAGS, *(one.code for one in own if one.active))


async def flags_for_watchers(session: ReadSession, community_id: str) -> frozenset[str]:
    """Return the flags that watchers see, of people in their micro-grid.

    Parameters
    ----------
    session, community_id
        Where.
    """
    own = await care_flags.flags(session, community_id)
    return frozenset({*CARE_FLAGS, *AGE_FLAGS, *(one.code for one in own if one.for_watchers)})


async def keep_flag(work: Work, actor: Actor, draft: FlagDraft) -> None:
    """Add a flag, or change one that the office has added; those that were noted stay noted.

    Parameters
    ----------
    work, actor, draft
        Who keeps what.

    Raises
    ------
    InvalidInputError
        ``flag_code``, ``flag_taken``, ``flags_too_many``, ``text_needed``, ``text_too_long``.
    NotAllowedError
        ``not_allowed``.
    """
    actor = await present(work.session, actor)
    require(actor, "mind_residents")
    if not _CODE.fullmatch(draft.code):
        raise InvalidInputError("small letters", code="flag_code", field="code")
    if draft.code in (*CARE_FLAGS, *AGE_FLAGS):
        raise InvalidInputError("there is one of this code", code="flag_taken", field="code")
    known = await care_flags.flags(work.session, actor.community_id)
    if draft.code not in {one.code for one in known} and len(known) >= MOST:
        raise InvalidInputError("too many", code="flags_too_many", field="code", limit=MOST)
    flag = CareFlag(
        draft.code,
        required(draft.name, "name", limit=20),
        plain(draft.name_en, "name_en", limit=40),
        draft.for_watchers,
        draft.active,
    )
    await care_flags.keep(work.session, actor.community_id, flag)
    verb = "changed" if draft.code in {one.code for one in known} else "added"
    await record(work, actor, "care_flag", flag.code, verb, name=flag.name)
