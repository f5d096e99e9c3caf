"""A draft of an older version begun again on the version in force: never a dead end, and nothing overwritten unseen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from gis.areas.checks import check_areas, errors_of
from gis.areas.editing import Draft, Key, Rebased, carried, draft_of, rebase
from gis.areas.repair import propose_repair
from gis.crs import MetricCrs, metric_crs
from gis.errors import ConflictError
from gis.flows.boundaries.draft_state import DraftState, facts_of, faster, open_facts, store_edit
from gis.flows.boundaries.drafts import read_draft, start_draft
from gis.flows.boundaries.loading import draft_as_begun, draft_at, head_of, version_areas
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import boundaries, drafts
from gis.store.drafts import DraftFacts
from gis.store.session import ReadSession
from gis.words import Actor

Way: TypeAlias = Literal["merge", "keep", "names"]
"""Both sides' changes; the draft as it is, over what was published; the version in force, with the draft's names and people."""

VERTICES_M = 0.05
"""Borders that lack each other's vertices are fitted within this."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What there is to bring together: so many cells changed here and there, and those that both changed."""

    mine: int
    theirs: int
    conflicts: tuple[Key, ...]


async def preview_renewal(session: ReadSession, actor: Actor, draft_id: UUID) -> Renewal | None:
    """Return what merging a draft with the version in force meets; None where that is the one it was made from.

    Parameters
    ----------
    session, actor, draft_id
        Whose draft.

    Raises
    ------
    NotFoundError
        ``draft_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_boundaries")
    facts = await facts_of(session, actor, draft_id)
    head = await head_of(session, actor.community_id)
    if not facts.open or facts.based_on == head.area_version:
        return None
    merged = await asyncio.to_thread(rebase, *await _sides(session, actor, facts))
    return Renewal(merged.mine, merged.theirs, merged.conflicts)


async def renew_draft(
    work: Work, actor: Actor, draft_id: UUID, way: Way, *, position: int | None = None
) -> DraftState:
    """Begin a draft again on the version in force, with one edit that brings its changes; the old one is put away.

    Parameters
    ----------
    work, actor, draft_id
        Whose draft.
    way
        How.
    position
        The edit that was in force when this was thought of; None: whatever is.

    Raises
    ------
    ConflictError
        ``draft_is_current``; ``draft_conflicts`` when merging meets cells that both changed; ``draft_changed``,
        ``draft_closed``.
    NotFoundError
        ``draft_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "edit_boundaries")
    session = work.session
    facts = await open_facts(session, actor, draft_id, position)
    head = await head_of(session, actor.community_id)
    if facts.based_on == head.area_version:
        raise ConflictError("the version in force is its own", code="draft_is_current")
    base, mine, theirs = await _sides(session, actor, facts)
    after = await asyncio.to_thread(_after, way, base, mine, theirs, metric_crs(head.metric_srid))
    if not await drafts.close_draft(
        session, actor.community_id, facts, now=work.clock.now(), published_as=None
    ):
        raise faster()
    source: drafts.Source = facts.source if way == "keep" else "version"
    begun = await start_draft(work, actor, facts.name, source=source, report=facts.report)
    before = Draft(begun.cells)
    if before.differences(after) == ([], []):
        return begun
    said = {"kind": "rebase", "way": way, "draft": str(draft_id), "based_on": facts.based_on}
    await store_edit(work, actor, begun.facts, before=before, after=after, payload=said)
    return await read_draft(session, actor, begun.facts.draft_id)


async def _sides(session: ReadSession, actor: Actor, facts: DraftFacts) -> tuple[Draft, Draft, Draft]:
    """Return the version that a draft was made from, the draft, and the version in force."""
    community_id = actor.community_id
    head = await head_of(session, community_id)
    begun = await draft_as_begun(session, community_id, facts)
    people = {key: cell.people for key, cell in begun.cells.items()}
    base = draft_of(await version_areas(session, community_id, facts.based_on), people)
    in_force = await version_areas(session, community_id, head.area_version)
    theirs = draft_of(in_force, await boundaries.people_of_cells(session, community_id))
    return base, await draft_at(session, community_id, facts), theirs


def _after(way: Way, base: Draft, mine: Draft, theirs: Draft, metric: MetricCrs) -> Draft:
    if way == "keep":
        return mine
    if way == "names":
        return carried(base, mine, theirs)
    merged = rebase(base, mine, theirs)
    if merged.conflicts:
        raise _conflict(merged)
    return _fitted(merged.draft, metric)


def _conflict(merged: Rebased) -> ConflictError:
    cells = [code for _, code in merged.conflicts]
    return ConflictError(
        f"{', '.join(cells)} were changed here and there",
        code="draft_conflicts",
        cells=", ".join(cells[:10]),
        count=len(cells),
    )


def _fitted(draft: Draft, metric: MetricCrs) -> Draft:
    """Return a draft with the vertices that borders from two sides lack."""
    wrong = errors_of(check_areas(draft.areas, metric))
    if not wrong:
        return draft
    proposal = propose_repair(draft.areas, metric, tolerance_m=VERTICES_M)
    if len(errors_of(proposal.remaining)) >= len(wrong):
        return draft
    return draft_of(proposal.areas, {key: cell.people for key, cell in draft.cells.items()})
