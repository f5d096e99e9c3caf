"""What is wrong with a chain: every link and entry is looked at in order, and the first that doesn't fit is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from gis.audit.chain import Link, digest_of, first_hash, hash_of, told_digest

KEEP_AT_LEAST = timedelta(days=183)
"""Entries younger than this can't be excused by any retention run: logs are kept for six months by law."""


class Wrong(StrEnum):
    """What can be wrong."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    WORDS_GONE = "words_gone"
    """The words were emptied, and no erasure says so."""
    LINK_CHANGED = "link_changed"
    LINK_MISSING = "link_missing"
    """A number of the chain is left out, or the order is another."""
    CUT = "cut"
    """The chain ends before what an anchor or its own head says."""
    HEAD_CHANGED = "head_changed"
    ANCHOR_DIFFERS = "anchor_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong: what, at which number of the chain, and which entry; 0 where there is no number."""

    wrong: Wrong
    seq: int = 0
    source: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A hash that was written down elsewhere, at a number of the chain."""

    community_id: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """An entry as it is now.

    Parameters
    ----------
    at_us
        When it happened.
    fixed, told
        Canonical texts; no ``told``: there are no words, or they were erased.
    blank
        Whether its words are empty.
    """

    at_us: int
    fixed: str
    told: str | None
    blank: bool


@dataclass(frozen=True, slots=True)
class Excuses:
    """What may be missing, because the log itself says why.

    Parameters
    ----------
    erased
        Source and key of entries whose words were erased with a person.
    before_us
        By source: entries of before then were removed when their time was over.
    """

    erased: AbstractSet[tuple[str, str]] = frozenset()
    before_us: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Checker:
    """Looks at a chain link by link.

    Parameters
    ----------
    community_id
        Whose chain.
    excuses, anchors
        What may be missing; hashes written down elsewhere.
    """

    community_id: str
    excuses: Excuses
    anchors: Sequence[Anchor] = ()
    seq: int = 0
    hash: bytes = b""
    linked_us: int = 0
    found: dict[str, int] = field(default_factory=dict)
    """By source: how many entries there are for their links."""
    _expected: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin before the first link."""
        self.hash = first_hash(self.community_id)
        self._expected = {one.seq: one.hash for one in self.anchors}

    def check(self, links: Sequence[Link], contents: Mapping[tuple[str, str], Content]) -> Finding | None:
        """Look at the next links and return the first thing that is wrong.

        Parameters
        ----------
        links
            In the order of their numbers, going on where the last ones ended.
        contents
            The entries of these links that there are.
        """
        before, seq, expected = self.hash, self.seq, self._expected
        for link in links:
            seq += 1
            if link.seq != seq:
                return Finding(Wrong.LINK_MISSING, seq, link.source, link.key)
            right = hash_of(
                before, seq, link.source, link.key, link.at_us, link.linked_us, link.told, link.digest
            )
            if right != link.hash:
                return Finding(Wrong.LINK_CHANGED, seq, link.source, link.key)
            wrong = self._compare(link, contents.get((link.source, link.key)))
            if wrong is None and seq in expected and expected[seq] != right:
                wrong = Wrong.ANCHOR_DIFFERS
            if wrong is not None:
                return Finding(wrong, seq, link.source, link.key)
            before, self.linked_us = right, link.linked_us
        self.hash, self.seq = before, seq
        return None

    def end(self, head: tuple[int, bytes, int] | None) -> Finding | None:
        """Compare the end of the chain with its head and the anchors.

        Parameters
        ----------
        head
            Number, hash and time as the head has them; None where nothing was chained yet.
        """
        last = max([self.seq, *(one.seq for one in self.anchors)])
        if last > self.seq:
            return Finding(Wrong.CUT, self.seq + 1)
        said = head if head is not None else (0, first_hash(self.community_id), 0)
        if said[0] > self.seq:
            return Finding(Wrong.CUT, self.seq + 1)
        if said != (self.seq, self.hash, self.linked_us):
            return Finding(Wrong.HEAD_CHANGED, said[0])
        return None

    def _compare(self, link: Link, content: Content | None) -> Wrong | None:
        if content is None:
            excused = link.at_us < self.excuses.before_us.get(link.source, 0)
            return None if excused else Wrong.REMOVED
        self.found[link.source] = self.found.get(link.source, 0) + 1
        told = told_digest(content.told)
        if told != link.told and content.told is None and content.blank:
            if (link.source, link.key) not in self.excuses.erased:
                return Wrong.WORDS_GONE
            told = link.told
        same = told == link.told and digest_of(content.fixed, told) == link.digest
        return None if same and content.at_us == link.at_us else Wrong.CHANGED
