"""People and their posts: added, changed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from gis.categories import SKILLS
from gis.errors import ConflictError, InvalidInputError
from gis.flows.create_person import RESPONDERS, PersonDraft, check_draft, create_person
from gis.flows.duty import switch
from gis.flows.office.codes import Code, give_code, held
from gis.flows.office.record import differences, record
from gis.flows.release import release
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import posts, self_claims, sessions
from gis.store.posts import Post
from gis.words import Actor, Mode, Role

LANGUAGES = ("zh", "en")
MOST_AT_ONCE = 20
TOLD = (
    "name",
    "role",
    "language",
    "agency_code",
    "grids",
    "micro_grids",
    "mode",
    "capacity",
    "skills",
    "languages",
)


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A person as the office wants them."""

    username: str
    name: str
    role: Role
    language: str = "zh"
    agency_code: str | None = None
    grids: Sequence[str] = ()
    micro_grids: Sequence[str] = ()
    mode: Mode = Mode.WALK
    capacity: int = 2
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()


async def add_post(work: Work, actor: Actor, draft: PostDraft) -> Code:
    """Add a person, and return the code with which they choose their password.

    Parameters
    ----------
    work, actor, draft
        Who adds whom.

    Raises
    ------
    InvalidInputError, ConflictError
        As ``create_person``; ``skill_unknown``, ``language_unknown``, ``capacity_invalid``.
    """
    person_id = await store_new(work, actor, draft)
    await record(
        work, actor, "person", str(person_id), "added", name=draft.name, data=differences({}, told(draft))
    )
    return await give_code(work, actor, person_id)


async def store_new(work: Work, actor: Actor, draft: PostDraft) -> UUID:
    """Store a person without a password.

    Parameters
    ----------
    work, actor, draft
        As ``add_post``.
    """
    check_rest(draft)
    person_id = await create_person(
        work, actor, actor.community_id, _as_person(draft), password_hash=posts.NO_PASSWORD
    )
    await _store(work, actor, await held(work, actor, person_id), draft)
    return person_id


async def change_post(work: Work, actor: Actor, person_id: UUID, draft: PostDraft) -> dict[str, Any]:
    """Change a person and return what is different; a post that is left is left at once.

    Who gets another role, agency or other areas is signed out everywhere; a responder who becomes something else goes
    off duty and gives their tasks back.

    Parameters
    ----------
    work, actor, person_id, draft
        Who changes whom to what; the username stays.

    Raises
    ------
    NotFoundError
        ``person_unknown``.
    InvalidInputError, ConflictError
        As ``add_post``; ``last_admin``, ``capacity_in_use``.
    """
    require(actor, "create_person")
    before = await held(work, actor, person_id)
    check_rest(draft)
    await check_draft(work, actor.community_id, _as_person(replace(draft, username=before.username)))
    if before.role == Role.ADMIN and draft.role is not Role.ADMIN:
        await _not_the_last(work, actor, person_id)
    if before.mode is not None and Role(before.role) in RESPONDERS and draft.role not in RESPONDERS:
        await _leave_tasks(work, actor.community_id, person_id)
    await _store(work, actor, before, draft)
    changed = differences(told_of(before), told(draft))
    if changed.keys() & {"role", "agency_code", "grids", "micro_grids"}:
        await posts.end_sessions(work.session, actor.community_id, person_id)
    if changed:
        await record(work, actor, "person", str(person_id), "changed", name=draft.name, data=changed)
        work.rosters.forget(actor.community_id)
    return changed


async def set_active(work: Work, actor: Actor, person_id: UUID, *, active: bool) -> None:
    """End somebody's access at once, or give it back; said again, it changes nothing.

    Parameters
    ----------
    work, actor, person_id, active
        Who, whom, and which.

    Raises
    ------
    NotFoundError
        ``person_unknown``.
    ConflictError
        ``last_admin``.
    """
    require(actor, "create_person")
    before = await held(work, actor, person_id)
    if before.active == active:
        return
    if not active:
        await _not_the_last(work, actor, person_id)
        if before.mode is not None:
            await _leave_tasks(work, actor.community_id, person_id)
    await posts.change(work.session, actor.community_id, replace(before, active=active))
    await posts.end_sessions(work.session, actor.community_id, person_id)
    work.rosters.forget(actor.community_id)
    verb = "activated" if active else "deactivated"
    await record(work, actor, "person", str(person_id), verb, name=before.name)


