"""The record of who looked at what; appended only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gis.store.session import WriteSession
from gis.store.tables import access


async def log_access(
    session: WriteSession, community_id: str, *, at: datetime, person_id: UUID, kind: str, subject_id: str
) -> None:
    """Append one look."""
    await session.run(
        access.insert(),
        [
            {
                "community_id": community_id,
                "at": at,
                "person_id": person_id,
                "kind": kind,
                "subject_id": subject_id,
            }
        ],
    )
