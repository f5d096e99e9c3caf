"""What the threat model and the page on the law name is there: tests, settings, commands, documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli import app
from gis.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("docs/threat-model.md", "docs/privacy.md")
NAMED = re.compile(r"`([^`]+)`")


def named(document: str) -> list[str]:
    """Return all that stands in code type in a document."""
    return NAMED.findall((ROOT / document).read_text(encoding="utf-8"))


def is_setting(name: str) -> bool:
    """Tell whether there is a setting of this name."""
    found: object = Settings()
    for part in name.split("."):
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def is_command(words: str) -> bool:
    """Tell whether there is a command, with its options."""
    command: Any = typer.main.get_group(app)
    for word in words.split()[1:]:
        if word.startswith("--"):
            return any(word in one.opts for one in command.params)
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            return False
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_named_is_there(document: str) -> None:
    found = named(document)
    tests = [one for one in found if one.startswith("tests/")]
    commands = [one for one in found if one.startswith("weiwang ")]
    settings = [one for one in found if re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", one)]
    assert len(tests) > 10
    assert [one for one in tests if not (ROOT / one).is_file()] == []
    assert [one for one in commands if not is_command(one)] == []
    assert [one for one in settings if not is_setting(one)] == []
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8"))
    assert [one for one in links if not (ROOT / "docs" / one).is_file()] == []


def test_every_row_of_the_law_is_shown_by_something() -> None:
    rows = [
        line
        for line in (ROOT / "docs/privacy.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d", line)
    ]
    assert len(rows) > 12
    for row in rows:
        last = row.rstrip("| ").rpartition("|")[2]
        assert NAMED.search(last) or "](" in last, row
