"""Giving open cases of an older version their place in the one in force: an act of its own, told in each case's events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.errors import InvalidInputError
from gis.flows.atlas import CommunityAtlas
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.snap import locate
from gis.store import boundaries
from gis.store.boundaries import OpenCase
from gis.words import Actor, Datum, Place, Position, PositionSource

MOST_CASES = 1000


@dataclass(frozen=True, slots=True)
class Reassigned:
    """One case that was given its place in the version in force."""

    case_id: UUID
    from_grid: str | None
    from_micro_grid: str | None
    grid: str | None
    micro_grid: str | None

    @property
    def moved(self) -> bool:
        """Whether it lies in another cell now."""
        return (self.from_grid, self.from_micro_grid) != (self.grid, self.micro_grid)


async def reassign_cases(
    work: Work, actor: Actor, *, reason: str, case_ids: Sequence[UUID] = (), grid: str | None = None
) -> list[Reassigned]:
    """Snap the stored positions of open cases on the version in force; each case's events tell of it.

    Cases that were snapped on this version already are left alone, so a repeat changes nothing. Who has a case in hand
    keeps it.

    Parameters
    ----------
    work, actor
        Who.
    reason
        Why.
    case_ids, grid
        Which: these cases, and those of that grid as they were snapped.

    Raises
    ------
    InvalidInputError
        ``text_needed`` without a reason, ``cases_needed``, ``too_many_cases``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "reassign_cases")
    said = required(reason, "reason", limit=500)
    if not case_ids and grid is None:
        raise InvalidInputError("say which cases", code="cases_needed", field="case_ids")
    if len(case_ids) > MOST_CASES:
        raise InvalidInputError(
            f"at most {MOST_CASES} cases at once", code="too_many_cases", field="case_ids", limit=MOST_CASES
        )
    atlas = await work.atlas.get(work.session, actor.community_id)
    found = await boundaries.open_cases(
        work.session, actor.community_id, atlas.area_version, cases=case_ids, grid=grid
    )
    done = []
    for case in found:
        place = locate(atlas.places, _position(case), work.settings.snap)
        values = _values(case, place, atlas)
        event = {"at": work.clock.now(), "actor": actor.person_id, "reason": said}
        await boundaries.reassign_case(work.session, actor.community_id, case, values | event)
        done.append(
            Reassigned(
                case.case_id, case.grid_code, case.micro_grid_code, values["grid"], values["micro_grid"]
            )
        )
    return done


def _position(case: OpenCase) -> Position:
    """Return where a case is, with what its first report stated of it."""
    return Position(
        case.lon,
        case.lat,
        accuracy_m=case.accuracy_m,
        heading_deg=case.heading_deg,
        source=PositionSource(case.source) if case.source else PositionSource.PIN,
        stated_datum=Datum(case.datum) if case.datum else Datum.WGS84,
    )


def _values(case: OpenCase, place: Place, atlas: CommunityAtlas) -> dict[str, Any]:
    grid = place.grid.code if place.grid else None
    micro_grid = place.micro_grid.code if place.micro_grid else None
    return {
        "place": place.as_json(),
        "version": atlas.area_version,
        "grid": grid,
        "micro_grid": micro_grid,
        "building": place.building.id if place.building else None,
        "segment": place.street.id if place.street else None,
        "data": {
            "from": {
                "version": case.area_version,
                "grid": case.grid_code,
                "micro_grid": case.micro_grid_code,
            },
            "to": {"version": atlas.area_version, "grid": grid, "micro_grid": micro_grid},
        },
    }
