"""The guide for operators and its files name commands, options and files that exist."""

import re
from pathlib import Path

import pytest
import typer

from api.cli import app
from gis.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "operation"
FILES = [ROOT / "docs" / "operation.md", *sorted(FOLDER.iterdir())]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
IDS = [path.name for path in FILES]


def said(path: Path) -> list[list[str]]:
    """Return the words of each command of ours that a file shows."""
    text = path.read_text("utf-8").replace('", "', " ").replace("[FOLDER", "FOLDER")
    lines = re.findall(r"(?:^|[/ `\"])weiwang ((?:[a-z-]+)(?: [^\n`\"#|&]*)?)", text, re.MULTILINE)
    return [line.split() for line in lines if line.split()[0] in COMMANDS]


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_options_exist(path: Path) -> None:
    for name, *rest in said(path):
        known = {word for one in COMMANDS[name].params for word in (*one.opts, *one.secondary_opts)}
        wanted = {word.strip("[]`.,;()") for word in rest if word.strip("[").startswith("--")}
        assert wanted <= known, (name, wanted - known)


def test_the_guide_shows_the_commands_that_it_is_about() -> None:
    shown = {words[0] for path in FILES for words in said(path)}
    assert shown >= {"serve", "backup", "backup-key", "restore", "doctor", "import"}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_settings_exist(path: Path) -> None:
    named = set(re.findall(r"\bWEIWANG_([A-Z_]+[A-Z])\b", path.read_text("utf-8")))
    known = {name.upper() for name in Settings.model_fields} | {"DOMAIN", "BEHIND"}
    for name, group in Settings.model_fields.items():
        known |= {f"{name}__{one}".upper() for one in getattr(group.annotation, "model_fields", {})}
    assert named <= known


def test_files_that_are_linked_exist() -> None:
    guide = (ROOT / "docs" / "operation.md").read_text("utf-8")
    linked = re.findall(r"\]\(([^)#]+)\)", guide)
    assert linked
    assert all((ROOT / "docs" / path).exists() for path in linked)
    assert {path.name for path in FOLDER.iterdir()} >= {"weiwang.service", "Containerfile", "compose.yaml"}
