"""Errors name a field as its form does, in both languages; no form shows people a field's key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.field_words import FIELD_WORDS
from web.labels import field_label
from web.messages import error_sentence
from web.render import TEMPLATE_FOLDER, renderer

HAN = re.compile(r"[㐀-鿿]")
SHOWN = re.compile(
    r"""<(?:input|select|textarea)\b(?![^>]*type="(?:hidden|submit)")[^>]*?\bname="([a-z_]+)\""""
)


def test_a_field_is_called_as_its_own_form_calls_it() -> None:
    labels = renderer().labels
    assert labels("report.html")["category"] == "什么问题"  # a legend over choices
    assert labels("orders.html")["category"] == "需要什么"
    assert labels("login_code.html")["password"] == "新密码"
    assert labels("desk.html", "bulk-")["agency"] == "责任单位"
    sentence = error_sentence("zh", "field_missing", {"field": "category"}, labels=labels("orders.html"))
    assert sentence == "还缺“需要什么”。"


def test_what_a_label_adds_is_left_out() -> None:
    assert field_label("zh", "hours") == "服务小时数"
    assert field_label("zh", "solved", renderer().labels("rating.html")) == "问题解决了吗"
    assert field_label("en", "into") == "Into which case"


def test_parts_of_fields_and_unknown_ones() -> None:
    assert field_label("zh", "fields.into") == "并入哪一件"
    assert field_label("zh", "case_ids.3") == "选中的案件"
    assert field_label("en", "nobody_knows") == "nobody_knows"


@pytest.mark.parametrize("path", sorted(TEMPLATE_FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_every_field_that_people_fill_in_has_a_name(path: Path) -> None:
    labels = renderer().labels(path.name)
    shown = set(SHOWN.findall(path.read_text("utf-8")))
    unnamed = {name for name in shown if not HAN.search(field_label("zh", name, labels))}
    assert unnamed == set()


def test_general_words_are_translated() -> None:
    assert not [name for name in FIELD_WORDS if HAN.search(field_label("en", name))]
