"""What an entry's hash is made of: the entry, its place in the chain, and the hash of the entry before it.

An entry says what can't be erased (when, who, what kind, of which) and what can: words that may name a person. Of the
words only a salted hash goes into the chain. Once words and salt are erased, the chain still holds, and nobody can
guess from it what the words were.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

NOTHING = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Link:
    """One entry's place in the chain of its community.

    Parameters
    ----------
    seq
        1 for the first; no number is left out.
    source, key
        Which entry: of which table, and which row.
    at_us, linked_us
        When it happened and when it was chained, microseconds since 1970.
    told, digest
        Hashes of its words, and of the whole entry.
    hash
        Of all of this and of the link before.
    """

    seq: int
    source: str
    key: str
    at_us: int
    linked_us: int
    told: bytes
    digest: bytes
    hash: bytes


def first_hash(community_id: str) -> bytes:
    """Return the hash before the first link, which no other community has.

    Parameters
    ----------
    community_id
        Whose chain it is.
    """
    return sha256(f"weiwang audit 1 {community_id}".encode()).digest()


def told_digest(told: str | None) -> bytes:
    """Return the hash of an entry's words.

    Parameters
    ----------
    told
        The words with their salt; None where an entry has none by its nature.
    """
    return NOTHING if told is None else sha256(told.encode()).digest()


def digest_of(fixed: str, told: bytes) -> bytes:
    """Return the hash of an entry.

    Parameters
    ----------
    fixed
        Everything in it that can't be erased.
    told
        The hash of the rest.
    """
    return sha256(fixed.encode() + told).digest()


def hash_of(  # noqa: PLR0917 - the parts of a link, in their order; called a million times
    before: bytes, seq: int, source: str, key: str, at_us: int, linked_us: int, told: bytes, digest: bytes
) -> bytes:
    """Return a link's hash.

    Parameters
    ----------
    before
        The hash of the link before, or ``first_hash``.
    seq, source, key, at_us, linked_us, told, digest
        As in ``Link``.
    """
    head = f"{seq} {source} {key} {at_us} {linked_us} ".encode()
    return sha256(before + head + told + digest).digest()
