"""Everything that is kept of one person, as plain values: for themselves, or for the office on their behalf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.flows.residents.access import EXPORTED, LOOKS, looked, present
from gis.flows.residents.elsewhere import opened_elsewhere
from gis.flows.residents.keeping import sealed_of, the_record
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.people.residents import Sight, require_sight, sight_of
from gis.residents.records import told
from gis.store.access_log import looks
from gis.store.resident_changes import changes_of
from gis.store.resident_consents import consents_of
from gis.words import Actor

MOST = 2000
"""Looks and changes, each."""


async def export_resident(work: Work, actor: Actor, resident_id: UUID) -> dict[str, Any]:
    """Return all that is kept of somebody, and who has looked at it; the export is written down as a look.

    A grid worker gets the record. What others keep (the kitchen, searches) is for the resident, and for the office that
    hands it to them.

    Parameters
    ----------
    work, actor, resident_id
        Who takes it out: the resident, a grid worker of their grid, or the office.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    row = await the_record(work, actor, resident_id, full=False)
    sight = sight_of(actor, row.grid_code, row.micro_grid_code, row.account_id)
    if sight is not Sight.OWN:
        require_sight(sight, full=True)
    await looked(work, actor, EXPORTED, [resident_id])
    sealed, community_id = sealed_of(work, actor.community_id), actor.community_id
    seen = await looks(work.session, community_id, LOOKS, subject_ids=[str(resident_id)], limit=MOST)
    changes = await changes_of(work.session, community_id, resident_id=resident_id, limit=MOST)
    whole = {
        "id": str(resident_id),
        "person": told(sealed.person(row)),
        "home": {"address": row.address, "unit": row.unit, "flat": row.flat, "grid": row.grid_code},
        "grounds": {
            "purpose": row.purpose,
            "source": row.source,
            "recorded_on": row.recorded_on.isoformat(),
        },
        "consents": [
            {
                "purpose": one.purpose,
                "given": one.given,
                "how": one.how,
                "said_by": one.said_by,
                "said_on": one.said_on.isoformat(),
                "recorded_by": one.recorded_by,
            }
            for one in await consents_of(work.session, community_id, resident_id)
        ],
        "changes": [
            {
                "at": one.at.isoformat(),
                "by": one.actor,
                "suggested_by": one.suggested_by,
                "verb": one.verb,
                "fields": sealed.open_json("resident_change.data", one.change_id, one.data)
                if one.data
                else {},
            }
            for one in changes
        ],
        "looks": [
            {"at": one.at.isoformat(), "by": one.name, "role": one.role, "kind": one.kind, "why": one.why}
            for one in seen
        ],
        "exported_at": work.clock.now().isoformat(),
    }
    if sight is Sight.OWN or may(actor, "hand_out_data"):
        whole |= await opened_elsewhere(work.session, sealed, resident_id)
    return whole


@dataclass(frozen=True, slots=True)
class ResidentData:
    """All that is kept of a resident, as a file is made from it."""

    whole: Mapping[str, Any]

    @property
    def tables(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What is a list."""
        return {name: part for name, part in self.whole.items() if isinstance(part, list)}

    @property
    def photos(self) -> Sequence[str]:
        """Photos that were given when they were searched for, by SHA-256."""
        return list(dict.fromkeys(one for search in self.whole["searches"] for one in search["photos"]))


async def hand_out(work: Work, actor: Actor, resident_id: UUID) -> ResidentData:
    """Return all that is kept of somebody, for the office to hand to them; written down as a look.

    Parameters
    ----------
    work, actor, resident_id
        Who hands out, whose.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    require(await present(work.session, actor), "hand_out_data")
    return ResidentData(await export_resident(work, actor, resident_id))
