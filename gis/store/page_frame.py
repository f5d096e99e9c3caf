"""What stands around every page, by one statement: the community, its categories and agencies, its looks, and what is unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from gis.store.community_facts import FACTS, CommunityFacts
from gis.store.session import ReadSession

FACTS_COUNT = len(fields(CommunityFacts))
"""So many columns that begin the row are the community's."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What a page is given whatever it shows.

    ``categories`` and ``agencies`` have the fields of ``CategoryFacts`` and ``AgencyName``, in the same order.
    """

    community: CommunityFacts
    categories: Sequence[Mapping[str, Any]]
    agencies: Sequence[Mapping[str, Any]]
    branding: Mapping[str, Any]
    logo: str | None
    """The hash of the community's mark."""
    unread: int


async def page_frame(session: ReadSession, community_id: str, person_id: UUID) -> PageFrame | None:
    """Return what stands around somebody's pages; None where there is no such community.

    Parameters
    ----------
    session, community_id, person_id
        Whose.
    """
    rows = await session.direct(
        f"""
        SELECT {FACTS},
               (SELECT json_agg(json_build_object('code', c.code, 'name', coalesce(r.name, c.name), 'name_en',
                       coalesce(r.name_en, c.name_en), 'family', c.family, 'urgent', coalesce(r.urgent, c.urgent),
                       'severity', c.severity, 'active', coalesce(r.active, true)) ORDER BY c.sort, c.code)
                FROM category c LEFT JOIN category_rule r ON r.community_id = k.community_id AND r.code = c.code) AS categories,
               (SELECT json_agg(json_build_object('code', a.code, 'name', a.name, 'name_en', a.name_en, 'active', a.active)
                       ORDER BY a.code)
                FROM agency a WHERE a.community_id = k.community_id) AS agencies,
               coalesce(k.settings->'branding', '{{}}') AS branding, l.sha256 AS logo,
               (SELECT count(*) FROM notice n WHERE n.community_id = k.community_id AND n.person_id = %(person)s
                AND n.read_at IS NULL) AS unread
        FROM community k LEFT JOIN logo l ON l.community_id = k.community_id WHERE k.community_id = %(community)s
        """,  # noqa: S608 - columns of ours
        {"community": community_id, "person": person_id},
    )
    if not rows:
        return None
    row = rows[0]
    return PageFrame(
        CommunityFacts(*row[:FACTS_COUNT]),
        row.categories or (),
        row.agencies or (),
        row.branding,
        row.logo,
        int(row.unread),
    )
