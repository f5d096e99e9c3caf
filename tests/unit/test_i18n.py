"""Languages: the English catalogue is complete, every error code has a sentence, times are in the community's zone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

from gis.words import Datum, Level, Mode, PositionSource, Role, Status, Verb
from web import catalogue as keeping
from web import messages
from web.case_words import EVENT_NAMES, STATUS_NAMES, VERB_NAMES
from web.error_messages import ERROR_MESSAGES
from web.i18n import catalogue, choose_language, format_duration, format_moment, format_number, translate
from web.people_words import ROLE_NAMES
from web.place_words import DATUM_NAMES, LEVEL_NAMES, MODE_NAMES, SOURCE_NAMES

shown_sentences = cache(keeping.shown_sentences)
ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[㐀-鿿]")


def test_every_sentence_has_an_english_translation() -> None:
    known = catalogue("en")
    missing = {text: places[:2] for text, places in shown_sentences().items() if not known.get(text)}
    assert not missing, "run `python -m web.catalogue` and translate"


def test_no_translation_is_left_over() -> None:
    unused = {str(message.id) for message in keeping.read_catalogue() if message.id} - set(shown_sentences())
    assert not unused, "run `python -m web.catalogue`"


def test_translations_keep_the_placeholders() -> None:
    differing = [
        text
        for text, english in catalogue("en").items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english))
    ]
    assert not differing


def test_english_has_no_chinese_in_it() -> None:
    assert not [english for english in catalogue("en").values() if HAN.search(english)]


def test_every_source_sentence_is_chinese_or_punctuation() -> None:
    latin = [
        text
        for text in shown_sentences()
        if not HAN.search(text) and re.search(r"[A-Za-z]{4}", PLACEHOLDER.sub("", text))
    ]
    assert not latin


def error_codes(tree: ast.AST) -> Iterator[str]:
    """Yield codes given as ``code="..."`` to an error, and as the ``code`` of an error class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name.endswith("Error"):
                yield from (
                    str(keyword.value.value)
                    for keyword in node.keywords
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
                )
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
            for statement in node.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                    yield from (
                        str(statement.value.value)
                        for target in statement.targets
                        if getattr(target, "id", "") == "code"
                    )


def test_every_error_code_has_a_sentence() -> None:
    used = {
        code: str(path.relative_to(ROOT))
        for folder in ("gis", "api")
        for path in (ROOT / folder).rglob("*.py")
        for code in error_codes(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(used) > 50
    assert {code: path for code, path in used.items() if code not in ERROR_MESSAGES} == {}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (ROLE_NAMES, Role),
        (STATUS_NAMES, Status),
        (VERB_NAMES, Verb),
        (LEVEL_NAMES, Level),
        (SOURCE_NAMES, PositionSource),
        (MODE_NAMES, Mode),
        (DATUM_NAMES, Datum),
    ],
)
def test_every_word_of_the_domain_has_a_name(table: dict, words: type[StrEnum]) -> None:
    assert set(table) == set(words)


def test_verbs_have_an_event_in_the_timeline() -> None:
    assert set(Verb) <= set(EVENT_NAMES)


def test_error_sentence_shows_its_figures_and_survives_missing_ones() -> None:
    assert messages.error_sentence("zh", "too_many_photos", {"limit": 9}) == "最多 9 张照片。"
    assert messages.error_sentence("en", "too_many_photos", {}) == "At most … photos."
    assert messages.error_sentence("en", "no_such_code", fallback="plain") == "plain"
    assert messages.error_sentence("en", "no_such_code") == translate("en", ERROR_MESSAGES["error"])


def test_braces_in_values_are_only_text() -> None:
    assert translate("zh", "网格 {code}", code="{0.__class__}") == "网格 {0.__class__}"


@pytest.mark.parametrize(
    ("wishes", "accept", "expected"),
    [
        (("en", "zh"), "", "en"),
        ((None, "en"), "zh-CN", "en"),
        (("fr", None), "de;q=0.9, en-GB;q=0.8", "en"),
        ((None,), "", "zh"),
        ((None,), "ja, zh-TW", "zh"),
    ],
)
def test_choose_language(wishes: tuple, accept: str, expected: str) -> None:
    assert choose_language(*wishes, accept=accept) == expected


def test_moments_are_in_the_communitys_time() -> None:
    moment = datetime(2026, 3, 1, 17, 5, tzinfo=UTC)
    assert format_moment("zh", moment, "Asia/Shanghai") == "3月2日 01:05"
    assert format_moment("en", moment, "Asia/Shanghai", year=True) == "2 Mar 2026, 01:05"
    assert format_moment("zh", None, "Asia/Shanghai") == "—"


def test_numbers_and_durations() -> None:
    assert format_number("en", 12345.678, digits=1) == "12,345.7"
    assert [format_duration("en", seconds) for seconds in (1, 190, 5400, 4 * 86400)] == [
        "1 min",
        "3 min",
        "1.5 h",
        "4 days",
    ]
