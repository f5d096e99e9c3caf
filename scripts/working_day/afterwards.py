"""What is there after a run: every acknowledged report once, with the bytes of its photo and its renditions."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from gis.store.photos import PhotoStore
from scripts.working_day.day import Reported

LOOKED_AT = 1000
"""Originals whose bytes are read and summed up; that a file is there is looked at for all."""
THERE = """
SELECT count(*) AS reports, count(DISTINCT r.report_id) AS distinct_reports, count(p.photo_id) AS photos
FROM unnest(%(ids)s::uuid[], %(cases)s::uuid[], %(shas)s::text[]) AS a(report_id, case_id, sha256)
LEFT JOIN report r ON r.community_id = %(community)s AND r.report_id = a.report_id AND r.case_id = a.case_id
LEFT JOIN photo p ON p.community_id = r.community_id AND p.report_id = r.report_id AND p.sha256 = a.sha256
WHERE r.report_id IS NOT NULL
"""


@dataclass(frozen=True)
class Losses:
    """What of the acknowledged is missing, or there twice; and how long renditions were awaited after the end."""

    reports: int
    photos: int
    twice: int
    files: int
    bytes_wrong: int
    renditions_after_s: float

    @property
    def none(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.reports or self.photos or self.twice or self.files or self.bytes_wrong)

    def __str__(self) -> str:
        return (
            f"lost: {self.reports} reports, {self.photos} photos, {self.files} files, {self.bytes_wrong} with other bytes;"
            f" {self.twice} twice; renditions complete {self.renditions_after_s:.1f} s after the last answer"
        )


def losses(
    connection: psycopg.Connection[Any], store: PhotoStore, community_id: str, reported: Sequence[Reported]
) -> Losses:
    """Look for everything that was acknowledged.

    Parameters
    ----------
    connection, store, community_id
        Where.
    reported
        What was answered with 201.
    """
    given = {
        "community": community_id,
        "ids": [one.report_id for one in reported],
        "cases": [one.case_id for one in reported],
        "shas": [one.sha256 for one in reported],
    }
    reports, distinct, photos = connection.execute(THERE, given).fetchone() or (0, 0, 0)
    begun = time.monotonic()
    while time.monotonic() - begun < 60.0 and not _all_drawn(store, community_id, reported):  # noqa: PLR2004 - a minute
        time.sleep(0.2)
    return Losses(
        len(reported) - distinct,
        distinct - photos,
        reports - distinct,
        sum(not store.path(community_id, one.sha256, "original").is_file() for one in reported),
        sum(_sum(store.path(community_id, one.sha256, "original")) != one.sha256 for one in _some(reported)),
        time.monotonic() - begun,
    )


def _some(reported: Sequence[Reported]) -> Sequence[Reported]:
    if len(reported) <= LOOKED_AT:
        return reported
    return random.Random(1).sample(reported, LOOKED_AT)


def _all_drawn(store: PhotoStore, community_id: str, reported: Sequence[Reported]) -> bool:
    return all(
        store.path(community_id, one.sha256, kind).is_file() for one in reported for kind in ("view", "thumb")
    )


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
