"""Compiled templates: compiled once for all processes, and each time where nothing may be kept."""

import sys
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from jinja2 import Environment, FileSystemLoader

from web.compiled import CompiledTemplates, compiled_templates


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one template, and a place of its own for what is compiled."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text("{{ 1 + 1 }}")
    return folder


def _drawn(folder: Path, kept: CompiledTemplates | None, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Return what the template says, and how often it was compiled for that."""
    environment = Environment(loader=FileSystemLoader(folder), bytecode_cache=kept, autoescape=True)
    compiler = MagicMock(wraps=environment.compile)
    monkeypatch.setattr(environment, "compile", compiler)
    return environment.get_template("a.html").render(), compiler.call_count


def _kept(folder: Path) -> CompiledTemplates:
    found = compiled_templates(folder)
    assert isinstance(found, CompiledTemplates)
    return found


def test_a_template_is_compiled_once_and_again_when_it_changes(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _drawn(templates, _kept(templates), monkeypatch) == ("2", 1)
    assert _drawn(templates, _kept(templates), monkeypatch) == ("2", 0)
    (templates / "a.html").write_text("{{ 1 + 2 }}")
    assert _drawn(templates, _kept(templates), monkeypatch) == ("3", 1)


def test_where_nothing_may_be_written_it_is_compiled_each_time(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", "/proc/nowhere")
    for _ in range(2):
        assert _drawn(templates, _kept(templates), monkeypatch) == ("2", 1)


def test_python_that_keeps_no_modules_keeps_no_templates(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled_templates(templates) is None
