"""What waits is chained each minute; the end of each chain is written down outside the database once a day."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from gis.audit import Content, Link, digest_of, first_hash, hash_of, told_digest
from gis.flows.work import OpenWork, Work
from gis.settings import Settings
from gis.store import audit
from gis.store.audit import Head, Waiting
from gis.store.audit_sources import contents
from gis.store.jobs import Task

EVERY_MINUTE = ("chain_audit",)
CHAINED_AT_ONCE = 5000
ANCHORS = "audit-anchors.jsonl"
"""In the state folder; a copy elsewhere shows whether the end of a chain was cut off."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def chain_waiting(open_work: OpenWork) -> int:
    """Chain all that waits, in all communities; return how many entries it was.

    Parameters
    ----------
    open_work
        Opens a unit of work; each batch is one.
    """
    async with open_work() as work:
        communities = await audit.communities_waiting(work.session)
    count = 0
    for community_id in communities:
        while True:
            async with open_work() as work:
                done = await chain_some(work, community_id)
            count += done
            if done < CHAINED_AT_ONCE:
                break
    return count


async def chain_some(work: Work, community_id: str, *, limit: int = CHAINED_AT_ONCE) -> int:
    """Chain what waits in a community, so many at most; 0 where somebody else is doing it.

    Parameters
    ----------
    work, community_id, limit
        Where, and how many.
    """
    end = await audit.head(work.session, community_id)
    due = await audit.waiting(work.session, community_id, limit=limit)
    found = await contents(work.session, community_id, keys_by_source(due))
    there = [one for one in due if (one.source, one.key) in found]  # what isn't there is told by a check
    if not there:
        return 0
    now = work.clock.now()
    links = _linked(community_id, end, there, found, now)
    if not await audit.move_head(
        work.session, community_id, before=end.seq if end else 0, link=links[-1], at=now
    ):
        return 0
    await audit.append(work.session, community_id, links, [one.waiting_id for one in there])
    return len(links)


def microseconds(at: datetime) -> int:
    """Return a moment as whole microseconds since 1970.

    Parameters
    ----------
    at
        When.
    """
    return (at - EPOCH) // timedelta(microseconds=1)


def keys_by_source(entries: Sequence[Waiting | Link]) -> dict[str, list[str]]:
    """Return the keys of entries by their source.

    Parameters
    ----------
    entries
        Which.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for one in entries:
        found[one.source].append(one.key)
    return found


def write_anchors(settings: Settings, heads: Sequence[Head]) -> Path:
    """Append the ends of the chains to the file of anchors in the state folder; on return they are on the disk.

    Parameters
    ----------
    settings, heads
        Where, and which.
    """
    path = settings.state / ANCHORS
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        for one in heads:
            file.write(orjson.dumps(anchor_line(one)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def anchor_line(one: Head) -> dict[str, str | int]:
    """Return an end of a chain as it is written down.

    Parameters
    ----------
    one
        Which.
    """
    return {"community": one.community_id, "seq": one.seq, "hash": one.hash.hex(), "at": one.at.isoformat()}


def bind_audit(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def chain() -> None:
        await chain_waiting(open_work)

    return {"chain_audit": chain}


def _linked(
    community_id: str,
    end: Head | None,
    due: Sequence[Waiting],
    found: dict[tuple[str, str], Content],
    now: datetime,
) -> list[Link]:
    seq, before = (end.seq, end.hash) if end else (0, first_hash(community_id))
    linked_us = microseconds(now)
    links: list[Link] = []
    for one in due:
        seq, content = seq + 1, found[one.source, one.key]
        told = told_digest(content.told)
        digest = digest_of(content.fixed, told)
        before = hash_of(before, seq, one.source, one.key, content.at_us, linked_us, told, digest)
        links.append(Link(seq, one.source, one.key, content.at_us, linked_us, told, digest, before))
    return links
