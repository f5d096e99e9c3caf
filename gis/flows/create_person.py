"""Adding a person to a community."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.passwords import hash_password
from gis.people.permissions import require
from gis.store import audit, people
from gis.store.people import NewPerson, Readiness
from gis.words import Actor, Level, Mode, Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9_.-]{1,39}")
RESPONDERS = frozenset({Role.WATCHER, Role.RIDER})


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Who is to be added."""

    username: str
    password: str = field(repr=False)
    name: str
    role: Role
    language: str = "zh"
    grids: tuple[str, ...] = ()
    micro_grids: tuple[str, ...] = ()
    agency_code: str | None = None
    mode: Mode = Mode.WALK
    capacity: int = 2


async def create_person(
    work: Work,
    actor: Actor | None,
    community_id: str,
    draft: PersonDraft,
    *,
    password_hash: str | None = None,
) -> UUID:
    """Add a person and return their identifier.

    Parameters
    ----------
    work
        Unit of work.
    actor
        An administrator; None: the operator at the command line.
    community_id
        Where.
    draft
        Who.
    password_hash
        Instead of the draft's password.

    Raises
    ------
    InvalidInputError
        ``username_invalid``, ``password_length``, ``text_needed``, ``area_unknown``, ``agency_unknown``,
        ``agency_needed``.
    ConflictError
        ``username_taken``.
    NotFoundError
        ``community_not_found``.
    """
    if actor is not None:
        require(actor, "create_person")
    name = required(draft.name, "name", limit=60)
    if not await people.community_exists(work.session, community_id):
        raise NotFoundError("no such community", code="community_not_found", community=community_id)
    areas = await check_draft(work, community_id, draft)
    if await people.username_taken(work.session, community_id, draft.username):
        raise ConflictError("this name is taken", code="username_taken", username=draft.username)
    hashed = password_hash
    if hashed is None:
        hashed = await asyncio.to_thread(hash_password, draft.password)
    ready = Readiness(draft.mode, draft.capacity) if draft.role in RESPONDERS else None
    new = NewPerson(
        uuid4(),
        draft.username,
        hashed,
        name,
        draft.role,
        language=draft.language,
        agency_code=draft.agency_code,
        areas=areas,
        readiness=ready,
    )
    await people.add_people(work.session, community_id, [new], work.clock.now())
    if actor is None:  # what the office does of itself is among its changes
        await audit.note(
            work.session,
            community_id,
            "account_added",
            at=work.clock.now(),
            person_id=None,
            subject_id=str(new.person_id),
            data={"role": draft.role.value},
        )
    return new.person_id


async def check_draft(work: Work, community_id: str, draft: PersonDraft) -> tuple[tuple[Level, str], ...]:
    """Return the areas of a draft whose username, agency and areas can be so.

    Parameters
    ----------
    work, community_id, draft
        As ``create_person``.

    Raises
    ------
    InvalidInputError
        ``username_invalid``, ``area_unknown``, ``agency_unknown``, ``agency_needed``.
    """
    if not USERNAME.fullmatch(draft.username):
        raise InvalidInputError(
            "2 to 40 of a-z, 0-9, _ . -, beginning with a letter or digit",
            code="username_invalid",
            field="username",
        )
    await _check_agency(work, community_id, draft)
    return await _checked_areas(work, community_id, draft)


async def _check_agency(work: Work, community_id: str, draft: PersonDraft) -> None:
    if draft.role is Role.AGENCY and not draft.agency_code:
        raise InvalidInputError("say which agency", code="agency_needed", field="agency")
    if draft.agency_code and not await people.agency_known(work.session, community_id, draft.agency_code):
        raise InvalidInputError(
            "no such agency", code="agency_unknown", field="agency", agency=draft.agency_code[:40]
        )


async def _checked_areas(work: Work, community_id: str, draft: PersonDraft) -> tuple[tuple[Level, str], ...]:
    asked = ((Level.GRID, draft.grids), (Level.MICRO_GRID, draft.micro_grids))
    for level, codes in asked:
        if not codes:
            continue
        known = {cell.code for cell in await people.cells(work.session, community_id, level)}
        unknown = sorted(set(codes) - known)
        if unknown:
            raise InvalidInputError(
                f"no {level.value} {unknown[0]}", code="area_unknown", field=level.value, area=unknown[0][:40]
            )
    return tuple((level, code) for level, codes in asked for code in codes)
