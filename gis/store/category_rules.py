"""Where a community's categories differ from the table that all share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.store.session import ReadSession, WriteSession
from gis.store.telling import About, tell

COLUMNS = (
    "name",
    "name_en",
    "active",
    "urgent",
    "answer_s",
    "on_site_s",
    "resolve_s",
    "counting",
    "agency_code",
    "skills",
    "skill_required",
)


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """A community's own rules for a category; what is None is as in the table."""

    code: str
    name: str | None
    name_en: str | None
    active: bool
    urgent: bool | None
    answer_s: int | None
    on_site_s: int | None
    resolve_s: int | None
    counting: str | None
    agency_code: str | None
    skills: Sequence[str] | None
    skill_required: bool | None


async def category_rules(session: ReadSession, community_id: str) -> list[CategoryRule]:
    """Return a community's own rules."""
    rows = await session.direct(
        "SELECT code, name, name_en, active, urgent, answer_s, on_site_s, resolve_s, counting, agency_code, skills,"
        " skill_required FROM category_rule WHERE community_id = %(community)s ORDER BY code",
        {"community": community_id},
    )
    return [CategoryRule(*row) for row in rows]


async def put_rule(session: WriteSession, community_id: str, code: str, values: Mapping[str, Any]) -> None:
    """Store a community's own rule for a category; who else changes rules waits."""
    await tell(session, About.COMMUNITY, community_id)
    await session.direct(
        "UPDATE community SET rule_version = rule_version + 1 WHERE community_id = %(community)s RETURNING rule_version",
        {"community": community_id},
    )
    await session.direct(
        """
        INSERT INTO category_rule (community_id, code, name, name_en, active, urgent, answer_s, on_site_s, resolve_s,
                                   counting, agency_code, skills, skill_required)
        VALUES (%(community)s, %(code)s, %(name)s, %(name_en)s, %(active)s, %(urgent)s, %(answer_s)s, %(on_site_s)s,
                %(resolve_s)s, %(counting)s, %(agency_code)s, %(skills)s, %(skill_required)s)
        ON CONFLICT (community_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
            active = excluded.active, urgent = excluded.urgent, answer_s = excluded.answer_s,
            on_site_s = excluded.on_site_s, resolve_s = excluded.resolve_s, counting = excluded.counting,
            agency_code = excluded.agency_code, skills = excluded.skills, skill_required = excluded.skill_required
        RETURNING code
        """,
        {"community": community_id, "code": code} | {name: values.get(name) for name in COLUMNS},
    )