def check_rest(draft: PostDraft) -> None:
    """Refuse what ``create_person`` doesn't look at.

    Parameters
    ----------
    draft
        Somebody.

    Raises
    ------
    InvalidInputError
        ``skill_unknown``, ``language_unknown``, ``capacity_invalid``.
    """
    required(draft.name, "name", limit=60)
    for skill in draft.skills:
        if skill not in SKILLS:
            raise InvalidInputError("no such skill", code="skill_unknown", field="skills", skill=skill[:40])
    for name, given in (("language", [draft.language]), ("languages", draft.languages)):
        if any(one not in LANGUAGES for one in given):
            raise InvalidInputError("no such language", code="language_unknown", field=name)
    if not 1 <= draft.capacity <= MOST_AT_ONCE:
        raise InvalidInputError(
            f"1 to {MOST_AT_ONCE}", code="capacity_invalid", field="capacity", limit=MOST_AT_ONCE
        )


def told(draft: PostDraft) -> dict[str, Any]:
    """Return a draft's fields as they are compared and written down.

    Parameters
    ----------
    draft
        Somebody.
    """
    return _plain(asdict(draft) | {"role": draft.role.value, "mode": draft.mode.value})


def told_of(post: Post) -> dict[str, Any]:
    """Return a person's fields as they are compared and written down.

    Parameters
    ----------
    post
        Somebody as stored.
    """
    return _plain({name: getattr(post, name) for name in TOLD})


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    found = {name: fields[name] for name in TOLD}
    for name in ("grids", "micro_grids", "skills", "languages"):
        found[name] = sorted(found[name])
    if Role(found["role"]) not in RESPONDERS:
        found |= {"mode": None, "capacity": None, "skills": [], "languages": []}
    else:
        found["languages"] = found["languages"] or [found["language"]]
    return {name: value or None for name, value in found.items()}


def _as_person(draft: PostDraft) -> PersonDraft:
    return PersonDraft(
        draft.username,
        "",
        draft.name,
        draft.role,
        draft.language,
        tuple(draft.grids),
        tuple(draft.micro_grids),
        draft.agency_code,
        draft.mode,
        draft.capacity,
    )


async def _store(work: Work, actor: Actor, before: Post, draft: PostDraft) -> None:
    answers = draft.role in RESPONDERS
    after = replace(
        before,
        name=required(draft.name, "name", limit=60),
        role=draft.role.value,
        language=draft.language,
        agency_code=draft.agency_code,
        grids=tuple(dict.fromkeys(draft.grids)),
        micro_grids=tuple(dict.fromkeys(draft.micro_grids)),
        mode=draft.mode.value if answers else None,
        capacity=draft.capacity if answers else None,
        skills=tuple(dict.fromkeys(draft.skills)),
        languages=tuple(dict.fromkeys(draft.languages)),
    )
    if not await posts.change(work.session, actor.community_id, after):
        raise ConflictError("they have more in hand", code="capacity_in_use", n=before.live_load)


async def _leave_tasks(work: Work, community_id: str, person_id: UUID) -> None:
    """Take somebody off duty; what they had in hand is given back and offered to the next."""
    person = await sessions.actor_of(work.session, community_id, person_id)
    if person is None:
        return
    held = await self_claims.tasks_in_hand(work.session, community_id, person_id)
    await switch(work, community_id, person_id, on=False)
    for one in held:
        await release(work, person, one.case_id, "post_left")


async def _not_the_last(work: Work, actor: Actor, person_id: UUID) -> None:
    if actor.person_id == person_id or not await posts.other_admins(
        work.session, actor.community_id, person_id
    ):
        raise ConflictError("somebody has to be left", code="last_admin")
