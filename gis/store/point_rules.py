"""What a community has set for hours and points; without a row everything is as usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class PointRules:
    """A community's rules.

    Parameters
    ----------
    per_hour, by_category
        Points for an hour, and for an hour of the categories that differ.
    most_h
        Hours that one task may count.
    expire_months
        Points that are older expire; None: they don't.
    code_days
        How long a redeemed reward is kept for who redeemed it.
    star_hours
        Hours in a year for one star, two, and so on.
    """

    per_hour: int = 10
    most_h: float = 4.0
    expire_months: int | None = None
    code_days: int = 30
    star_hours: tuple[float, ...] = (20.0, 50.0, 100.0, 200.0, 300.0)
    by_category: Mapping[str, int] = field(default_factory=dict)


async def point_rules(session: ReadSession, community_id: str) -> PointRules:
    """Return a community's rules."""
    rows = await session.direct(
        """
        SELECT r.per_hour, r.most_h, r.expire_months, r.code_days, r.star_hours,
               coalesce((SELECT jsonb_object_agg(t.category, t.per_hour) FROM point_rate t
                         WHERE t.community_id = k.community_id), '{}') AS rates
        FROM community k LEFT JOIN point_rule r ON r.community_id = k.community_id
        WHERE k.community_id = %(community)s
        """,
        {"community": community_id},
    )
    if not rows:
        return PointRules()
    (r,) = rows
    if r.per_hour is None:
        return PointRules(by_category=r.rates)
    return PointRules(
        int(r.per_hour), float(r.most_h), r.expire_months, int(r.code_days), tuple(r.star_hours), r.rates
    )


async def put_point_rules(session: WriteSession, community_id: str, rules: PointRules) -> None:
    """Store a community's rules instead of what was there."""
    await session.direct(
        """
        INSERT INTO point_rule (community_id, per_hour, most_h, expire_months, code_days, star_hours)
        VALUES (%(community)s, %(per_hour)s, %(most_h)s, %(months)s, %(days)s, %(stars)s)
        ON CONFLICT (community_id) DO UPDATE SET per_hour = excluded.per_hour, most_h = excluded.most_h,
            expire_months = excluded.expire_months, code_days = excluded.code_days, star_hours = excluded.star_hours
        """,
        {
            "community": community_id,
            "per_hour": rules.per_hour,
            "most_h": rules.most_h,
            "months": rules.expire_months,
            "days": rules.code_days,
            "stars": list(rules.star_hours),
        },
    )
    await session.direct(
        """
        WITH gone AS (
            DELETE FROM point_rate WHERE community_id = %(community)s AND category <> ALL(%(categories)s::text[])
        )
        INSERT INTO point_rate (community_id, category, per_hour)
        SELECT %(community)s, t.category, t.per_hour FROM unnest(%(categories)s::text[], %(rates)s::int[]) AS t(category, per_hour)
        ON CONFLICT (community_id, category) DO UPDATE SET per_hour = excluded.per_hour
        """,
        {
            "community": community_id,
            "categories": list(rules.by_category),
            "rates": list(rules.by_category.values()),
        },
    )


async def expiring_communities(session: ReadSession) -> list[str]:
    """Return the communities whose points expire."""
    rows = await session.direct(
        "SELECT community_id FROM point_rule WHERE expire_months IS NOT NULL ORDER BY community_id", {}
    )
    return [row.community_id for row in rows]


async def consents(session: ReadSession, community_id: str, person_id: UUID) -> bool:
    """Tell whether somebody agrees to be named among the star volunteers."""
    rows = await session.direct(
        "SELECT at FROM star_consent WHERE community_id = %(community)s AND person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    return bool(rows)
