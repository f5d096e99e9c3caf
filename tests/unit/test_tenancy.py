"""Everything keeps to one community: keys, and the statements that stand in gis/store as one piece of text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

from gis.store.tables import metadata
from tests.tenancy import SHARED, TENANT, faults_of

STORE = Path(__file__).parents[2] / "gis" / "store"
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s", re.IGNORECASE)
# Modules of gis/store whose statements may read all communities: a sweep by time, or what the operator asks. None is asked for
# somebody's request but signing in, which looks a name up before the community is known.
OF_ALL = {
    "activities": "reminders that are due",
    "audit": "heads of all chains, and which communities have something to chain",
    "blurring": "photos whose faces are to be blurred",
    "books": "points that expire",
    "cases": "clocks that have run down",
    "certificates": "certificates that end soon",
    "communities": "the operator's list of communities",
    "community_facts": "which communities there are",
    "deliveries": "messages that wait; doctor's count of them",
    "district": "communities side by side, for the operator",
    "erasures": "residents who moved away long ago",
    "event_reading": "the live stream of all communities, told on by scope",
    "expiry": "points that expire",
    "exports": "files past their time",
    "health": "whether tables are there",
    "hotline": "numbers to call back that are past their time",
    "indicators": "which communities have something to be counted",
    "ledger": "the beginning of statements that go on with a community",
    "mediation": "sessions and follow-ups that are due",
    "missing": "searches that ended long ago",
    "muster_reading": "the live stream of all communities",
    "musters": "waves that are due",
    "notice_reading": "the live stream of all communities",
    "notices": "notices past their time",
    "offers": "offers that are due",
    "duty": "shifts that begin or end",
    "orders": "seats that are due",
    "pauses": "pauses that are over",
    "people": "which communities there are",
    "point_rules": "which communities have points that expire",
    "pulse": "what waits in the whole service, for /metrics",
    "redemptions": "codes past their time",
    "referrals": "referrals that are due",
    "rewards": "rewards that expire",
    "robots": "robots of all communities, for doctor",
    "servings": "kitchens whose day has ended",
    "sessions": "signing in: the community of a name",
    "signing_keys": "a plate of a neighbouring community is told from a forgery",
    "tiles": "which communities there are",
}
TENANT_FREE_INDEXES = re.compile(
    r"(_stream|_climb|_paused|_due|_next|_reminder|_open|_expires|_border|_moved_out|_ends|_callback|_starts|_ended|_username)$"
)


@pytest.mark.parametrize("name", sorted(set(metadata.tables) - SHARED))
def test_keys_begin_with_the_tenant(name: str) -> None:
    table = metadata.tables[name]
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            target = next(iter(constraint.elements)).column
            assert target.table.name in SHARED or target.name == TENANT, constraint.name
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint) or (
            isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name not in SHARED
        ):
            assert next(iter(constraint.columns)).name == TENANT, constraint.name
    for index in table.indexes:
        first = getattr(next(iter(index.expressions)), "name", "")
        of_all = not index.unique and TENANT_FREE_INDEXES.search(str(index.name))  # for sweeps over all
        assert first == TENANT or of_all, index.name


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ('SELECT * FROM "case" WHERE community_id = %(c)s', None),
        ('SELECT * FROM "case" WHERE case_id = %(c)s', "whole"),
        ('SELECT * FROM "case" c JOIN report r USING (case_id) WHERE c.community_id = %(c)s', "apart"),
        (
            'SELECT * FROM "case" c JOIN report r USING (community_id, case_id) WHERE r.community_id = :c',
            None,
        ),
        ('SELECT * FROM "case" c, report r WHERE c.community_id = :c AND r.case_id = c.case_id', "apart"),
        ("SELECT * FROM offer WHERE community_id = $1 OR true", "whole"),
        ("SELECT 1 FROM offer WHERE expires_at < now() FOR UPDATE SKIP LOCKED", "lock"),
        ("UPDATE offer SET ended_at = clock_timestamp() WHERE community_id = $1", "volatile"),
        ("DELETE FROM offer WHERE offer_id = $1", "whole"),
        ("INSERT INTO offer (offer_id) VALUES ($1)", "insert"),
        ("INSERT INTO offer (community_id) VALUES ($1) ON CONFLICT (offer_id) DO NOTHING", "conflict"),
        (
            """WITH d AS (DELETE FROM offer WHERE community_id = $1 RETURNING community_id, case_id) UPDATE "case" c
            SET status = $2 FROM d WHERE c.community_id = d.community_id AND c.case_id = d.case_id""",
            None,
        ),
        (
            """SELECT (SELECT count(*) FROM report r WHERE r.case_id = c.case_id) FROM "case" c
            WHERE c.community_id = $1""",
            "whole",
        ),
        ("SELECT * FROM category", None),
    ],
)
def test_what_the_reader_finds(statement: str, kind: str | None) -> None:
    assert [one.kind for one in faults_of(statement)] == ([kind] if kind else [])


def statements(path: Path) -> Iterator[str]:
    """Yield the statements of a module that are written in one piece; parts that others are made of are no statements."""
    tree = ast.parse(path.read_text("utf-8"))
    within = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in within:
            continue
        if STATEMENT.match(node.value):
            yield node.value


@pytest.mark.parametrize("path", sorted(STORE.glob("*.py")), ids=lambda path: path.stem)
def test_statements_keep_to_their_community(path: Path) -> None:
    found = []
    for statement in statements(path):
        try:
            faults = faults_of(statement)
        except sqlglot.errors.SqlglotError:
            continue  # a part of one
        found += [
            f"{one.kind} {one.what}: {' '.join(statement.split())[:200]}"
            for one in faults
            if not (one.kind in {"whole", "lock"} and path.stem in OF_ALL)
        ]
    assert not found


def test_most_statements_are_read() -> None:
    read = 0
    for path in STORE.glob("*.py"):
        for statement in statements(path):
            try:
                faults_of(statement)
            except sqlglot.errors.SqlglotError:
                continue
            read += 1
    assert read > 400
