"""Taking away what is past its period: each purpose as one statement that counts what is due, and one that acts on a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.store.session import ReadSession, WriteSession

ENDED: LiteralString = (
    "c.status IN ('closed', 'rejected', 'cancelled') AND coalesce(c.closed_at, c.opened_at) < %(before)s"
)
NO_NAME = "–"
"""Stands where somebody's name was."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is due of a purpose, and what becomes of it.

    Parameters
    ----------
    due
        Rows past their time, as SQL behind a SELECT list.
    key
        The columns that name a row.
    act
        What is done with those in ``due``; returns a row for each.
    """

    due: LiteralString
    key: LiteralString
    act: LiteralString


SWEEPS: Mapping[str, Sweep] = {
    "reporters": Sweep(
        'FROM report r JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id'
        f" WHERE r.community_id = %(community)s AND r.reporter_id <> %(nobody)s AND {ENDED}",
        "r.report_id, r.case_id, r.reporter_id",
        """
        , a AS (UPDATE "case" c SET reporter_id = %(nobody)s FROM due WHERE c.community_id = %(community)s
                AND c.case_id = due.case_id AND c.reporter_id = due.reporter_id)
        , b AS (UPDATE event e SET actor_id = %(nobody)s FROM due WHERE e.community_id = %(community)s
                AND e.case_id = due.case_id AND e.actor_id = due.reporter_id AND e.verb IN ('submit', 'link', 'photo', 'rate'))
        , p AS (UPDATE photo p SET added_by = %(nobody)s FROM due WHERE p.community_id = %(community)s
                AND p.report_id = due.report_id)
        , g AS (UPDATE rating g SET person_id = %(nobody)s FROM due WHERE g.community_id = %(community)s
                AND g.report_id = due.report_id)
        UPDATE report r SET reporter_id = %(nobody)s, detail = '', offer = NULL FROM due
        WHERE r.community_id = %(community)s AND r.report_id = due.report_id RETURNING 1
        """,
    ),
    "dispatches": Sweep(
        "FROM dispatch d WHERE d.community_id = %(community)s AND d.at < %(before)s",
        "d.dispatch_id",
        "DELETE FROM dispatch d USING due WHERE d.community_id = %(community)s AND d.dispatch_id = due.dispatch_id RETURNING 1",
    ),
    "positions": Sweep(
        "FROM responder r WHERE r.community_id = %(community)s AND r.geom IS NOT NULL AND r.position_at < %(before)s",
        "r.person_id",
        "UPDATE responder r SET geom = NULL, accuracy_m = NULL, position_at = NULL FROM due"
        " WHERE r.community_id = %(community)s AND r.person_id = due.person_id RETURNING 1",
    ),
    "sessions": Sweep(
        "FROM session s WHERE s.community_id = %(community)s AND s.expires_at < %(before)s",
        "s.token_hash",
        """
        , codes AS (DELETE FROM sign_in_code WHERE community_id = %(community)s AND expires_at < %(before)s)
        DELETE FROM session s USING due WHERE s.community_id = %(community)s AND s.token_hash = due.token_hash RETURNING 1
        """,
    ),
    "notices": Sweep(
        "FROM notice n WHERE n.community_id = %(community)s AND n.created_at < %(before)s",
        "n.notice_id",
        """
        , told AS (DELETE FROM delivery WHERE community_id = %(community)s AND created_at < %(before)s
                   AND state NOT IN ('waiting', 'sending'))
        DELETE FROM notice n USING due WHERE n.community_id = %(community)s AND n.notice_id = due.notice_id RETURNING 1
        """,
    ),
    "imports": Sweep(
        "FROM hotline_import i WHERE i.community_id = %(community)s AND i.created_at < %(before)s"
        " AND i.status <> 'writing'",
        "i.import_id",
        "DELETE FROM hotline_import i USING due WHERE i.community_id = %(community)s AND i.import_id = due.import_id"
        " RETURNING 1",
    ),
    "exports": Sweep(
        "FROM export x WHERE x.community_id = %(community)s AND x.ended_at < %(before)s AND x.state <> 'done'",
        "x.export_id",
        "DELETE FROM export x USING due WHERE x.community_id = %(community)s AND x.export_id = due.export_id RETURNING 1",
    ),
    "orders": Sweep(
        "FROM service_order o WHERE o.community_id = %(community)s AND o.last_end_at < %(before)s AND o.erased_at IS NULL",
        "o.order_id",
        "UPDATE service_order o SET floor = '', flat = '', note = '', for_name = '', erased_at = %(now)s FROM due"
        " WHERE o.community_id = %(community)s AND o.order_id = due.order_id RETURNING 1",
    ),
    "callbacks": Sweep(
        "FROM hotline_order o JOIN report r ON r.community_id = o.community_id AND r.report_id = o.report_id"
        ' JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id'
        f" WHERE o.community_id = %(community)s AND o.callback <> '' AND o.taken_at < %(before)s AND {ENDED}",
        "o.order_id",
        "UPDATE hotline_order o SET callback = '', callback_erased_at = %(now)s FROM due"
        " WHERE o.community_id = %(community)s AND o.order_id = due.order_id RETURNING 1",
    ),
    "visits": Sweep(
        "FROM visit v WHERE v.community_id = %(community)s AND v.visited_at < %(before)s AND v.erased_at IS NULL",
        "v.visit_id",
        """
        , pictures AS (DELETE FROM subject_photo p USING due WHERE p.community_id = %(community)s
                       AND p.subject = 'visit' AND p.subject_id = due.visit_id)
        , stops AS (UPDATE round_stop s SET flat = '', household_id = NULL FROM due
                    WHERE s.community_id = %(community)s AND s.visit_id = due.visit_id)
        , found AS (UPDATE finding f SET flat = '' FROM due WHERE f.community_id = %(community)s
                    AND f.visit_id = due.visit_id)
        UPDATE visit v SET flat = '', words = '', answers = '{}', household_id = NULL, erased_at = %(now)s FROM due
        WHERE v.community_id = %(community)s AND v.visit_id = due.visit_id RETURNING 1
        """,
    ),
}


@dataclass(frozen=True, slots=True)
class Old:
    """A photo whose original is past its time."""

    photo_id: UUID
    sha256: str


def nobody(community_id: str) -> UUID:
    """Return the id of the row that stands for reporters who were forgotten."""
    return uuid5(NAMESPACE_URL, f"weiwang/{community_id}/nobody")


async def make_nobody(session: WriteSession, community_id: str, now: datetime) -> None:
    """Store the row that stands for reporters who were forgotten, unless it is there."""
    await session.direct(
        "INSERT INTO person (community_id, person_id, username, password_hash, name, role, active, created_at, erased_at)"
        " VALUES (%(community)s, %(id)s, %(name)s, '!', %(name)s, 'resident', false, %(now)s, %(now)s)"
        " ON CONFLICT DO NOTHING",
        {"community": community_id, "id": nobody(community_id), "name": NO_NAME, "now": now},
    )


async def count_due(session: ReadSession, community_id: str, purpose: str, before: datetime) -> int:
    """Return how many rows of a purpose are past their time."""
    query: LiteralString = f"SELECT count(*) AS n {SWEEPS[purpose].due}"
    rows = await session.direct(
        query, {"community": community_id, "before": before, "nobody": nobody(community_id)}
    )
    return int(rows[0].n)


async def act(
    session: WriteSession, community_id: str, purpose: str, *, before: datetime, now: datetime, limit: int
) -> int:
    """Take away some of what is past its time; return how much it was."""
    one = SWEEPS[purpose]
    query: LiteralString = f"WITH due AS MATERIALIZED (SELECT {one.key} {one.due} LIMIT %(limit)s) {one.act}"
    values = {
        "community": community_id,
        "before": before,
        "now": now,
        "limit": limit,
        "nobody": nobody(community_id),
    }
    return len(await session.direct(query, values))


_OLD: LiteralString = f"""
FROM photo p JOIN "case" c ON c.community_id = p.community_id AND c.case_id = p.case_id
WHERE p.community_id = %(community)s AND p.original_gone_at IS NULL AND {ENDED}
  AND NOT EXISTS (SELECT FROM subject_photo s WHERE s.community_id = p.community_id AND s.sha256 = p.sha256)
  AND NOT EXISTS (SELECT FROM photo o JOIN "case" d ON d.community_id = o.community_id AND d.case_id = o.case_id
      WHERE o.community_id = p.community_id AND o.sha256 = p.sha256 AND o.photo_id <> p.photo_id
      AND (d.status NOT IN ('closed', 'rejected', 'cancelled') OR coalesce(d.closed_at, d.opened_at) >= %(before)s))
