"""Publishing areas as the next version, and going back to an older one by publishing it anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gis.areas.checks import BuildingFacts, Finding, check_areas, errors_of
from gis.areas.columns import AreaRows
from gis.crs import metric_crs
from gis.errors import ConflictError, InvalidInputError
from gis.flows.boundaries.loading import LEVELS, head_of, housed_buildings, version_areas
from gis.flows.import_rows import multipolygon_wkb, rows_of_areas
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import boundaries
from gis.store.places import store_areas
from gis.store.residents import place_households
from gis.words import Actor, Level

LISTED = 200
"""So many findings travel with a refusal; the first are the worst."""


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is now in force."""

    version: int
    warnings: tuple[Finding, ...]


async def publish(
    work: Work, actor: Actor, areas: Sequence[AreaRows], *, expected_version: int, note: str
) -> Published:
    """Check areas and put them in force as the next version.

    Cases keep the version that they were snapped on; `reassign_cases` is the act that changes it.

    Parameters
    ----------
    work, actor
        Who.
    areas
        All levels: one community, its grids, micro-grids and, where there are any, courtyards; EPSG:4326.
    expected_version
        The version in force that these areas were made from.
    note
        For the list of versions.

    Raises
    ------
    InvalidInputError
        ``boundaries_have_errors`` with the findings, ``boundaries_incomplete``, ``text_too_long``.
    ConflictError
        ``area_version_changed``: another version was published meanwhile.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "publish_boundaries")
    said = plain(note, "note", limit=200)
    community_id = actor.community_id
    head = await head_of(work.session, community_id)
    if head.area_version != expected_version:
        raise changed_meanwhile(expected_version, head.area_version)
    complete = _complete(community_id, areas)
    buildings = (await housed_buildings(work.session, community_id)).facts
    findings = await asyncio.to_thread(_checked, complete, head.metric_srid, buildings)
    refuse_errors(findings)
    whole = multipolygon_wkb(complete[0].geometry[0])
    version = await boundaries.claim_version(work.session, community_id, expected_version, whole)
    if version is None:
        now = await head_of(work.session, community_id)
        raise changed_meanwhile(expected_version, now.area_version)
    rows = rows_of_areas(community_id, version, complete)
    await store_areas(
        work.session,
        community_id,
        version,
        rows,
        now=work.clock.now(),
        published_by=actor.person_id,
        note=said,
    )
    await place_households(work.session, community_id)
    return Published(version, findings)


async def roll_back(
    work: Work, actor: Actor, version: int, *, expected_version: int, reason: str
) -> Published:
    """Publish an older version anew, as a new version: history is kept.

    Parameters
    ----------
    work, actor
        Who.
    version
        The older one.
    expected_version
        The one in force.
    reason
        For the list of versions.

    Raises
    ------
    NotFoundError
        ``area_version_unknown``.
    InvalidInputError, ConflictError, NotAllowedError
        As for publishing; ``text_needed`` without a reason.
    """
    require(actor, "publish_boundaries")
    said = required(reason, "reason", limit=180)
    areas = await version_areas(work.session, actor.community_id, version)
    return await publish(work, actor, areas, expected_version=expected_version, note=f"#{version}: {said}")


def refuse_errors(findings: Sequence[Finding]) -> None:
    """Raise for findings that forbid publishing.

    Raises
    ------
    InvalidInputError
        ``boundaries_have_errors``, with ``count`` and ``findings``.
    """
    errors = errors_of(findings)
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InvalidInputError(
            errors[0].detail + more,
            code="boundaries_have_errors",
            count=len(errors),
            first=errors[0].detail,
            findings=[one.as_json() for one in errors[:LISTED]],
        )


def changed_meanwhile(expected: int, now: int) -> ConflictError:
    """Return the refusal of what was made from a version that is no longer in force."""
    return ConflictError(
        f"version {now} is in force, not {expected}",
        code="area_version_changed",
        expected=expected,
        version=now,
    )


def _checked(areas: Sequence[AreaRows], srid: int, buildings: BuildingFacts) -> tuple[Finding, ...]:
    return check_areas(areas, metric_crs(srid), buildings=buildings)


def _complete(community_id: str, areas: Sequence[AreaRows]) -> list[AreaRows]:
    """Return the levels in order, in two dimensions, the community under its own key."""
    levels = {rows.level: rows for rows in areas if len(rows)}
    missing = [level.value for level in LEVELS[:3] if level not in levels]
    if missing:
        raise InvalidInputError(
            f"there is no {missing[0]}", code="boundaries_incomplete", level=", ".join(missing)
        )
    found = []
    for level in LEVELS:
        if level not in levels:
            continue
        rows = levels[level]
        flat = np.asarray(shapely.force_2d(rows.geometry), dtype=object)
        if level is Level.COMMUNITY and len(rows) == 1:
            rows = replace(rows, code=[community_id], parent_code=[None])
        if level is Level.GRID:
            rows = replace(rows, parent_code=[community_id] * len(rows))
        found.append(replace(rows, geometry=flat))
    return found
