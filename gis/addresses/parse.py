"""A typed or spoken address in its parts. Floor and flat are dropped here: nothing behind this knows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gis.addresses.text import bare, tidy

LONGEST_TEXT = 200
"""Letters of a text that are read."""
_PIECE = re.compile(
    r"第?(?P<figures>\d+(?:-\d+)*(?:[甲乙丙丁]|[a-d](?![a-z]))?)"
    r"(?P<mark>号楼|号院|单元|号|院|弄|楼|栋|幢|座|门|层|室|户)?"
)
_NUMBER_FIRST = re.compile(
    r"(?P<number>\d+(?:[a-d](?![a-z]))?(?:-\d+)*)号?(?P<name>[^\d号院弄楼栋幢座单门层室户-][^\d]{2,})$"
)
_STREET_FIRST = re.compile(r"(?P<name>[^\d].*?)(?=第?\d)")
_YARDS, _HOUSES, _UNITS = {"号院", "院", "弄"}, {"号楼", "栋", "幢", "座"}, {"单元", "门"}
LONGEST_UNIT = 2
"""Figures of a stairwell's number; a longer one behind a house number is a flat."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for.

    ``numbers`` are the house numbers that it may mean, the likeliest first, each with its stairwell ("" for none).
    """

    whole: str
    """The text itself, tidy, without 号."""
    name: str
    """Street, courtyard or whatever stands before the number; "" where there is only a number."""
    numbers: tuple[tuple[str, str], ...] = ()
    anchored: bool = False
    """The name is one that the book knows."""


def parse(text: str, names: Collection[str] = ()) -> Asked:
    """Return the parts of an address.

    Parameters
    ----------
    text
        八经街46号3单元501室, bajingjie 46, 46 Bajing Street, or a sentence with an address in it.
    names
        Known names, bare, the longest first: what stands before one of them in a longer text is left out.
    """
    plain = tidy(text[:LONGEST_TEXT])
    turned = _NUMBER_FIRST.match(plain)
    if turned:
        plain = turned["name"] + turned["number"]
    whole = plain.replace("号", "")
    known = next((name for name in names if name in plain), "")
    if known:
        rest = plain[plain.index(known) + len(known) :]
        return Asked(whole, known, tuple(_numbers(rest)), anchored=True)
    if plain[:1].isdigit():
        return Asked(whole, "", tuple(_numbers(plain)))
    found = _STREET_FIRST.match(plain)
    if found is None:
        return Asked(whole, bare(plain))
    return Asked(whole, bare(found["name"]), tuple(_numbers(plain[found.end() :])))


def _numbers(rest: str) -> Iterator[tuple[str, str]]:
    """Return the house numbers that the text behind a name may mean."""
    pieces = list(_pieces(rest))
    if not pieces:
        return
    (first, mark), others = pieces[0], pieces[1:]
    unit = next((figures for figures, kind in others if kind in _UNITS), "")
    house = next((figures for figures, kind in others if kind in _HOUSES), "")
    if mark in _YARDS and not house and not unit:
        yield f"{first}院", ""
    if house:
        yield f"{first}-{house}", unit
    yield from _readings(first.split("-"), unit)


def _readings(chain: list[str], unit: str) -> Iterator[tuple[str, str]]:
    """Return what 46-3-501 may be: house 46-3 with a flat, or stairwell 3 of house 46."""
    for count in range(len(chain), 0, -1):
        behind = chain[count] if count < len(chain) else ""
        yield "-".join(chain[:count]), unit or (behind if len(behind) <= LONGEST_UNIT else "")


def _pieces(rest: str) -> Iterator[tuple[str, str]]:
    """Return figures with their marks for as long as one follows the other."""
    at = 0
    while found := _PIECE.match(rest, at):
        yield found["figures"], found["mark"] or ""
        at = found.end() + (rest[found.end() : found.end() + 1] == "-")
