"""Many people from a table: checked row by row first, written only as a whole; sent again, it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, WeiwangError
from gis.flows.create_person import USERNAME
from gis.flows.office.people import PostDraft, change_post, check_rest, store_new, told, told_of
from gis.flows.office.record import differences, record
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import people, posts
from gis.store.posts import Post, PostFilters
from gis.store.session import ReadSession
from gis.words import Actor, Level, Mode, Role

MOST = 5000
COLUMNS = (
    "username",
    "name",
    "role",
    "agency",
    "grids",
    "micro_grids",
    "mode",
    "capacity",
    "skills",
    "languages",
)
NEEDED = ("username", "name", "role")
_BETWEEN = re.compile(r"[,，、;；\s]+")
Names = Mapping[str, Mapping[str, str]]
"""For each column that holds words of the service: what people write -> the word."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, and what it would do.

    Parameters
    ----------
    line
        Of the table, its headings being 1.
    what
        new, changed, same, wrong.
    changes
        Field -> as it is, as it would be.
    error
        What is wrong with it.
    """

    line: int
    username: str
    name: str
    what: str
    changes: Mapping[str, Any]
    draft: PostDraft | None = None
    person_id: UUID | None = None
    error: WeiwangError | None = None


async def check_people(
    session: ReadSession,
    actor: Actor,
    rows: Sequence[Sequence[str]],
    headings: Mapping[str, str],
    names: Names,
) -> list[Row]:
    """Return what each row of a table would do; nothing is written.

    Parameters
    ----------
    session, actor
        Who asks.
    rows
        From ``read_rows``.
    headings
        What people write above a column -> the column.
    names
        What people write in a cell -> the word of the service.

    Raises
    ------
    InvalidInputError
        ``column_missing`` with the column.
    """
    require(actor, "create_person")
    columns = [headings.get(cell.strip().lower()) for cell in rows[0]]
    for needed in NEEDED:
        if needed not in columns:
            raise InvalidInputError(f"no column {needed}", code="column_missing", field="file", column=needed)
    known = {
        one.username: one for one in await posts.posts(session, actor.community_id, PostFilters(), limit=MOST)
    }
    facts = _Facts(
        frozenset(one.code for one in await people.cells(session, actor.community_id, Level.GRID)),
        frozenset(one.code for one in await people.cells(session, actor.community_id, Level.MICRO_GRID)),
        await people.agency_codes(session, actor.community_id),
    )
    seen: set[str] = set()
    found = []
    for line, row in enumerate(rows[1:], start=2):
        cells = {name: cell for name, cell in zip(columns, row, strict=False) if name}
        found.append(_checked(line, cells, known, facts, names, seen))
    return found


async def import_people(work: Work, actor: Actor, rows: Sequence[Row]) -> int:
    """Write the rows that were checked, all or none; return how many people are new or changed.

    Parameters
    ----------
    work, actor
        Who.
    rows
        From ``check_people``, of this very transaction.

    Raises
    ------
    ConflictError
        ``rows_wrong`` where one can't be written.
    """
    require(actor, "create_person")
    wrong = [row for row in rows if row.what == "wrong"]
    if wrong:
        raise ConflictError(
            "not every row can be written", code="rows_wrong", n=len(wrong), line=wrong[0].line
        )
    added = changed = 0
    for row in rows:
        if row.draft is None:
            continue
        if row.what == "new":
            person_id = await store_new(work, actor, row.draft)
            await record(
                work, actor, "person", str(person_id), "added", name=row.name, data=dict(row.changes)
            )
            added += 1
        elif row.what == "changed" and row.person_id is not None:
            await change_post(work, actor, row.person_id, row.draft)
            changed += 1
    if added + changed:
        await record(
            work, actor, "person", "", "imported", data={"added": [0, added], "changed": [0, changed]}
        )
    return added + changed


@dataclass(frozen=True, slots=True)
class _Facts:
    grids: frozenset[str]
    micro_grids: frozenset[str]
    agencies: frozenset[str]


def _checked(  # noqa: PLR0917 - a row, and all that it is held against
    line: int,
    cells: Mapping[str, str],
    known: Mapping[str, Post],
    facts: _Facts,
    names: Names,
    seen: set[str],
) -> Row:
    username, name = cells.get("username", "").strip().lower(), cells.get("name", "").strip()
    before = known.get(username)
    try:
        if not USERNAME.fullmatch(username):
            raise InvalidInputError("not a username", code="username_invalid", field="username")
        if username in seen:
            raise InvalidInputError("twice", code="username_twice", field="username", username=username)
        seen.add(username)
        draft = _draft(username, name, cells, before, names)
        check_rest(draft)
        _check_places(draft, facts)
    except WeiwangError as error:
        return Row(line, username[:40], name[:60], "wrong", {}, error=error)
    if before is None:
        return Row(line, username, name, "new", differences({}, told(draft)), draft)
    changes = differences(told_of(before), told(draft))
    return Row(line, username, name, "changed" if changes else "same", changes, draft, before.person_id)


def _draft(
    username: str, name: str, cells: Mapping[str, str], before: Post | None, names: Names
) -> PostDraft:
    """Return a person as a row says; a column that isn't there leaves what is."""

    def kept(column: str, otherwise: Sequence[str]) -> tuple[str, ...]:
        if column not in cells:
            return tuple(otherwise)
        meant = names.get(column, {})
        return tuple(meant.get(one.lower(), one) for one in _BETWEEN.split(cells[column].strip()) if one)

    role = _word(cells, "role", names, Role, Role.RESIDENT)
    mode = _word(cells, "mode", names, Mode, Mode(before.mode) if before and before.mode else Mode.WALK)
    capacity = cells.get("capacity", "").strip()
    agency = (
        cells.get("agency", "").strip() if "agency" in cells else (before.agency_code if before else None)
    )
    languages = kept("languages", before.languages if before else ())
    return PostDraft(
        username,
        name,
        role,
        language=before.language if before else "zh",
        agency_code=names.get("agency", {}).get((agency or "").lower(), agency) or None,
        grids=kept("grids", before.grids if before else ()),
        micro_grids=kept("micro_grids", before.micro_grids if before else ()),
        mode=mode,
        capacity=_number(capacity) if capacity else ((before.capacity if before else None) or 2),
        skills=kept("skills", before.skills if before else ()),
        languages=languages,
    )


