"""Rows of photos: what a report or case needs said of it before one is added, adding it, and what is still to come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, null, select
from sqlalchemy.dialects.postgresql import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import case, community, photo, report

PhotoKindOf = Literal["before", "after", "progress"]


@dataclass(frozen=True, slots=True)
class PhotoTarget:
    """What photos are added to.

    Parameters
    ----------
    case_id, report_id
        The case; and the report whose evidence they are, None for after-photos.
    lon, lat
        The stated position of the report, or that of the case; degrees, EPSG:4326.
    metric_srid
        In which the community measures.
    reporter_id
        Who made the report; None for after-photos.
    manifest
        SHA-256 of the photos that the report announced.
    under_way
        Whether photos of a case show work under way, and not its outcome.
    """

    case_id: UUID
    report_id: UUID | None
    lon: float
    lat: float
    metric_srid: int
    reporter_id: UUID | None = None
    manifest: tuple[str, ...] = ()
    under_way: bool = False

    @property
    def kind(self) -> PhotoKindOf:
        """Whether its photos show what was found, how it goes, or what was done."""
        if self.report_id is not None:
            return "before"
        return "progress" if self.under_way else "after"


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One stored photo."""

    photo_id: UUID
    case_id: UUID
    report_id: UUID | None
    kind: str
    sha256: str
    media_type: str
    bytes: int
    width: int
    height: int
    exif: Mapping[str, Any]
    perceptual_hash: str
    added_by: UUID
    added_at: datetime


async def report_target(session: ReadSession, community_id: str, report_id: UUID) -> PhotoTarget | None:
    """Return the report that photos are to be added to, or None."""
    row = await session.row(
        select(
            report.c.case_id,
            report.c.report_id,
            func.ST_X(report.c.geom).label("lon"),
            func.ST_Y(report.c.geom).label("lat"),
            community.c.metric_srid,
            report.c.reporter_id,
            report.c.manifest,
        )
        .join(community, community.c.community_id == report.c.community_id)
        .where(report.c.community_id == community_id, report.c.report_id == report_id)
    )
    if row is None:
        return None
    return PhotoTarget(
        row.case_id,
        row.report_id,
        row.lon,
        row.lat,
        row.metric_srid,
        reporter_id=row.reporter_id,
        manifest=tuple(row.manifest),
    )


async def case_target(session: ReadSession, community_id: str, case_id: UUID) -> PhotoTarget | None:
    """Return the case that after-photos are to be added to, or None."""
    row = await session.row(
        select(
            case.c.case_id, null(), func.ST_X(case.c.geom), func.ST_Y(case.c.geom), community.c.metric_srid
        )
        .join(community, community.c.community_id == case.c.community_id)
        .where(case.c.community_id == community_id, case.c.case_id == case_id)
    )
    return None if row is None else PhotoTarget(*row)


async def hold_for_photos(session: WriteSession, community_id: str, target: PhotoTarget) -> PhotoTarget:
    """Make others who add photos to the same report (or case) wait until this transaction ends.

    Returns
    -------
    PhotoTarget
        As it is now: a report may have been moved to another case in the meantime.
    """
    table, key, value = (
        (case, case.c.case_id, target.case_id)
        if target.report_id is None
        else (report, report.c.report_id, target.report_id)
    )
    held = select(table.c.case_id).where(table.c.community_id == community_id, key == value)
    case_id = await session.value(held.with_for_update(key_share=True))
    return replace(target, case_id=case_id)


async def photos_there(
    session: ReadSession, community_id: str, target: PhotoTarget, shas: Collection[str]
) -> dict[str, PhotoRow]:
    """Return those photos of the report, or of what was done in the case, that have one of the hashes, by hash."""
    rows = await session.rows(
        select(*_columns()).where(photo.c.community_id == community_id, _of(target), photo.c.sha256.in_(shas))
    )
    return {row.sha256: PhotoRow(*row) for row in rows}


async def count_photos(session: ReadSession, community_id: str, target: PhotoTarget) -> int:
    """Return how many photos a report has, or how many after-photos a case has."""
    statement = select(func.count()).where(photo.c.community_id == community_id, _of(target))
    return int(await session.value(statement))


async def add_photo(session: WriteSession, community_id: str, row: PhotoRow) -> bool:
    """Add a photo; False when the report (or the case, of after-photos) has the same one already."""
    values = {name: getattr(row, name) for name in PhotoRow.__slots__}
    statement = insert(photo).values(community_id=community_id, **values).on_conflict_do_nothing()
    return await session.run(statement) == 1


async def photos_missing(session: ReadSession, community_id: str, report_id: UUID) -> list[str]:
    """Return the SHA-256 of every photo that a report announced and that has not come, in the announced order.

    Empty when the report is complete, or is not there.
    """
    its_own = and_(photo.c.community_id == report.c.community_id, photo.c.report_id == report.c.report_id)
    row = await session.row(
        select(report.c.manifest, func.array_agg(photo.c.sha256))
        .outerjoin(photo, its_own)
        .where(report.c.community_id == community_id, report.c.report_id == report_id)
        .group_by(report.c.community_id, report.c.report_id)
    )
    if row is None:
        return []
    announced, come = row
    return [sha256 for sha256 in dict.fromkeys(announced) if sha256 not in come]


async def photos_known(session: ReadSession, community_id: str, shas: Collection[str]) -> set[str]:
    """Return those of the hashes that any photo of the community has, whatever it belongs to."""
    rows = await session.direct(
        "SELECT sha256 FROM photo WHERE community_id = %(community)s AND sha256 = ANY(%(shas)s::text[]) UNION"
        " SELECT sha256 FROM subject_photo WHERE community_id = %(community)s AND sha256 = ANY(%(shas)s::text[])",
        {"community": community_id, "shas": list(shas)},
    )
    return {row.sha256 for row in rows}


def _of(target: PhotoTarget) -> ColumnElement[bool]:
    if target.report_id is not None:
        return photo.c.report_id == target.report_id
    return and_(photo.c.case_id == target.case_id, photo.c.kind == target.kind)


def _columns() -> list[ColumnElement[Any]]:
    return [photo.c[name] for name in PhotoRow.__slots__]
