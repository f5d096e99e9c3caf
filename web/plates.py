"""Plates on paper: QR codes, and cards of A6 size, four to a sheet of A4, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import segno
from markupsafe import Markup

from gis.flows.plates import PlateKind, PlatePlace, SignedPlate
from web.assets import STATIC_FOLDER
from web.i18n import LANGUAGES, N_, translate

PATH = "/report?plate="
CARDS_PER_SHEET = 4
QUIET_MODULES = 4
"""White around a QR code, as its standard asks."""
PLATE_KIND_NAMES = {
    PlateKind.STAIRWELL: N_("单元门"),
    PlateKind.MICRO_GRID: N_("微网格"),
    PlateKind.BUILDING: N_("楼栋"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One card; pairs are Chinese and English."""

    code: str
    qr: Markup
    community: tuple[str, str]
    title: str
    unit: tuple[str, str]
    areas: tuple[str, str]
    charge: tuple[tuple[tuple[str, str], str], ...]  # (what they are, their names)


def plate_url(base: str, code: str) -> str:
    """Return what a plate's QR code leads to.

    Parameters
    ----------
    base
        The public address of the service, ``https://...`` without a slash at its end.
    code
        Of the plate.
    """
    return f"{base}{PATH}{code}"


def qr_svg(base: str, code: str) -> Markup:
    """Return a QR code of error level Q as an SVG element without a size of its own.

    The code's own characters go into a segment of the denser alphanumeric mode: with an address of up to 39
    characters a door's plate stays within version 6 (41 x 41 modules).
    """
    segments = [plate_url(base, ""), code]
    made = segno.make(segments, error="q", micro=False)  # type: ignore[arg-type]  # a list: a segment each
    return Markup(made.svg_inline(omitsize=True, border=QUIET_MODULES, svgclass="qr", lineclass=None))  # noqa: S704


def plate_label(language: str, place: PlatePlace) -> str:
    """Return a plate's place in words: 八经街46号 2单元 · 微网格 09-05."""
    title = " ".join(filter(None, (_title(language, place), _unit(language, place))))
    cell = "" if place.plate.kind is PlateKind.MICRO_GRID else _cell(language, place)
    return f"{title} · {cell}" if cell else title


def cards(signed: Iterable[SignedPlate], base: str, *, community: str, community_en: str) -> list[Card]:
    """Return the cards of plates, each with its QR code drawn: some milliseconds each."""
    return [_card(one, base, community, community_en) for one in signed]


def sheets(these: Iterable[Card]) -> Iterator[Sequence[Card]]:
    """Yield the cards of each sheet."""
    waiting = iter(these)
    while sheet := list(islice(waiting, CARDS_PER_SHEET)):
        yield sheet


def sheet_style() -> Markup:
    """Return the style sheet of cards, for a document that stands alone."""
    return Markup((STATIC_FOLDER / "css" / "plates.css").read_text(encoding="utf-8"))  # noqa: S704


def _card(signed: SignedPlate, base: str, community: str, community_en: str) -> Card:
    place = signed.place
    charge = (
        (_both(N_("邻里守望员")), _names(place.watchers)),
        (_both(N_("网格员")), _names(place.grid_workers)),
    )
    zh, en = ((_unit(language, place), _areas(language, place)) for language in LANGUAGES)
    return Card(
        code=signed.code,
        qr=qr_svg(base, signed.code),
        community=(community, community_en),
        title=_title(LANGUAGES[0], place),
        unit=(zh[0], en[0]),
        areas=(zh[1], en[1]),
        charge=tuple((what, names) for what, names in charge if names),
    )


def _both(text: str) -> tuple[str, str]:
    return text, translate("en", text)


def _names(people: Sequence[str]) -> str:
    return "、".join(people)


def _title(language: str, place: PlatePlace) -> str:
    if place.plate.kind is PlateKind.MICRO_GRID:
        return _cell(language, place)
    return place.address or place.courtyard or translate(language, PLATE_KIND_NAMES[PlateKind.BUILDING])


def _unit(language: str, place: PlatePlace) -> str:
    if place.plate.kind is not PlateKind.STAIRWELL:
        return ""
    number = place.unit.removesuffix("单元").strip()
    return translate(language, N_("{unit}单元"), unit=number) if number else translate(language, N_("入口"))


def _own(language: str, place: PlatePlace) -> str:
    """Return a micro-grid's own name; most are just called by their code."""
    own = (place.micro_grid_name_en if language == "en" else "") or place.micro_grid_name
    return "" if (place.micro_grid or "") in own else own


def _cell(language: str, place: PlatePlace) -> str:
    return translate(language, N_("微网格 {code}"), code=place.micro_grid) if place.micro_grid else ""


def _areas(language: str, place: PlatePlace) -> str:
    yard = (place.courtyard_en if language == "en" else "") or place.courtyard
    grid = translate(language, N_("网格 {code}"), code=place.grid) if place.grid else ""
    cell = _own(language, place) if place.plate.kind is PlateKind.MICRO_GRID else _cell(language, place)
    return " · ".join(filter(None, (grid, cell, yard if yard != place.address else "")))
