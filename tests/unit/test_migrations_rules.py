"""Migrations leave the service of the version before running: they add, lock shortly, and say so where they can't."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from gis.store.migrate import MIGRATIONS

FIRST = "0036"
"""From here on a migration may meet a service that runs."""
VOLATILE = r"(gen_random_uuid|random|clock_timestamp|nextval|uuid_generate)"
FORBIDDEN = {
    "drops": r"\bDROP\s+(TABLE|COLUMN|CONSTRAINT|TYPE|SEQUENCE)\b",
    "renames": r"\bRENAME\s+(TO|COLUMN|CONSTRAINT)\b",
    "rewrites": r"\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b",
    "stops everybody": r"\b(LOCK\s+TABLE|VACUUM|CLUSTER|TRUNCATE|REINDEX)\b",
    "looks at every row for NOT NULL": r"\bSET\s+NOT\s+NULL\b",
    "rewrites for a default of each row": rf"\bADD\s+COLUMN\b[^;,]*\bDEFAULT\s+{VOLATILE}",
}
CALLS = {"drop_column", "drop_table", "drop_constraint", "rename_table", "alter_column", "batch_alter_table"}


def files() -> list[Path]:
    return sorted(path for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py") if path.stem[:4] >= FIRST)


def upgrading(path: Path) -> ast.FunctionDef:
    """Return the function that goes forward."""
    tree = ast.parse(path.read_text("utf-8"))
    return next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")


def statements(path: Path) -> list[str]:
    """Return the SQL of a migration: its file's, and what its text says."""
    found = [
        one.value
        for one in ast.walk(upgrading(path))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    beside = path.with_suffix(".sql")
    if beside.exists():
        found.append(re.sub(r"--[^\n]*", "", beside.read_text("utf-8")))
    return [" ".join(one.split()) for text in found for one in text.split(";") if one.strip()]


def calls(path: Path) -> list[ast.Call]:
    return [one for one in ast.walk(upgrading(path)) if isinstance(one, ast.Call)]


def named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def complaints(path: Path) -> list[str]:
    """Return what a migration does that people would notice."""
    sql = statements(path)
    made = {
        name.strip('"')
        for one in sql
        for name in re.findall(r"^CREATE TABLE (?:IF NOT EXISTS )?(\S+)", one, re.IGNORECASE)
    }
    made |= {
        one.args[0].value
        for one in calls(path)
        if named(one) == "create_table" and isinstance(one.args[0], ast.Constant)
    }
    found = [
        f"{why}: {one[:80]}"
        for one in sql
        for why, pattern in FORBIDDEN.items()
        if re.search(pattern, one, re.IGNORECASE)
    ]
    for one in sql:
        index = re.search(r"^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON (ONLY )?(\S+)", one, re.IGNORECASE)
        if index and index[3].strip('"') not in made:
            found.append(f"an index that holds writers up, use create_index_online: {one[:80]}")
        column = re.search(r"\bADD COLUMN\b[^,]*\bNOT NULL\b", one, re.IGNORECASE)
        if column and "DEFAULT" not in column[0].upper() and "DEFAULT" not in one.upper():
            found.append(f"a column that the version before doesn't fill: {one[:80]}")
        key = re.search(
            r"^ALTER TABLE (\S+) ADD CONSTRAINT\b.*\b(FOREIGN KEY|CHECK|UNIQUE|EXCLUDE)\b", one, re.IGNORECASE
        )
        if key and key[1].strip('"') not in made and "NOT VALID" not in one.upper():
            found.append(f"a constraint that looks at every row, add it NOT VALID first: {one[:80]}")
    found += [f"op.{named(call)}" for call in calls(path) if named(call) in CALLS]
    for call in calls(path):
        if (
            named(call) == "create_index"
            and isinstance(call.args[1], ast.Constant)
            and call.args[1].value not in made
        ):
            found.append(f"op.create_index on {call.args[1].value!r}: use create_index_online")
    return found


def excused(path: Path) -> bool:
    """Tell whether a migration says why the service has to stand still for it, or that it takes away what nobody needs."""
    text = path.read_text("utf-8")
    return bool(re.search(r'^STANDS_STILL = "', text, re.MULTILINE)) or any(
        named(one) == "contract" for one in calls(path)
    )


def test_migrations_may_be_carried_out_while_the_version_before_serves() -> None:
    wrong = {path.stem: found for path in files() if (found := complaints(path)) and not excused(path)}
    assert not wrong


GOOD = 'def upgrade():\n    op.execute("{}")\n'


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE report DROP COLUMN detail",
        "ALTER TABLE report RENAME COLUMN detail TO details",
        "ALTER TABLE report ALTER COLUMN detail TYPE varchar(9)",
        "ALTER TABLE report ALTER detail SET NOT NULL",
        "ALTER TABLE report ADD COLUMN salt uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE report ADD COLUMN floor smallint NOT NULL",
        "ALTER TABLE report ADD CONSTRAINT c CHECK (accuracy_m > 0)",
        "CREATE INDEX i ON report (source)",
        "CREATE UNIQUE INDEX i ON report (source)",
        "LOCK TABLE report",
    ],
)
def test_what_people_would_notice_is_found(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "9999_x.py"
    path.write_text(GOOD.format(statement.replace('"', '\\"')))
    assert len(complaints(path)) == 1
    assert not excused(path)
    path.write_text(f'STANDS_STILL = "the table is made anew"\n{GOOD.format(statement)}')
    assert excused(path)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE report ADD COLUMN floor smallint",
        "ALTER TABLE report ADD COLUMN floor smallint NOT NULL DEFAULT 0",
        "ALTER TABLE report ADD CONSTRAINT c CHECK (accuracy_m > 0) NOT VALID",
        "CREATE TABLE lamp (id int NOT NULL); CREATE INDEX i ON lamp (id)",
        "CREATE INDEX CONCURRENTLY i ON report (source)",
        "UPDATE report SET detail = '' WHERE detail IS NULL",
    ],
)
def test_what_nobody_notices_is_let_through(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "9999_x.py"
    path.write_text(GOOD.format(statement))
    assert complaints(path) == []
