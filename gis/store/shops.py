"""Partner shops that hand rewards out, and who is appointed to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop."""

    shop_id: UUID
    name: str
    name_en: str
    address: str
    active: bool


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who hands out at a shop."""

    shop_id: UUID
    person_id: UUID
    username: str
    name: str


async def shops(session: ReadSession, community_id: str) -> list[Shop]:
    """Return the shops, those in use first."""
    rows = await session.direct(
        "SELECT shop_id, name, name_en, address, active FROM shop WHERE community_id = %(community)s"
        " ORDER BY active DESC, name, shop_id",
        {"community": community_id},
    )
    return [Shop(*row) for row in rows]


async def put_shop(session: WriteSession, community_id: str, given: Shop, at: datetime) -> None:
    """Store a shop, new or changed."""
    await session.direct(
        """
        INSERT INTO shop (community_id, shop_id, name, name_en, address, active, created_at)
        VALUES (%(community)s, %(shop)s, %(name)s, %(name_en)s, %(address)s, %(active)s, %(at)s)
        ON CONFLICT (community_id, shop_id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
            address = excluded.address, active = excluded.active
        """,
        {
            "community": community_id,
            "shop": given.shop_id,
            "name": given.name,
            "name_en": given.name_en,
            "address": given.address,
            "active": given.active,
            "at": at,
        },
    )


async def keepers(session: ReadSession, community_id: str) -> list[Keeper]:
    """Return who is appointed where; who has left the service is not."""
    rows = await session.direct(
        """
        SELECT k.shop_id, k.person_id, p.username, p.name FROM shop_keeper k
        JOIN person p ON p.community_id = k.community_id AND p.person_id = k.person_id
        WHERE k.community_id = %(community)s AND p.active ORDER BY p.name, p.username
        """,
        {"community": community_id},
    )
    return [Keeper(*row) for row in rows]


async def appoint(  # noqa: PLR0917 - whom, where, by whom and when
    session: WriteSession, community_id: str, shop_id: UUID, person_id: UUID, by: UUID, at: datetime
) -> bool:
    """Appoint somebody to a shop; False when they were."""
    rows = await session.direct(
        "INSERT INTO shop_keeper (community_id, shop_id, person_id, appointed_by, at)"
        " VALUES (%(community)s, %(shop)s, %(person)s, %(by)s, %(at)s) ON CONFLICT DO NOTHING RETURNING shop_id",
        {"community": community_id, "shop": shop_id, "person": person_id, "by": by, "at": at},
    )
    return bool(rows)


async def dismiss(session: WriteSession, community_id: str, shop_id: UUID, person_id: UUID) -> bool:
    """Take somebody's appointment away, at once; False when they had none."""
    rows = await session.direct(
        "DELETE FROM shop_keeper WHERE community_id = %(community)s AND shop_id = %(shop)s"
        " AND person_id = %(person)s RETURNING shop_id",
        {"community": community_id, "shop": shop_id, "person": person_id},
    )
    return bool(rows)


async def shops_of(session: ReadSession, community_id: str, person_id: UUID) -> set[UUID]:
    """Return the shops in use that somebody is appointed to now."""
    rows = await session.direct(
        """
        SELECT k.shop_id FROM shop_keeper k
        JOIN shop s ON s.community_id = k.community_id AND s.shop_id = k.shop_id AND s.active
        WHERE k.community_id = %(community)s AND k.person_id = %(person)s
        """,
        {"community": community_id, "person": person_id},
    )
    return {row.shop_id for row in rows}
