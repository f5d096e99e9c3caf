"""Problems of a campaign from a sheet: checked line by line, written only as a whole; read again, it changes nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from gis.addresses import Kind
from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.hotline_places import Finder
from gis.flows.texts import plain, required
from gis.flows.visits.placing import VisitPlace, at_building, at_point
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import campaigns, people, visits
from gis.store.visits import NewFinding
from gis.visits.kinds import FindingState
from gis.words import Actor, Level, Position, PositionSource

COLUMNS = (
    "number", "date", "address", "flat", "grid", "words", "category", "how", "transferred_to", "answer", "answered_on",
)  # fmt: skip
NEEDED = ("words", "how")
NOON = time(12)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
Names = Mapping[str, Mapping[str, str]]
"""For ``category`` and ``how``: what people write -> the word of the service."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, and what it would do.

    Parameters
    ----------
    what
        new, same, wrong.
    unanswered
        Whether nobody has an answer to it yet.
    """

    line: int
    words: str
    place: str
    what: str
    state: str = ""
    unanswered: bool = False
    finding: NewFinding | None = None
    error: WeiwangError | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What lines are checked by."""

    campaign_id: UUID
    atlas: CommunityAtlas
    finder: Finder
    grids: frozenset[str]
    there: frozenset[str]
    names: Names
    zone: ZoneInfo
    now: datetime


async def check_findings(  # noqa: PLR0917 - which sheet, for whom, and how it is read
    work: Work,
    actor: Actor,
    campaign_id: UUID,
    rows: Sequence[Sequence[str]],
    headings: Mapping[str, str],
    names: Names,
) -> list[Line]:
    """Return what each line of a sheet would do; nothing is written.

    Parameters
    ----------
    work, actor, campaign_id
        Who asks, and for which campaign.
    rows
        From ``read_rows``.
    headings, names
        What people write above a column -> the column; and in a cell -> the word of the service.

    Raises
    ------
    InvalidInputError
        ``column_missing``.
    NotFoundError
        ``campaign_not_found``.
    """
    require(actor, "run_campaigns")
    session, community_id = work.session, actor.community_id
    if await campaigns.get(session, community_id, campaign_id) is None:
        raise NotFoundError("no such campaign", code="campaign_not_found")
    columns = [headings.get(cell.strip().lower()) for cell in rows[0]]
    for needed in NEEDED:
        if needed not in columns:
            raise InvalidInputError(f"no column {needed}", code="column_missing", field="file", column=needed)
    known = _Known(
        campaign_id,
        await work.atlas.get(session, community_id),
        Finder(await work.addresses.get(session, community_id), {}),
        frozenset(one.code for one in await people.cells(session, community_id, Level.GRID)),
        await visits.import_keys(session, community_id, campaign_id),
        names,
        ZoneInfo(await people.timezone_of(session, community_id)),
        work.clock.now(),
    )
    found, seen = [], set[str]()
    for line, row in enumerate(rows[1:], start=2):
        cells = {name: cell for name, cell in zip(columns, row, strict=False) if name}
        found.append(_line(work, actor, line, cells, known, seen))
    return found


async def import_findings(work: Work, actor: Actor, lines: Sequence[Line]) -> int:
    """Write the lines that were checked, all or none; return how many are new.

    Parameters
    ----------
    work, actor, lines
        Who, and what ``check_findings`` of this very transaction has found.

    Raises
    ------
    ConflictError
        ``rows_wrong``.
    """
    require(actor, "run_campaigns")
    wrong = [one for one in lines if one.what == "wrong"]
    if wrong:
        raise ConflictError(
            "not every row can be written", code="rows_wrong", n=len(wrong), line=wrong[0].line
        )
    new = [one.finding for one in lines if one.finding is not None]
    return await visits.add_findings(work.session, actor.community_id, new)


