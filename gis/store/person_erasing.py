"""Erasing an account: the row stays without a name, for hours, points and events refer to it; all that is personal goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.retention import NO_NAME
from gis.store.session import ReadSession, WriteSession

REMOVED: Mapping[str, LiteralString] = {
    "session": "person_id",
    "sign_in_code": "person_id",
    "person_area": "person_id",
    "team_member": "person_id",
    "shop_keeper": "person_id",
    "station_keeper": "person_id",
    "star_consent": "person_id",
    "saved_filter": "owner_id",
    "notice": "person_id",
    "duty_shift": "person_id",
    "duty_exception": "person_id",
    "export": "ordered_by",
}
"""Rows that go as a whole."""
EMPTIED: Mapping[str, LiteralString] = {
    "responder": "skills = '{}', languages = '{zh}', on_duty = false, duty_since = NULL, geom = NULL, accuracy_m = NULL,"
    " position_at = NULL, home = NULL WHERE person_id = %(person)s",
    "report": "detail = '', offer = NULL WHERE reporter_id = %(person)s",
    "service_order": "floor = '', flat = '', note = '', for_name = '', erased_at = %(now)s WHERE created_by = %(person)s",
    "rating": "words = '' WHERE person_id = %(person)s",
    "patrol": "note = '' WHERE person_id = %(person)s",
    "photo": "exif = '{}', original_gone_at = %(now)s WHERE added_by = %(person)s",
    "certificate": "number = NULL WHERE person_id = %(person)s",
    "api_key": "name = %(dash)s, revoked_at = coalesce(revoked_at, %(now)s) WHERE person_id = %(person)s",
    "meal_subscription": "contact = NULL, diet = NULL, birth_year = NULL, building_id = NULL, geom = NULL,"
    " micro_grid_code = NULL, way = 'collect', person_id = NULL, resident_id = NULL, erased_at = %(now)s,"
    " last_day = greatest(first_day - 1, least(coalesce(last_day, %(now)s::date), %(now)s::date))"
    " WHERE erased_at IS NULL AND person_id = %(person)s",
    "resident": "account_id = NULL WHERE account_id = %(person)s",
}
"""Rows that stay for what they count, without what is personal."""
STAYING: LiteralString = """
SELECT (SELECT count(*) FROM report WHERE community_id = %(community)s AND reporter_id = %(person)s) AS reports,
       (SELECT count(*) FROM event WHERE community_id = %(community)s AND actor_id = %(person)s) AS events,
       (SELECT count(*) FROM service WHERE community_id = %(community)s AND person_id = %(person)s) AS service,
       (SELECT count(*) FROM ledger l JOIN account a ON a.community_id = l.community_id
            AND a.account_id IN (l.from_account, l.to_account)
        WHERE a.community_id = %(community)s AND a.person_id = %(person)s) AS ledger,
       (SELECT count(*) FROM access WHERE community_id = %(community)s AND person_id = %(person)s) AS looks
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account is to be erased."""

    person_id: UUID
    username: str
    name: str
    active: bool
    live_load: int
    erased: bool


async def holder(session: ReadSession, community_id: str, person_id: UUID) -> Holder | None:
    """Return whose account it is, held until the transaction ends; None where there is none."""
    rows = await session.direct(
        "SELECT p.person_id, p.username, p.name, p.active, coalesce((SELECT r.live_load FROM responder r"
        " WHERE r.community_id = p.community_id AND r.person_id = p.person_id), 0) AS live_load,"
        " p.erased_at IS NOT NULL AS erased"
        " FROM person p WHERE p.community_id = %(community)s AND p.person_id = %(person)s FOR UPDATE OF p",
        {"community": community_id, "person": person_id},
    )
    return Holder(*rows[0]) if rows else None


async def originals_of(session: ReadSession, community_id: str, person_id: UUID) -> list[str]:
    """Return the bytes of photos that only this person has sent."""
    rows = await session.direct(
        "SELECT DISTINCT p.sha256 FROM photo p WHERE p.community_id = %(community)s AND p.added_by = %(person)s"
        " AND NOT EXISTS (SELECT FROM photo o WHERE o.community_id = p.community_id AND o.sha256 = p.sha256"
        " AND o.added_by <> p.added_by) AND NOT EXISTS (SELECT FROM subject_photo s"
        " WHERE s.community_id = p.community_id AND s.sha256 = p.sha256 AND s.subject <> 'certificate')",
        {"community": community_id, "person": person_id},
    )
    return [row.sha256 for row in rows]


async def numbers_of(session: ReadSession, community_id: str, person_id: UUID) -> list[str]:
    """Return the telephone and identity numbers that somebody wrote into their own reports and orders."""
    rows = await session.direct(
        r"""
        SELECT DISTINCT (regexp_matches(w.words, '(?<![0-9])(1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9])', 'g'))[1] AS number
        FROM (SELECT description || ' ' || detail AS words FROM report
              WHERE community_id = %(community)s AND reporter_id = %(person)s
              UNION ALL SELECT summary || ' ' || note FROM service_order
              WHERE community_id = %(community)s AND created_by = %(person)s) AS w
        """,
        {"community": community_id, "person": person_id},
    )
    return [row.number for row in rows]


async def certificates_of(session: ReadSession, community_id: str, person_id: UUID) -> list[UUID]:
    """Return somebody's certificates, of which there may be photos."""
    rows = await session.direct(
        "SELECT certificate_id FROM certificate WHERE community_id = %(community)s AND person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    return [row.certificate_id for row in rows]


async def erase(session: WriteSession, community_id: str, person_id: UUID, now: datetime) -> dict[str, int]:
    """Take a name out of its row, remove what is theirs alone, empty the rest; return how many rows of which table."""
    values = {"community": community_id, "person": person_id, "now": now, "dash": NO_NAME}
    counts: dict[str, int] = {}
    for table, column in REMOVED.items():
        query: LiteralString = (
            f"DELETE FROM {table} WHERE community_id = %(community)s AND {column} = %(person)s RETURNING 1"  # noqa: S608
        )
        counts[table] = len(await session.direct(query, values))
    for table, change in EMPTIED.items():
        query = f"UPDATE {table} SET {change} AND community_id = %(community)s RETURNING 1"  # noqa: S608
        counts[table] = len(await session.direct(query, values))
    await session.direct(
        "UPDATE person SET name = %(dash)s, username = %(username)s, password_hash = '!', active = false,"
        " failed_sign_ins = 0, wait_until = NULL, erased_at = %(now)s"
        " WHERE community_id = %(community)s AND person_id = %(person)s",
        values | {"username": f"erased-{person_id.hex}"},
    )
    return {table: count for table, count in counts.items() if count}


async def stays(session: ReadSession, community_id: str, person_id: UUID) -> dict[str, int]:
    """Return how much stays of an account that was erased, without a name."""
    rows = await session.direct(STAYING, {"community": community_id, "person": person_id})
    return {name: count for name, count in rows[0]._asdict().items() if count}
