"""The code on a plate: which place it names, signed with a key of its community.

A code is base32 (A-Z, 2-7: the characters that QR codes hold most densely) of one byte for the kind, the place, and
eight bytes of keyed BLAKE2b over community, kind and place. The community itself is not in the code: it is part of
what is signed, so a plate of one community is no plate of another. See docs/decisions/0012-plates.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SIGNATURE_BYTES = 8
ID_BYTES = 8
"""So many leading bytes of an id are on a plate: 60 random bits, enough for every door of a city."""
LONGEST_CODE = 400
_PERSON = b"weiwang-plate"


class PlateKind(StrEnum):
    """What a plate names."""

    STAIRWELL = "stairwell"
    MICRO_GRID = "micro_grid"
    BUILDING = "building"


_HEADER = {PlateKind.STAIRWELL: 1, PlateKind.MICRO_GRID: 2, PlateKind.BUILDING: 3}
_KIND = {header: kind for kind, header in _HEADER.items()}


@dataclass(frozen=True, slots=True)
class Plate:
    """A place that a plate names.

    Parameters
    ----------
    community_id
        Where.
    kind
        Of the place.
    place_id
        A micro-grid's code, so that the plate outlives a version of the boundaries; of a stairwell or building the
        first 16 hexadecimal digits of its id. ``plate_of`` makes it from a whole id.
    """

    community_id: str
    kind: PlateKind
    place_id: str


def plate_of(community_id: str, kind: PlateKind, place: UUID | str) -> Plate:
    """Return the plate of a place.

    Parameters
    ----------
    community_id, kind
        Where, and what it is.
    place
        The id of a stairwell or building; the code of a micro-grid.
    """
    return Plate(community_id, kind, place.hex[: 2 * ID_BYTES] if isinstance(place, UUID) else place)


def encode(plate: Plate, key: bytes) -> str:
    """Return a plate's code.

    Parameters
    ----------
    plate
        What it names.
    key
        The community's newest.
    """
    body = bytes([_HEADER[plate.kind]]) + _place_bytes(plate)
    return base64.b32encode(body + _signature(plate.community_id, body, key)).decode().rstrip("=")


def decode(code: str, community_id: str, keys: Iterable[bytes]) -> Plate | None:
    """Return what a code names, or None when it was not signed with one of the keys for this community.

    Parameters
    ----------
    code
        As scanned; only the exact text that ``encode`` gives is taken.
    community_id
        The reader's.
    keys
        All that are in force there.
    """
    raw = _raw(code)
    if raw is None:
        return None
    body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    signed = any(hmac.compare_digest(_signature(community_id, body, key), signature) for key in keys)
    kind = _KIND.get(body[0])
    if not signed or kind is None:
        return None
    place = body[1:]
    return Plate(community_id, kind, place.decode() if kind is PlateKind.MICRO_GRID else place.hex())


def _place_bytes(plate: Plate) -> bytes:
    if plate.kind is PlateKind.MICRO_GRID:
        return plate.place_id.encode()
    return bytes.fromhex(plate.place_id)


def _signature(community_id: str, body: bytes, key: bytes) -> bytes:
    signed = community_id.encode() + b"\x00" + body
    return hashlib.blake2b(signed, digest_size=SIGNATURE_BYTES, key=key, person=_PERSON).digest()


def _raw(code: str) -> bytes | None:
    """Return the bytes of a code that is written as ``encode`` writes it, so that no two texts are one code."""
    if len(code) > LONGEST_CODE:
        return None
    try:
        raw = base64.b32decode(code + "=" * (-len(code) % 8))
    except (binascii.Error, ValueError):
        return None
    exact = base64.b32encode(raw).decode().rstrip("=") == code
    return raw if exact and len(raw) > SIGNATURE_BYTES + 1 else None