"""  # noqa: S608 - of constants


async def count_originals(session: ReadSession, community_id: str, before: datetime) -> int:
    """Return how many photos are kept as they came though their time is over."""
    rows = await session.direct(f"SELECT count(*) AS n {_OLD}", {"community": community_id, "before": before})
    return int(rows[0].n)


async def old_originals(
    session: ReadSession, community_id: str, before: datetime, *, limit: int
) -> list[Old]:
    """Return some of them; bytes that something younger shares aren't among them."""
    rows = await session.direct(
        f"SELECT p.photo_id, p.sha256 {_OLD} ORDER BY p.photo_id LIMIT %(limit)s",
        {"community": community_id, "before": before, "limit": limit},
    )
    return [Old(*row) for row in rows]


async def originals_gone(
    session: WriteSession, community_id: str, photo_ids: list[UUID], now: datetime
) -> None:
    """Write down of which photos only the renditions are kept; what they claimed of place and time goes too."""
    await session.direct(
        "UPDATE photo SET original_gone_at = %(now)s, exif = '{}' WHERE community_id = %(community)s"
        " AND photo_id = ANY(%(ids)s::uuid[])",
        {"community": community_id, "ids": photo_ids, "now": now},
    )


async def old_mediations(
    session: ReadSession, community_id: str, before: datetime, *, limit: int
) -> list[UUID]:
    """Return cases of mediations that ended before a moment and whose words are kept."""
    rows = await session.direct(
        "SELECT case_id FROM mediation WHERE community_id = %(community)s AND outcome_at < %(before)s AND erased_at IS NULL"
        " ORDER BY outcome_at LIMIT %(limit)s",
        {"community": community_id, "before": before, "limit": limit},
    )
    return [row.case_id for row in rows]


