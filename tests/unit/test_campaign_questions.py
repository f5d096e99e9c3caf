"""Questions of a campaign, written in lines: how they are answered, and in which languages they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InvalidInputError
from gis.visits.questions import Question, QuestionKind, questions_of, written

WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="|｜/", exclude_categories=("C", "Z")),
    min_size=1,
    max_size=9,
)


def test_english_stands_behind_two_strokes() -> None:
    [people, wish, plain] = questions_of(
        "几口人？//How many?|数字\n最想解决什么？//What first?|停车//Parking|电梯\n有什么建议？"
    )
    assert (people.kind, people.asked("en"), people.asked("zh")) == (
        QuestionKind.NUMBER,
        "How many?",
        "几口人？",
    )
    assert (wish.options, wish.options_en) == (("停车", "电梯"), ("Parking", ""))
    assert [wish.answered("en", one) for one in wish.options] == ["Parking", "电梯"]
    assert wish.answered("zh", "停车") == "停车"
    assert (plain.asked("en"), plain.options_en) == ("有什么建议？", ())


def test_what_was_stored_before_there_was_english_is_read() -> None:
    old = {"key": "q1", "text": "几口人？", "kind": "number", "options": []}
    assert Question.from_json(old).asked("en") == "几口人？"


@given(
    st.lists(
        st.tuples(
            WORDS,
            WORDS,
            st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=4, unique_by=lambda pair: pair[0]),
        ),
        max_size=5,
    )
)
def test_questions_are_read_as_they_are_written(lines: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
    text = "\n".join("|".join((f"{one}//{en}", *(f"{a}//{b}" for a, b in rest))) for one, en, rest in lines)
    found = questions_of(text)
    assert written(found) == text
    assert [Question.from_json(one.as_json()) for one in found] == list(found)


@pytest.mark.parametrize(
    "line", ["//only English|是否", "x|" + "长" * 201 + "|b", "x|a//" + "b" * 201 + "|c"]
)
def test_bad_lines_are_refused(line: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        questions_of(line)
    assert refused.value.code == "question_too_long"
