"""Drafts of boundaries: begun from a version, a file or a delineation; read, published, discarded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from gis.areas.checks import Kind, check_areas
from gis.areas.columns import AreaRows
from gis.areas.editing import Draft, Key, draft_of
from gis.crs import metric_crs
from gis.flows.boundaries.draft_state import (
    DraftState,
    facts_of,
    faster,
    open_facts,
    state_after,
    stored_cell,
)
from gis.flows.boundaries.loading import draft_as_begun, draft_at, head_of, with_levels_in_force
from gis.flows.boundaries.publish import Published, publish, refuse_errors
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import boundaries, drafts
from gis.store.drafts import Source
from gis.store.session import ReadSession
from gis.words import Actor, Level

UNSTORABLE = frozenset(
    {Kind.NOT_POLYGON, Kind.OUT_OF_RANGE, Kind.ANTIMERIDIAN, Kind.UNCODED, Kind.DOUBLY_CODED}
)
"""Faults with which areas can't even become a draft: there would be nothing to draw or no name to call it by."""


async def start_draft(
    work: Work,
    actor: Actor,
    name: str,
    areas: Sequence[AreaRows] = (),
    *,
    source: Source = "version",
    people: Mapping[Key, tuple[UUID, ...]] | None = None,
    report: Mapping[str, Any] | None = None,
) -> DraftState:
    """Begin a draft from the version in force, or from areas of a file or a delineation.

    Levels that are not given are those of the version in force. Faulty areas may become a draft, to be seen and repaired.

    Parameters
    ----------
    work, actor
        Who.
    name
        To tell it from other drafts.
    areas
        One element a level; EPSG:4326.
    source
        Where they come from.
    people
        Who is responsible for which cell; None: whoever is, by code.
    report
        What a delineation reached.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``; ``boundaries_have_errors`` for what can't be drawn or has no code.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "edit_boundaries")
    called = required(name, "name", limit=80)
    community_id, session = actor.community_id, work.session
    head = await head_of(session, community_id)
    levels = await with_levels_in_force(session, community_id, head.area_version, areas)
    found = check_areas(levels, metric_crs(head.metric_srid))
    refuse_errors([one for one in found if one.kind in UNSTORABLE])
    known = await boundaries.people_of_cells(session, community_id) if people is None else people
    begun = draft_of(levels, known)
    draft_id = uuid4()
    now = work.clock.now()
    await drafts.add_draft(
        session,
        community_id,
        draft_id,
        name=called,
        source=source,
        based_on=head.area_version,
        created_by=actor.person_id,
        now=now,
        report=report,
    )
    await drafts.store_cells(
        session, community_id, draft_id, 0, [stored_cell(cell) for cell in begun.cells.values()]
    )
    state = await read_draft(session, actor, draft_id)
    told = tuple(one for one in found if one.kind is Kind.HEIGHTS)  # of the file, not of what is stored
    return replace(state, findings=state.findings + told)


async def read_draft(session: ReadSession, actor: Actor, draft_id: UUID) -> DraftState:
    """Return a draft with all its cells and everything that is wrong with it.

    Raises
    ------
    NotFoundError
        ``draft_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_boundaries")
    facts = await facts_of(session, actor, draft_id)
    draft = await draft_at(session, actor.community_id, facts)
    return await state_after(session, actor, facts, before=Draft(()), after=draft)


async def publish_draft(
    work: Work, actor: Actor, draft_id: UUID, *, note: str = "", position: int | None = None
) -> Published:
    """Publish a draft as the next version, with the people it assigns.

    Raises
    ------
    InvalidInputError, ConflictError, NotAllowedError
        As for ``publish``; ``area_version_changed`` also when another version than the draft's own is in force.
    """
    require(actor, "publish_boundaries")
    session, community_id = work.session, actor.community_id
    facts = await open_facts(session, actor, draft_id, position)
    draft = await draft_at(session, community_id, facts)
    begun = await draft_as_begun(session, community_id, facts)
    published = await publish(
        work, actor, draft.areas, expected_version=facts.based_on, note=note or facts.name
    )
    now = work.clock.now()
    if not await drafts.close_draft(session, community_id, facts, now=now, published_as=published.version):
        raise faster()
    stored = await boundaries.people_of_cells(session, community_id)
    redrawn = facts.source == "delineation"  # its codes name other places than before
    was = stored if redrawn else {key: cell.people for key, cell in begun.cells.items()}
    await boundaries.assign_people(session, community_id, reassigned(was, draft, stored))
    return published


async def discard_draft(work: Work, actor: Actor, draft_id: UUID) -> None:
    """Put a draft away; it stays readable.

    Raises
    ------
    ConflictError
        ``draft_changed``, ``draft_closed``.
    """
    require(actor, "edit_boundaries")
    facts = await open_facts(work.session, actor, draft_id, None)
    now = work.clock.now()
    if not await drafts.close_draft(work.session, actor.community_id, facts, now=now, published_as=None):
        raise faster()


def reassigned(
    was: Mapping[Key, tuple[UUID, ...]], draft: Draft, stored: Mapping[Key, tuple[UUID, ...]]
) -> dict[Key, tuple[UUID, ...]]:
    """Return the cells that get other people by a draft, and those that are no more.

    Parameters
    ----------
    was
        Who was responsible where the draft began.
    draft
        As it is published.
    stored
        Who is responsible now: somebody may have been assigned while the draft was edited, and stays.
    """
    now = {key: cell.people for key, cell in draft.cells.items() if key[0] in {Level.GRID, Level.MICRO_GRID}}
    changed = {key: people for key, people in now.items() if was.get(key, ()) != people}
    return changed | {key: () for key in stored if key not in now}
