"""Orders of files: made, looked at, called off, and given out to who made them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from gis.errors import ConflictError, NotFoundError, TooManyError
from gis.exports.files import SUFFIX, Format
from gis.flows.exports.layers import selection_of
from gis.flows.exports.writing import Draft
from gis.flows.work import Work
from gis.people.permissions import require
from gis.settings import Settings
from gis.store import exports
from gis.store.access_log import log_access
from gis.store.exports import Export
from gis.store.session import ReadSession
from gis.words import Actor

MOST_OPEN = 3
MOST_LISTED = 50


def file_name(layer: str, kind: Format, datum: str, at: datetime) -> str:
    """Return the name that a file is given out under.

    Parameters
    ----------
    layer, kind, datum
        What it holds.
    at
        When it was ordered.
    """
    return f"weiwang-{layer}-{datum}-{at:%Y%m%d-%H%M}.{SUFFIX.get(kind, kind.value)}"


def path_of(settings: Settings, order: Export) -> Path:
    """Return where the file of an order lies; communities have folders of their own.

    Parameters
    ----------
    settings
        Name the state folder.
    order
        Whose file.
    """
    return settings.export_folder / order.community_id / f"{order.export_id}.{order.format}"


async def order_export(work: Work, actor: Actor, export_id: UUID, draft: Draft) -> Export:
    """Order a file; the same id again is the same order.

    Parameters
    ----------
    work, actor
        Unit of work, and who orders.
    export_id
        Made by the client.
    draft
        What.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    TooManyError
        ``too_many_exports``: some are on their way already.
    ConflictError
        ``export_id_reused``.
    """
    require(actor, "export")
    known = await exports.find(work.session, actor.community_id, export_id)
    if known is not None:
        return _same(actor, known, draft)
    if await exports.open_count(work.session, actor.community_id, actor.person_id) >= MOST_OPEN:
        raise TooManyError(
            "wait for those on their way", code="too_many_exports", limit=MOST_OPEN, retry_after_s=10
        )
    order = _new(actor, export_id, draft, work.clock.now())
    if not await exports.add(work.session, order):
        raise ConflictError("this id stands for another order", code="export_id_reused")
    await log_export(work, actor, "export", order)
    await work.jobs.defer(
        work.session, "write_export", community_id=actor.community_id, export_id=str(export_id)
    )
    return order


async def my_exports(session: ReadSession, actor: Actor) -> list[Export]:
    """Return one's own latest orders, the newest first."""
    return await exports.ordered_by(session, actor.community_id, actor.person_id, limit=MOST_LISTED)


async def find_export(session: ReadSession, actor: Actor, export_id: UUID) -> Export:
    """Return one of one's own orders, or refuse as for one that doesn't exist.

    Parameters
    ----------
    session, actor, export_id
        Which.

    Raises
    ------
    NotFoundError
        ``export_not_found``.
    """
    found = await exports.find(session, actor.community_id, export_id)
    if found is None or found.ordered_by != actor.person_id:
        raise NotFoundError("no such file, or not one of yours", code="export_not_found")
    return found


async def take_export(work: Work, actor: Actor, export_id: UUID) -> tuple[Export, Path]:
    """Return one's own file to be given out, and record that it was.

    Parameters
    ----------
    work, actor, export_id
        Unit of work, who, and which.

    Raises
    ------
    NotFoundError
        ``export_not_found``.
    ConflictError
        ``export_not_ready``, ``export_gone``.
    """
    found = await find_export(work.session, actor, export_id)
    if found.state in exports.OPEN:
        raise ConflictError("it is being written", code="export_not_ready")
    path = path_of(work.settings, found)
    if found.state != "done" or not path.exists():
        raise ConflictError("it is no longer kept", code="export_gone")
    await log_export(work, actor, "export_file", found)
    return found, path


async def cancel_export(work: Work, actor: Actor, export_id: UUID) -> Export:
    """Call an order off; one that has ended stays as it is.

    Parameters
    ----------
    work, actor, export_id
        Unit of work, who, and which.
    """
    found = await find_export(work.session, actor, export_id)
    await exports.cancel(work.session, actor.community_id, found.export_id, work.clock.now())
    return await find_export(work.session, actor, export_id)


async def log_export(work: Work, actor: Actor, kind: str, order: Export) -> None:
    """Append to the record of who took what out.

    Parameters
    ----------
    work, actor
        Unit of work, and who.
    kind
        ``export`` for an order, ``export_file`` for the file given out.
    order
        Which.
    """
    subject = f"{order.layer}.{order.format} {order.export_id}"
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=kind,
        subject_id=subject,
    )


def _new(actor: Actor, export_id: UUID, draft: Draft, now: datetime) -> Export:
    return Export(
        actor.community_id,
        export_id,
        actor.person_id,
        "waiting",
        draft.order.layer.value,
        draft.format.value,
        draft.datum.value,
        draft.language,
        selection_of(draft.order).stored,
        None,
        0,
        None,
        "",
        now,
        None,
        None,
        None,
    )


def _same(actor: Actor, known: Export, draft: Draft) -> Export:
    asked = (draft.order.layer, draft.format, draft.datum)
    if known.ordered_by != actor.person_id or asked != (known.layer, known.format, known.datum):
        raise ConflictError("this id stands for another order", code="export_id_reused")
    return known
