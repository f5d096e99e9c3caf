"""All that is kept of one person, as a file that is written, sent and removed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.parts import Parts
from gis.flows.personal.exporting import collect, write_file
from gis.words import Actor


async def personal_file(parts: Parts, actor: Actor, person_id: UUID) -> Response:
    """Answer with the file of somebody's data.

    Parameters
    ----------
    parts, actor, person_id
        Who takes whose out.
    """
    async with parts.work() as work:
        found = await collect(work, actor, actor.community_id, person_id)
    target: Path = parts.settings.export_folder / f"{uuid4()}.part"
    await write_file(target, actor.community_id, found, parts.photos)
    return FileResponse(
        target,
        media_type="application/zip",
        filename="my-data.zip",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(target.unlink, missing_ok=True),
    )
