"""Everything that is kept of one person as one file: JSON, tables, and the photos as they sent them."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import orjson

from gis.errors import InvalidInputError, NotFoundError
from gis.exports.sheets import neutral
from gis.flows.residents.exporting import ResidentData, export_resident
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import audit, person_data
from gis.store.photos import PhotoFile, Photos
from gis.words import Actor


@dataclass(frozen=True, slots=True)
class Personal:
    """What is kept of somebody: tables by name, how often they acted for others, and their photos."""

    person_id: UUID
    tables: dict[str, list[dict[str, Any]]]
    for_others: dict[str, int]
    resident: dict[str, Any] | None
    photos: list[str]

    @property
    def whole(self) -> Mapping[str, Any]:
        """Return it as one document."""
        found = {"person_id": str(self.person_id), "own": self.tables, "acts_for_others": self.for_others}
        return found | ({} if self.resident is None else {"resident": self.resident})


class Data(Protocol):
    """What a file is made from: one document, its tables, and the SHA-256 of photos."""

    @property
    def whole(self) -> Mapping[str, Any]:
        """Everything, as one document."""

    @property
    def tables(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Its lists by name."""

    @property
    def photos(self) -> Sequence[str]:
        """Which photos go along."""


async def collect(work: Work, actor: Actor | None, community_id: str, person_id: UUID) -> Personal:
    """Return all that is kept of somebody; that it was taken out is written down.

    Parameters
    ----------
    work
        Unit of work.
    actor
        Themselves or an administrator; None: the operator at the command line.
    community_id, person_id
        Whose.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``person_unknown``; ``not_allowed``.
    """
    own = actor is not None and actor.person_id == person_id
    if actor is not None and not own:
        require(actor, "administer")
    session = work.session
    tables = await person_data.own_rows(session, community_id, person_id)
    if not tables["person"]:
        raise NotFoundError("no such person", code="person_unknown")
    resident_id = await person_data.resident_of(session, community_id, person_id)
    resident = await export_resident(work, actor, resident_id) if own and actor and resident_id else None
    ids = [str(one) for one in (person_id, resident_id) if one is not None]
    tables["ledger"] = await person_data.ledger_rows(session, community_id, person_id)
    tables["looks_at_me"] = await person_data.looks_at(session, community_id, ids)
    await audit.note(
        session,
        community_id,
        "person_export",
        at=work.clock.now(),
        person_id=actor.person_id if actor else None,
        subject_id=str(person_id),
    )
    shas = [one["sha256"] for name in ("photos", "subject_photos") for one in tables[name]]
    shas += ResidentData(resident).photos if resident else []
    others = await person_data.acts_for_others(session, community_id, person_id)
    return Personal(person_id, tables, others, resident, list(dict.fromkeys(shas)))


async def write_file(
    target: Path, community_id: str, found: Data, photos: Photos, *, about: str = ""
) -> None:
    """Write what was collected as a zip file that only the service may read.

    Parameters
    ----------
    target, community_id
        Where to, and whose photos.
    found, photos
        What, and where photos are.
    about
        What the file is, for people: laid beside the data.
    """
    await asyncio.to_thread(_begin, target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as file:
        if about:
            file.writestr("README.txt", "\ufeff" + about)
        await asyncio.to_thread(_tables, file, found)
        for sha256 in found.photos:
            content = await _bytes(photos, community_id, sha256)
            if content is not None:
                await asyncio.to_thread(
                    file.writestr, f"photos/{sha256[:16]}.jpg", content, zipfile.ZIP_STORED
                )


def _begin(target: Path) -> None:
    if target.exists() and not target.is_file():  # a folder, or a device, which would be gone
        raise InvalidInputError(f"{target} is no file", code="file_unwritable", path=str(target))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)


def _tables(file: zipfile.ZipFile, found: Data) -> None:
    file.writestr("data.json", orjson.dumps(found.whole, option=orjson.OPT_INDENT_2))
    for name, rows in found.tables.items():
        if rows:
            file.writestr(f"tables/{name}.csv", _csv(rows))


async def _bytes(photos: Photos, community_id: str, sha256: str) -> bytes | None:
    """Return a photo as it came, or what is left of it."""
    kinds: tuple[PhotoFile, ...] = ("original", "view")
    for kind in kinds:
        try:
            return await photos.read(community_id, sha256, kind)
        except NotFoundError:
            continue
    return None


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as a table that no program takes for formulas."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral(_said(row.get(name))) for name in columns])
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8", "replace")


def _said(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
