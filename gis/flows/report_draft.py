"""What a reporter sends and is answered; and the check of it that needs nothing but itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gis.cases.categories import Category, category
from gis.errors import InvalidInputError
from gis.flows.nearness import Told
from gis.flows.plates import PlatePlace
from gis.flows.texts import LONGEST, plain
from gis.intake import CleanPhoto
from gis.orders.windows import TimeWindow
from gis.settings import Settings
from gis.store.similar import Duplicate
from gis.words import Offer, Place, Position

OPEN311_LONGEST = 4000
"""Characters that GeoReport v2 allows."""
SOURCES = frozenset({"app", "form", "hotline", "visit", "patrol", "open311", "program", "order"})


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What a reporter sends.

    Parameters
    ----------
    id
        Made by the client; sent again, it changes nothing.
    category
        A code.
    description, detail
        Words; floor, unit or landmark.
    position
        From ``gis.crs.parse_position``.
    source
        One of ``SOURCES``.
    fixed_at
        The phone's own time; kept, not trusted.
    manifest
        SHA-256 of photos to come.
    photos
        That came with it, from ``prepare_photo``.
    plate
        From ``read_plate``: the report is exactly there, whatever the position says.
    same_as
        The open case that the reporter says it is about.
    separate
        The reporter says that it is another problem: it is never linked automatically.
    chosen_place
        Id of the building, or id or code of the micro-grid, where the reporter says that it is.
    window
        Of an ordered service: its case is due by it, and is opened together with others.
    not_to
        Who has another seat of the same order, and isn't asked.
    """

    id: UUID
    category: str
    description: str
    position: Position
    detail: str = ""
    source: str = "app"
    fixed_at: datetime | None = None
    manifest: tuple[str, ...] = ()
    photos: Sequence[CleanPhoto] = ()
    plate: PlatePlace | None = None
    same_as: UUID | None = None
    separate: bool = False
    chosen_place: str | None = None
    window: TimeWindow | None = None
    not_to: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a reporter is answered, the same for every repeat.

    ``linked``: the report joined a case that was open already, the first of ``duplicates``; nobody is asked again.
    """

    report_id: UUID
    number: str
    case_id: UUID
    place: Place
    offer: Offer | None
    duplicates: tuple[Duplicate, ...]
    replayed: bool
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft whose words were checked, with what identifies it."""

    draft: ReportDraft
    kind: Category
    description: str
    detail: str
    manifest: tuple[str, ...]
    body_hash: bytes

    @property
    def photos(self) -> list[CleanPhoto]:
        """The photos that came with it, each once."""
        return list({photo.sha256: photo for photo in self.draft.photos}.values())

    @property
    def told(self) -> Told:
        """What it is compared by with the cases around it."""
        draft = self.draft
        hashes = tuple(photo.perceptual_hash for photo in draft.photos)
        return Told(
            self.kind.code, draft.position, self.description, hashes, draft.same_as, separate=draft.separate
        )


def check(settings: Settings, draft: ReportDraft) -> Checked:
    """Return a draft with its words checked.

    Parameters
    ----------
    settings
        Limits.
    draft
        As it was sent.

    Raises
    ------
    InvalidInputError
        ``category_unknown``, ``source_unknown``, ``text_too_long``, ``too_many_photos``, ``same_as_or_separate``,
        ``choice_with_plate``.
    """
    kind = category(draft.category)
    if draft.source not in SOURCES:
        raise InvalidInputError("unknown source", code="source_unknown", field="source")
    longest = OPEN311_LONGEST if draft.source == "open311" else LONGEST
    description = plain(draft.description, "description", limit=longest)
    detail = plain(draft.detail, "detail", limit=200)
    manifest = tuple(dict.fromkeys([*draft.manifest, *(photo.sha256 for photo in draft.photos)]))
    limit = settings.photo.max_per_report
    if len(manifest) > limit:
        raise InvalidInputError(f"at most {limit} photos", code="too_many_photos", field="photo", limit=limit)
    if draft.same_as and draft.separate:
        raise InvalidInputError(
            "either the same or another problem", code="same_as_or_separate", field="separate"
        )
    if draft.plate is not None:
        if draft.chosen_place:
            raise InvalidInputError("the plate says where", code="choice_with_plate", field="chosen_place")
        draft = replace(draft, position=draft.plate.position(draft.position))
    digest = _digest(draft, description, detail, sorted(manifest))
    return Checked(draft, kind, description, detail, manifest, digest)


def _digest(draft: ReportDraft, description: str, detail: str, manifest: list[str]) -> bytes:
    """Return what tells a repeat from another report under the same id."""
    at, plate = draft.position, draft.plate
    stated: tuple[object, ...]
    if plate is None:
        stated = (
            at.stated_datum,
            at.stated_lon,
            at.stated_lat,
            at.lon,
            at.lat,
            at.accuracy_m,
            at.heading_deg,
        )
    else:  # not its position, which may be another when the boundaries have changed
        stated = (plate.plate.kind, plate.plate.place_id)
    fixed_at = draft.fixed_at.isoformat() if draft.fixed_at else None
    body = [draft.category, description, detail, draft.source, fixed_at, manifest, at.source, stated]
    if draft.same_as or draft.separate:
        body.append(str(draft.same_as or "separate"))
    if draft.chosen_place:
        body.append(["chosen_place", draft.chosen_place])
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).digest()
