"""Versions, drafts, findings and repairs as they are answered: JSON with GeoJSON inside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

from gis.areas.checks import Finding, errors_of
from gis.areas.compare import CellChange
from gis.areas.editing import Cell, Draft
from gis.areas.repair import RepairProposal
from gis.flows.boundaries import Checked, DraftState, Renewal
from gis.store.accounts import AccountRow
from gis.store.boundaries import VersionFacts
from gis.store.drafts import DraftFacts

Json = dict[str, Any]
MOST_FINDINGS = 500
"""So many are drawn; the first are the worst, and the number of all is told."""


def version_json(one: VersionFacts) -> Json:
    """Return a version of areas."""
    return {
        "version": one.version,
        "published_at": one.published_at,
        "published_by": one.publisher,
        "note": one.note,
        "in_force": one.in_force,
        "grids": one.grids,
        "micro_grids": one.micro_grids,
        "courtyards": one.courtyards,
    }


def facts_json(facts: DraftFacts, in_force: int | None = None) -> Json:
    """Return a draft without its cells."""
    status = "open" if facts.open else "published" if facts.published_as is not None else "discarded"
    return {
        "id": facts.draft_id,
        "name": facts.name,
        "source": facts.source,
        "based_on": facts.based_on,
        "in_force": in_force,
        "position": facts.position,
        "status": status,
        "creator": facts.creator,
        "created_at": facts.created_at,
        "updated_at": facts.updated_at,
        "published_as": facts.published_as,
    }


def renewal_json(found: Renewal | None) -> Json:
    """Return what bringing a draft to the version in force meets."""
    if found is None:
        return {"needed": False, "mine": 0, "theirs": 0, "conflicts": []}
    conflicts = [{"level": level.value, "code": code} for level, code in found.conflicts]
    return {"needed": True, "mine": found.mine, "theirs": found.theirs, "conflicts": conflicts}


def draft_json(state: DraftState, in_force: int) -> Json:
    """Return a draft with what an act on it changed: all cells where it is read or begun."""
    counted: dict[str, dict[str, int]] = {}
    for (level, code), households in state.households.items():
        counted.setdefault(level.value, {})[code] = households
    return {
        **facts_json(state.facts, in_force),
        "report": state.facts.report,
        "can_undo": state.can_undo,
        "can_redo": state.can_redo,
        "cells": _collection(map(_cell, state.cells)),
        "gone": [{"level": level.value, "code": code} for level, code in state.gone],
        "households": counted,
        **findings_json(state.findings),
    }


def version_cells_json(version: int, draft: Draft) -> Json:
    """Return the cells of a version, as those of a draft."""
    counted: dict[str, dict[str, int]] = {}
    for (level, code), cell in draft.cells.items():
        if cell.households is not None:
            counted.setdefault(level.value, {})[code] = cell.households
    return {"version": version, "cells": _collection(map(_cell, draft.cells.values())), "households": counted}


def findings_json(found: Sequence[Finding]) -> Json:
    """Return what is wrong, to be listed and drawn."""
    return {
        "findings": _collection(one.as_feature() for one in found[:MOST_FINDINGS]),
        "errors": len(errors_of(found)),
        "total": len(found),
    }


def changes_json(found: Sequence[CellChange]) -> Json:
    """Return what differs between two versions."""
    return {
        "items": [one.as_json() for one in found],
        "shapes": _collection(feature for one in found for feature in one.as_features()),
    }


def repair_json(proposal: RepairProposal) -> Json:
    """Return what a repair would change, and what would still be wrong."""
    return {
        "tolerance_m": proposal.tolerance_m,
        "moved_m2": round(proposal.moved_m2, 3),
        "largest_move_m": round(proposal.largest_move_m, 3),
        "changes": _collection(one.as_feature() for one in proposal.changes),
        "remaining": findings_json(proposal.remaining),
    }


def checked_json(checked: Checked) -> Json:
    """Return what is wrong with files."""
    return {
        "cells": {level.value: count for level, count in checked.cells.items()},
        **findings_json(checked.findings),
        "away_m": round(checked.away_m),
        "repair": None if checked.proposal is None else repair_json(checked.proposal),
    }


def person_json(one: AccountRow) -> Json:
    """Return somebody who can be responsible for cells."""
    return {
        "id": one.person_id,
        "name": one.name,
        "username": one.username,
        "role": one.role,
        "areas": list(one.areas),
    }


def _cell(cell: Cell) -> Mapping[str, Any]:
    return {
        "type": "Feature",
        "id": f"{cell.level.value}/{cell.code}",
        "properties": {
            "level": cell.level.value,
            "code": cell.code,
            "name": cell.name,
            "name_en": cell.name_en,
            "parent_code": cell.parent_code,
            "households": cell.households,
            "people": [str(person) for person in cell.people],
        },
        "geometry": json.loads(shapely.to_geojson(cell.geometry)),
    }


def _collection(features: Iterable[Mapping[str, Any]]) -> Json:
    return {"type": "FeatureCollection", "features": list(features)}
