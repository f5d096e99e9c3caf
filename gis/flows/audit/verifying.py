"""Looking a chain over from its first link to its end: any edit of any entry or link is found, and the first is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson

from gis.audit import KEEP_AT_LEAST, Anchor, Checker, Excuses, Finding, Wrong
from gis.errors import InvalidInputError
from gis.flows.audit.chaining import keys_by_source, microseconds
from gis.store import audit, audit_excuses
from gis.store.audit_sources import contents, counts, unchained
from gis.store.session import ReadSession

AT_ONCE = 20_000
Say = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a community: how many links there are, how many entries wait, and the first that is wrong."""

    community_id: str
    seq: int
    hash: bytes
    waiting: int
    finding: Finding | None


async def verify(
    session: ReadSession, community_id: str, anchors: Sequence[Anchor] = (), *, say: Say | None = None
) -> Verdict:
    """Look a community's audit log over.

    Parameters
    ----------
    session
        One that sees one state of the database: see ``gis.store.audit.steady``.
    community_id, anchors
        Whose, and hashes that were written down elsewhere.
    say
        Told how many links were looked at.
    """
    end = await audit.head(session, community_id)
    checker = Checker(community_id, await _excuses(session, community_id), anchors)
    finding = None
    while finding is None:
        links = await audit.links(session, community_id, after=checker.seq, limit=AT_ONCE)
        if not links:
            break
        finding = checker.check(links, await contents(session, community_id, keys_by_source(links)))
        if say is not None:
            say(checker.seq)
    due = await audit.waiting(session, community_id)
    if finding is None:
        finding = checker.end((end.seq, end.hash, microseconds(end.at)) if end else None)
    if finding is None:
        there = await contents(session, community_id, keys_by_source(due))
        finding = await _besides(session, checker, [(one.source, one.key) for one in due], set(there))
    return Verdict(community_id, checker.seq, checker.hash, len(due), finding)


async def _besides(
    session: ReadSession, checker: Checker, due: Sequence[tuple[str, str]], there: set[tuple[str, str]]
) -> Finding | None:
    """Return what is wrong with entries outside the chain: those that wait, and those that nothing knows of."""
    for source, key in due:
        if (source, key) not in there:
            return Finding(Wrong.REMOVED, 0, source, key)
    for source, number in (await counts(session, checker.community_id)).items():
        waiting = sum(1 for one in there if one[0] == source)
        if number != checker.found.get(source, 0) + waiting or len(due) != len(set(due)):
            stray = await unchained(session, checker.community_id, source)
            return Finding(Wrong.INSERTED, 0, source, stray or "")
    return None


async def _excuses(session: ReadSession, community_id: str) -> Excuses:
    before: dict[str, int] = {}
    least = KEEP_AT_LEAST // timedelta(microseconds=1)
    for run in await audit_excuses.removals(session, community_id):
        if run.before_us <= microseconds(run.at) - least:
            before[run.source] = max(before.get(run.source, 0), run.before_us)
    return Excuses(await audit_excuses.erased_words(session, community_id), before)


def read_anchors(path: Path) -> list[Anchor]:
    """Return the anchors of a file: a line of JSON each, as ``weiwang audit head`` prints them.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InvalidInputError
        ``anchor_unreadable``.
    """
    found: list[Anchor] = []
    number = 0
    try:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):  # noqa: B007 - told when it fails
            if line.strip():
                found.append(_anchor(line))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InvalidInputError(
            f"not a file of anchors: {path}, line {number}",
            code="anchor_unreadable",
            file=path.name,
            line=number,
        ) from error
    return found


def _anchor(line: bytes) -> Anchor:
    one = orjson.loads(line)
    seq = int(one["seq"])
    if seq < 0:
        raise ValueError("before the first link")
    return Anchor(str(one["community"]), seq, bytes.fromhex(one["hash"]))
