"""Checks of codes and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from gis.areas.checks.finding import Finding, Kind
from gis.areas.checks.subject import Subject


def check_names(subject: Subject) -> list[Finding]:
    """Return areas without code or name, and those that share one."""
    rows = subject.rows
    return [
        *(_one(subject, Kind.UNCODED, row) for row, code in enumerate(rows.code) if not code.strip()),
        *(_one(subject, Kind.UNNAMED, row) for row, name in enumerate(rows.name) if not name.strip()),
        *_shared(subject, Kind.DOUBLY_CODED, rows.code),
        *_shared(subject, Kind.DOUBLY_NAMED, rows.name),
    ]


def _one(subject: Subject, kind: Kind, row: int) -> Finding:
    return subject.finding(kind, [row], shape=subject.shapes[row])


def _shared(subject: Subject, kind: Kind, values: Sequence[str]) -> list[Finding]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        if value.strip():
            rows[value.strip()].append(row)
    return [
        subject.finding(kind, several, shape=subject.shapes[several[-1]], note=value)
        for value, several in rows.items()
        if len(several) > 1
    ]
