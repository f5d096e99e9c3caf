"""Giving open cases of an older version their place in the one in force: an act of its own, told in each case's events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.errors import InvalidInputError
from gis.flows.boundaries.publish import changed_meanwhile
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.locate import locate
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.settings import SnapSettings
from gis.store import boundaries
from gis.store.boundaries import OpenCase
from gis.store.session import ReadSession
from gis.words import Actor, Datum, Place, Position, PositionSource

MOST_CASES = 1000


@dataclass(frozen=True, slots=True)
class Reassigned:
    """One case with the cell that it was snapped to, and its cell in the version in force."""

    case_id: UUID
    number: str
    from_grid: str | None
    from_micro_grid: str | None
    grid: str | None
    micro_grid: str | None

    @property
    def moved(self) -> bool:
        """Whether it lies in another cell now."""
        return (self.from_grid, self.from_micro_grid) != (self.grid, self.micro_grid)


async def preview_reassign(
    session: ReadSession,
    actor: Actor,
    atlas: CommunityAtlas,
    settings: SnapSettings,
    *,
    grid: str | None = None,
) -> list[Reassigned]:
    """Return what ``reassign_cases`` would do with the open cases of older versions; nothing is changed.

    Parameters
    ----------
    session, actor, atlas, settings
        Whose community, on the version in force.
    grid
        Only those of that grid as they were snapped.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "reassign_cases")
    found = await boundaries.open_cases(
        session, actor.community_id, atlas.area_version, grid=grid, every=grid is None, most=MOST_CASES
    )
    return [_moved(case, _placed(atlas, case, settings)) for case in found]


async def reassign_cases(
    work: Work,
    actor: Actor,
    *,
    reason: str,
    case_ids: Sequence[UUID] = (),
    grid: str | None = None,
    every: bool = False,
    expected_version: int | None = None,
) -> list[Reassigned]:
    """Snap the stored positions of open cases on the version in force; each case's events tell of it.

    Cases that were snapped on this version already are left alone, so a repeat changes nothing. Who has a case in hand
    keeps it, and a building that a person named stays named.

    Parameters
    ----------
    work, actor
        Who.
    reason
        Why.
    case_ids, grid, every
        Which: these cases, those of that grid as they were snapped, or all; ``MOST_CASES`` at once.
    expected_version
        The version that was looked at; None: whatever is in force.

    Raises
    ------
    InvalidInputError
        ``text_needed`` without a reason, ``cases_needed``, ``too_many_cases``.
    ConflictError
        ``area_version_changed``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "reassign_cases")
    said = required(reason, "reason", limit=500)
    if not case_ids and grid is None and not every:
        raise InvalidInputError("say which cases", code="cases_needed", field="case_ids")
    if len(case_ids) > MOST_CASES:
        raise InvalidInputError(
            f"at most {MOST_CASES} cases at once", code="too_many_cases", field="case_ids", limit=MOST_CASES
        )
    atlas = await work.atlas.get(work.session, actor.community_id)
    if expected_version is not None and expected_version != atlas.area_version:
        raise changed_meanwhile(expected_version, atlas.area_version)
    found = await boundaries.open_cases(
        work.session,
        actor.community_id,
        atlas.area_version,
        cases=case_ids,
        grid=grid,
        every=every,
        most=MOST_CASES,
    )
    done = []
    for case in found:
        place = _placed(atlas, case, work.settings.snap)
        event = {"at": work.clock.now(), "actor": actor.person_id, "reason": said}
        values = _values(case, place, atlas) | event
        await boundaries.reassign_case(work.session, actor.community_id, case, values)
        done.append(_moved(case, place))
    return done


def _placed(atlas: CommunityAtlas, case: OpenCase, settings: SnapSettings) -> Place:
    position = _position(case)
    if case.said is not None:
        try:
            return locate(atlas, position, settings, chosen_place=str(case.said))
        except InvalidInputError:
            pass  # the building is gone: what is left is the position
    return locate(atlas, position, settings)


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


def _moved(case: OpenCase, place: Place) -> Reassigned:
    grid = place.grid.code if place.grid else None
    micro_grid = place.micro_grid.code if place.micro_grid else None
    return Reassigned(case.case_id, case.number, case.grid_code, case.micro_grid_code, grid, micro_grid)


def _values(case: OpenCase, place: Place, atlas: CommunityAtlas) -> dict[str, Any]:
    to = _moved(case, place)
    return {
        "place": place.as_json(),
        "version": atlas.area_version,
        "grid": to.grid,
        "micro_grid": to.micro_grid,
        "building": place.building.id if place.building else None,
        "segment": place.street.id if place.street else None,
        "data": {
            "from": {
                "version": case.area_version,
                "grid": case.grid_code,
                "micro_grid": case.micro_grid_code,
            },
            "to": {"version": atlas.area_version, "grid": to.grid, "micro_grid": to.micro_grid},
        },
    }
