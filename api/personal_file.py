"""All that is kept of one person, as a file that is written, sent and removed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.parts import Parts
from gis.flows.personal.exporting import Data, collect, write_file
from gis.flows.residents.exporting import hand_out
from gis.words import Actor
from web.personal_words import about_data


async def personal_file(parts: Parts, actor: Actor, person_id: UUID) -> Response:
    """Answer with the file of the data of somebody with an account.

    Parameters
    ----------
    parts, actor, person_id
        Who takes whose out.
    """
    async with parts.work() as work:
        found = await collect(work, actor, actor.community_id, person_id)
    return await _sent(parts, actor, found, "my-data.zip")


async def resident_file(parts: Parts, actor: Actor, resident_id: UUID) -> Response:
    """Answer with the file of the data of a resident, to be handed to them by the office.

    Parameters
    ----------
    parts, actor, resident_id
        Who hands out, whose.
    """
    async with parts.work() as work:
        found = await hand_out(work, actor, resident_id)
    return await _sent(parts, actor, found, f"resident-{resident_id}.zip")


async def _sent(parts: Parts, actor: Actor, found: Data, name: str) -> Response:
    target: Path = parts.settings.export_folder / f"{uuid4()}.part"
    await write_file(target, actor.community_id, found, parts.photos, about=about_data(parts.clock.now()))
    return FileResponse(
        target,
        media_type="application/zip",
        filename=name,
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(target.unlink, missing_ok=True),
    )