def _word(
    cells: Mapping[str, str], column: str, names: Names, kind: Callable[[str], Any], otherwise: Any
) -> Any:
    given = cells.get(column, "").strip().lower()
    if not given:
        if column in NEEDED:
            raise InvalidInputError("needed", code="field_missing", field=column)
        return otherwise
    try:
        return kind(names.get(column, {}).get(given, given))
    except ValueError:
        code = "role_unknown" if column == "role" else "mode_unknown"
        raise InvalidInputError(f"no such {column}", code=code, field=column, word=given[:40]) from None


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:  # noqa: PLR2004 - far above what is allowed
        raise InvalidInputError("not a number", code="field_not_integer", field="capacity")
    return int(text)


def _check_places(draft: PostDraft, facts: _Facts) -> None:
    for name, codes, known in (
        ("grid", draft.grids, facts.grids),
        ("micro_grid", draft.micro_grids, facts.micro_grids),
    ):
        unknown = sorted(set(codes) - known)
        if unknown:
            raise InvalidInputError("no such area", code="area_unknown", field=name, area=unknown[0][:40])
    if draft.role is Role.AGENCY and not draft.agency_code:
        raise InvalidInputError("which agency", code="agency_needed", field="agency")
    if draft.agency_code and draft.agency_code not in facts.agencies:
        raise InvalidInputError(
            "no such agency", code="agency_unknown", field="agency", agency=draft.agency_code[:40]
        )
