"""Which photos still wait to be looked through for faces and plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Sharp:
    """Bytes of which some row says that nobody has looked for faces yet."""

    community_id: str
    sha256: str


async def to_blur(session: ReadSession, *, limit: int) -> list[Sharp]:
    """Return some photos in which nobody has looked for faces yet, of all communities."""
    rows = await session.direct(
        """
        SELECT DISTINCT community_id, sha256 FROM (
            (SELECT community_id, sha256 FROM photo WHERE blurred_at IS NULL LIMIT %(limit)s) UNION ALL
            (SELECT community_id, sha256 FROM subject_photo WHERE blurred_at IS NULL LIMIT %(limit)s)
        ) AS sharp LIMIT %(limit)s
        """,
        {"limit": limit},
    )
    return [Sharp(*row) for row in rows]


async def blurred(session: WriteSession, found: Sequence[Sharp], now: datetime) -> None:
    """Write down that these were looked at."""
    for table in ("photo", "subject_photo"):
        await session.direct(
            f"UPDATE {table} p SET blurred_at = %(now)s"  # noqa: S608 - of the two above
            " FROM unnest(%(communities)s::text[], %(shas)s::text[]) AS s (community_id, sha256)"
            " WHERE p.community_id = s.community_id AND p.sha256 = s.sha256 AND p.blurred_at IS NULL",
            {
                "communities": [one.community_id for one in found],
                "shas": [one.sha256 for one in found],
                "now": now,
            },
        )