def _line(  # noqa: PLR0917 - one line, and what it is checked by
    work: Work, actor: Actor, line: int, cells: Mapping[str, str], known: _Known, seen: set[str]
) -> Line:
    words, address = cells.get("words", ""), cells.get("address", "")
    place = " ".join(filter(None, (address, cells.get("flat", ""))))
    try:
        finding = _finding(work, actor, cells, known)
    except WeiwangError as error:
        return Line(line, words[:80], place, "wrong", error=error)
    key = str(finding.import_key)
    what = "same" if key in known.there | seen else "new"
    seen.add(key)
    return Line(
        line,
        words[:80],
        place,
        what,
        finding.state,
        finding.answered_at is None,
        finding if what == "new" else None,
    )


def _finding(work: Work, actor: Actor, cells: Mapping[str, str], known: _Known) -> NewFinding:
    words = required(cells.get("words", ""), "words")
    state = _state(cells, known)
    found_on = _day(cells.get("date", ""), "date", known) or known.now
    answer = plain(cells.get("answer", ""), "answer")
    settled = state is FindingState.ON_SPOT or bool(answer)
    answered_at = (_day(cells.get("answered_on", ""), "answered_on", known) or found_on) if settled else None
    place = _place(work, cells, known)
    parts = (
        cells.get("number") or "",
        cells.get("date", ""),
        cells.get("address", ""),
        cells.get("flat", ""),
        words,
    )
    key = parts[0] or hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return NewFinding(
        finding_id=uuid5(known.campaign_id, key),
        visit_id=None,
        n=0,
        campaign_id=known.campaign_id,
        item_id=None,
        category=known.names["category"].get(cells.get("category", "").lower(), "other"),
        words=words,
        state=state.value,
        answer=answer,
        answered_at=answered_at,
        answered_by=actor.person_id if answered_at else None,
        found_by=actor.person_id,
        found_at=found_on,
        recorded_at=known.now,
        building_id=place.building_id,
        flat=plain(cells.get("flat", ""), "flat", limit=40),
        place_text=place.text,
        grid_code=place.grid_code,
        micro_grid_code=place.micro_grid_code,
        lon=place.lon,
        lat=place.lat,
        transferred_to=plain(cells.get("transferred_to", ""), "transferred_to", limit=60),
        import_key=key,
    )


def _state(cells: Mapping[str, str], known: _Known) -> FindingState:
    how = cells.get("how", "").strip().lower()
    if not how:
        return FindingState.OPEN
    found = known.names["how"].get(how)
    if found is None:
        raise InvalidInputError(f"{how}?", code="finding_how", field="how", how=how[:20])
    return FindingState(found)


def _day(text: str, field: str, known: _Known) -> datetime | None:
    """Return noon of a day that was written in one of the usual ways; times behind it don't matter."""
    if not text.strip():
        return None
    found = _DATE.match(text.strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise InvalidInputError("not a day", code="finding_day", field=field, text=text[:20])
    noon = datetime.combine(day, NOON, known.zone).astimezone(UTC)
    if noon > known.now + timedelta(days=1):
        raise InvalidInputError("in the future", code="finding_day", field=field, text=text[:20])
    return min(noon, known.now)


def _place(work: Work, cells: Mapping[str, str], known: _Known) -> VisitPlace:
    """Return where it was: the place of an address that is clear, else only the grid that is named."""
    address, grid = cells.get("address", "").strip(), cells.get("grid", "").strip()
    match, _ = known.finder.find(address) if address else (None, ())
    if match is not None:
        if match.kind is Kind.BUILDING and match.id in known.atlas.building_rows:
            return at_building(known.atlas, work, match.id)[0]
        return at_point(known.atlas, work, Position(match.lon, match.lat, source=PositionSource.PLATE))
    grid = grid.zfill(2) if grid.isdecimal() else grid
    if grid not in known.grids:
        code = "finding_address" if address else "finding_nowhere"
        raise InvalidInputError("where?", code=code, field="address", address=address[:40])
    return VisitPlace(None, None, None, plain(address, "address", limit=200), grid, None, None)
