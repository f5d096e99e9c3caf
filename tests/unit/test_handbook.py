"""The handbook: every article in both languages, found by words, and Markdown that can do no harm."""

import re

import pytest

from web.handbook import FOLDER, ORDER, Article, as_html, joined, searched, shipped

HAN = re.compile(r"[㐀-鿿]")
SUBJECTS = {"gas_leak", "burst_pipe", "power_cut", "elderly_fall", "missing_person", "heat", "ice", "fire"}


def test_what_the_service_brings_along() -> None:
    assert set(ORDER) == SUBJECTS
    assert {path.stem.partition(".")[0] for path in FOLDER.glob("*.md")} == SUBJECTS
    for one in shipped():
        assert HAN.search(one.title + one.body)
        assert not HAN.search(one.title_en + one.body_en)
        assert min(len(one.body), len(one.body_en)) > 150
        assert "<ol>" in as_html(one.body)
        assert "<ol>" in as_html(one.body_en)
        assert one.body.count("\n") == one.body_en.count("\n"), one.slug  # the two say the same, line by line


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScript&#58;alert(1))",
        "[a](data:text/html,x)",
        "[a](https://example.org)",
        "[a](//example.org)",
        "![a](/x.png)",
        "![a](https://example.org/x.png)",
        "<https://example.org>",
        "[a]: https://example.org\n\n[a]",
        "<a href='/x' onclick='alert(1)'>x</a>",
    ],
)
def test_markdown_does_no_harm(text: str) -> None:
    made = as_html(text)
    assert not re.search(r"<(?!/?(p|em|strong|a|br)\b)", made), made
    assert not re.search(r'href="(?!/(?!/)|#|tel:)|<a[^>]+on\w+=|<img|<script', made), made


def test_links_lead_to_pages_of_the_service_and_to_telephones() -> None:
    made = as_html("[上报](/report) [119](tel:119) [下面](#heat)")
    assert made.count("<a href=") == 3


def test_an_office_changes_adds_and_hides() -> None:
    own = [
        Article("gas_leak", "燃气", "", "新的", "", 5, revision=1),
        Article("typhoon", "台风", "", "关窗", "", 15, revision=1),
        Article("heat", "高温", "", "x", "", 70, revision=1, shown=False),
    ]
    found = joined(own)
    assert [one.slug for one in found[:3]] == ["gas_leak", "typhoon", "fire"]
    assert (found[0].words("en"), found[0].shipped, found[1].shipped) == ("新的", True, False)
    assert [one.slug for one in found if not one.shown] == ["heat"]


def test_articles_are_found_by_all_words_in_either_language() -> None:
    assert [one.slug for one in searched(shipped(), "燃气 阀门")] == ["gas_leak"]
    assert "elderly_fall" in {one.slug for one in searched(shipped(), "AED")}
    assert searched(shipped(), "没有这样的词") == []
    assert len(searched(shipped(), " ")) == len(ORDER)
