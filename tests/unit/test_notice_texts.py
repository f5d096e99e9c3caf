"""Every kind of notice has a sentence in both languages, and every kind that a flow tells is known."""

import re
from pathlib import Path

import pytest

from gis.notices.kinds import KINDS
from gis.notices.message import Message
from web.notices import NOTICE_KINDS, notice_line, notice_title, robot_text

FLOWS = Path(__file__).parents[2] / "gis" / "flows"


def test_kinds_and_sentences_are_the_same() -> None:
    assert set(NOTICE_KINDS) == {*KINDS, "test"}


def test_every_kind_that_is_told_is_known() -> None:
    told = {
        kind
        for path in FLOWS.rglob("*.py")
        for kind in re.findall(r'Notice\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert told
    assert told <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_have_a_sentence(kind: str) -> None:
    assert notice_title("zh", kind) != kind
    assert notice_title("en", kind) not in {kind, notice_title("zh", kind)}


def test_a_line_says_what_is_known() -> None:
    data = {"level": 3, "agency": "water", "reason": "没水了", "people": 20, "vehicles": 10}
    line = notice_line("zh", data, category="漏水", place="八经街46号", agencies={"water": "水务集团"})
    assert line == "漏水 · 八经街46号 · 请社区值班处理 · 水务集团 · 20 人、10 辆车 · 没水了"
    assert notice_line("en", {}, category="", place="", agencies={}) == ""


def test_a_robot_speaks_the_groups_language() -> None:
    message = Message("escalated", "en", "20260603-00001", "漏水", "Water leak", "01", "", urgent=True)
    assert robot_text(message) == "[URGENT] A case was escalated\n20260603-00001 · Water leak · Grid 01"