async def erase_mediation(
    session: WriteSession, community_id: str, case_id: UUID, *, empty: bytes, now: datetime
) -> dict[str, int]:
    """Erase what was said in a mediation and who the parties were; that there was one stays, and how it ended.

    Parameters
    ----------
    session, community_id, case_id, now
        Which, and when.
    empty
        An agreement without a word, sealed.
    """
    values = {"community": community_id, "case": case_id, "empty": empty, "now": now}
    parties = await session.direct(
        "DELETE FROM mediation_party WHERE community_id = %(community)s AND case_id = %(case)s RETURNING 1",
        values,
    )
    sessions = await session.direct(
        "DELETE FROM mediation_session WHERE community_id = %(community)s AND case_id = %(case)s RETURNING 1",
        values,
    )
    await session.direct(
        "UPDATE mediation_follow_up SET words = NULL WHERE community_id = %(community)s AND case_id = %(case)s",
        values,
    )
    await session.direct(
        "UPDATE mediation SET agreement = CASE WHEN agreement IS NOT NULL THEN %(empty)s::bytea END, signed_by = NULL,"
        " erased_at = %(now)s WHERE community_id = %(community)s AND case_id = %(case)s",
        values,
    )
    return {"parties": len(parties), "sessions": len(sessions)}


async def chosen(session: ReadSession, community_id: str) -> dict[str, int]:
    """Return the periods that a community has chosen itself, in days."""
    rows = await session.direct(
        "SELECT purpose, days FROM retention_rule WHERE community_id = %(community)s",
        {"community": community_id},
    )
    return {row.purpose: row.days for row in rows}


async def choose(
    session: WriteSession,
    community_id: str,
    purpose: str,
    days: int | None,
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    """Store a period; None: as the operator has set it."""
    values = {"community": community_id, "purpose": purpose, "days": days, "by": by, "now": now}
    if days is None:
        await session.direct(
            "DELETE FROM retention_rule WHERE community_id = %(community)s AND purpose = %(purpose)s",
            {"community": community_id, "purpose": purpose},
        )
        return
    await session.direct(
        "INSERT INTO retention_rule (community_id, purpose, days, changed_by, changed_at)"
        " VALUES (%(community)s, %(purpose)s, %(days)s, %(by)s, %(now)s) ON CONFLICT (community_id, purpose)"
        " DO UPDATE SET days = excluded.days, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        values,
    )
