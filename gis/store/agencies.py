"""Agencies as the office keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency, with how many people sign in for it and how many referrals it has."""

    code: str
    name: str
    name_en: str
    active: bool
    people: int
    open_referrals: int


async def agency_rows(session: ReadSession, community_id: str, code: str | None = None) -> list[AgencyRow]:
    """Return a community's agencies by code, or only one of them."""
    rows = await session.direct(
        """
        SELECT a.code, a.name, a.name_en, a.active,
               (SELECT count(*) FROM person p WHERE p.community_id = a.community_id AND p.agency_code = a.code
                AND p.active) AS people,
               (SELECT count(*) FROM referral r WHERE r.community_id = a.community_id AND r.agency_code = a.code
                AND r.ended_at IS NULL) AS open_referrals
        FROM agency a WHERE a.community_id = %(community)s AND (%(code)s::text IS NULL OR a.code = %(code)s)
        ORDER BY a.code
        """,
        {"community": community_id, "code": code},
    )
    return [AgencyRow(*row) for row in rows]


async def add_agency(session: WriteSession, community_id: str, code: str, name: str, name_en: str) -> bool:
    """Store an agency; False when its code is taken."""
    rows = await session.direct(
        "INSERT INTO agency (community_id, code, name, name_en) VALUES (%(community)s, %(code)s, %(name)s, %(en)s)"
        " ON CONFLICT (community_id, code) DO NOTHING RETURNING code",
        {"community": community_id, "code": code, "name": name, "en": name_en},
    )
    return bool(rows)


async def change_agency(
    session: WriteSession, community_id: str, code: str, name: str, name_en: str, *, active: bool
) -> bool:
    """Change an agency; False when there is none."""
    rows = await session.direct(
        "UPDATE agency SET name = %(name)s, name_en = %(en)s, active = %(active)s"
        " WHERE community_id = %(community)s AND code = %(code)s RETURNING code",
        {"community": community_id, "code": code, "name": name, "en": name_en, "active": active},
    )
    return bool(rows)
