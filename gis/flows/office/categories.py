"""A community's own rules for categories: what they are called, how fast they are, who helps, whether they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from gis.cases.categories import category
from gis.categories import SKILLS, Counting
from gis.errors import InvalidInputError
from gis.flows.office.record import differences, record
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import people
from gis.store.category_rules import put_rule
from gis.words import Actor

SHORTEST_S = 60
LONGEST_S = {"answer_s": 30 * 86400, "on_site_s": 30 * 86400, "resolve_s": 365 * 86400}


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """A category as a community wants it."""

    name: str
    name_en: str
    active: bool
    urgent: bool
    answer_s: int
    on_site_s: int
    resolve_s: int
    counting: str
    agency_code: str | None
    skills: Sequence[str]
    skill_required: bool


async def set_category(work: Work, actor: Actor, code: str, draft: CategoryDraft) -> bool:
    """Set a community's own rules for a category; tell whether anything is different.

    Cases that there are keep their deadlines, and a category that isn't used any more keeps its cases: only nothing new is
    reported under it.

    Parameters
    ----------
    work, actor, code, draft
        Who sets which to what.

    Raises
    ------
    InvalidInputError
        ``category_unknown``, ``text_needed``, ``text_too_long``, ``deadline_invalid``, ``deadlines_order``,
        ``counting_unknown``, ``agency_unknown``, ``skill_unknown``, ``skill_needed``.
    """
    require(actor, "administer")
    common = category(code)
    _check(draft)
    if draft.agency_code and not await people.agency_known(
        work.session, actor.community_id, draft.agency_code
    ):
        raise InvalidInputError(
            "no such agency", code="agency_unknown", field="agency", agency=draft.agency_code[:40]
        )
    atlas = await work.atlas.get(work.session, actor.community_id)
    before = {
        name: value
        for name, value in {**asdict(atlas.kind(code)), "active": code not in atlas.unused}.items()
        if name in asdict(draft)
    }
    after = asdict(draft) | {
        "name": required(draft.name, "name", limit=30),
        "name_en": plain(draft.name_en, "name_en", limit=60),
        "skills": tuple(draft.skills),
    }
    changed = differences(before, after)
    if not changed:
        return False
    table = asdict(common)
    own = {name: None if table.get(name) == value else value for name, value in after.items()}
    own |= {
        "active": draft.active,
        "skills": None if table["skills"] == after["skills"] else list(after["skills"]),
    }
    await put_rule(work.session, actor.community_id, code, own)
    await record(work, actor, "category", code, "changed", name=str(after["name"]), data=changed)
    return True


def _check(draft: CategoryDraft) -> None:
    for name, longest in LONGEST_S.items():
        if not SHORTEST_S <= getattr(draft, name) <= longest:
            raise InvalidInputError(
                "too short or too long", code="deadline_invalid", field=name, days=longest // 86400
            )
    if draft.resolve_s < draft.answer_s:
        raise InvalidInputError("settled before it is answered", code="deadlines_order", field="resolve_s")
    if draft.counting not in set(Counting):
        raise InvalidInputError("no such clock", code="counting_unknown", field="counting")
    unknown = [skill for skill in draft.skills if skill not in SKILLS]
    if unknown:
        raise InvalidInputError("no such skill", code="skill_unknown", field="skills", skill=unknown[0][:40])
    if draft.skill_required and not draft.skills:
        raise InvalidInputError("which skill", code="skill_needed", field="skills")
