"""``weiwang plates``: a file to print that stands alone, and new keys."""

import json
import re
from pathlib import Path

import pytest

from api.cli import run
from tests.factories import Community


@pytest.fixture
def shell(community: Community, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a folder, with the environment set to the test's own database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert run(["plates", "--json", *arguments]) == 0
    items: list[dict[str, str]] = json.loads(capsys.readouterr().out)["items"]
    return items


def test_a_file_to_print(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = shell / "plates.html"
    assert run(["plates", "--grid", "02", "-o", str(file), "--url", "https://weiwang.example.org"]) == 0
    assert "127.0.0.1" not in capsys.readouterr().out
    html = file.read_text("utf-8")
    assert html.count('<article class="plate-card"') == 4
    assert "@page" in html
    assert not re.search(r"<(link|script|img)\b|url\(|@import|src=", html)
    assert not re.search(r"(href|action)=", html)


def test_a_list_for_programs(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = listed(capsys, "--kind", "micro_grid", "--url", "https://weiwang.example.org/")
    assert [one["label"] for one in items] == [
        f"Micro-grid {code}" for code in ("01-01", "01-02", "02-01", "02-02")
    ]
    assert all(one["url"] == f"https://weiwang.example.org/report?plate={one['code']}" for one in items)


def test_a_loopback_address_is_pointed_out(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plates"]) == 0
    assert "http://127.0.0.1:8000" in capsys.readouterr().out


def test_a_new_key(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = listed(capsys)
    assert listed(capsys) == before
    after = listed(capsys, "--new-key")
    assert [one["label"] for one in after] == [one["label"] for one in before]
    assert not {one["code"] for one in after} & {one["code"] for one in before}


@pytest.mark.parametrize(
    "arguments",
    [["--kind", "moon"], ["--revoke"], ["--url", "weiwang.example.org"], ["--url", "ftp://x"], ["-o", "/no/such/x.html"]],
)  # fmt: skip
def test_bad_input_is_one_line(shell: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(["plates", *arguments]) == 2
    assert capsys.readouterr().err
