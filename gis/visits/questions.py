"""What a campaign asks at every door, and what may be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gis.errors import InvalidInputError

MOST_QUESTIONS = 20
MOST_OPTIONS = 12
LONGEST = 200
LONGEST_ANSWER = 500
MOST_DIGITS = 9


class QuestionKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    key: str
    """``q1``, ``q2``, ...: stays the same while answers are kept by it."""
    text: str
    kind: QuestionKind
    options: tuple[str, ...] = ()
    """An answer is kept as its option is written here, whatever the language it was read in."""
    text_en: str = ""
    options_en: tuple[str, ...] = ()
    """One for each option, empty where there is none; or none at all."""

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "key": self.key,
            "text": self.text,
            "kind": self.kind.value,
            "options": list(self.options),
            "text_en": self.text_en,
            "options_en": list(self.options_en),
        }

    def asked(self, language: str) -> str:
        """Return the question in a language, as far as it was written in it."""
        return self.text_en if language == "en" and self.text_en else self.text

    def answered(self, language: str, answer: str) -> str:
        """Return an answer as its option reads in a language; any other answer as it is."""
        english = dict(zip(self.options, self.options_en, strict=False))
        return (english.get(answer) or answer) if language == "en" else answer

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Question:
        """Return the question that ``as_json`` was made from."""
        return cls(
            stored["key"],
            stored["text"],
            QuestionKind(stored["kind"]),
            tuple(stored.get("options", ())),
            stored.get("text_en", ""),
            tuple(stored.get("options_en", ())),
        )


def questions_of(lines: str) -> tuple[Question, ...]:
    """Return questions from text: one on each line; what follows it says how it is answered.

    ``有什么困难？`` is answered in words, ``家里有老人吗？|是否`` by yes or no, ``几口人？|数字`` by a number, and
    ``最想解决什么？|停车|电梯|环境`` by one of a few. ``yes/no`` and ``number`` are understood too. English stands behind two
    strokes: ``几口人？//How many people?|数字``.

    Raises
    ------
    InvalidInputError
        ``question_too_long``, ``too_many_questions``, ``question_options``.
    """
    wanted = [line.strip() for line in lines.splitlines() if line.strip()]
    if len(wanted) > MOST_QUESTIONS:
        raise InvalidInputError(
            f"at most {MOST_QUESTIONS}", code="too_many_questions", field="questions", limit=MOST_QUESTIONS
        )
    return tuple(_question(f"q{number}", line) for number, line in enumerate(wanted, start=1))


_SAYS = {
    "是否": QuestionKind.YES_NO,
    "yes/no": QuestionKind.YES_NO,
    "数字": QuestionKind.NUMBER,
    "number": QuestionKind.NUMBER,
}


def _question(key: str, line: str) -> Question:
    parts = [_both(part) for part in line.replace("｜", "|").split("|")]
    (text, text_en), rest = parts[0], parts[1:]
    options: dict[str, str] = {}
    for one, english in rest:
        if one:
            options.setdefault(one, english)
    if not text or any(len(one) > LONGEST for pair in (parts[0], *options.items()) for one in pair):
        raise InvalidInputError(
            f"at most {LONGEST} characters", code="question_too_long", field="questions", limit=LONGEST
        )
    if not options:
        return Question(key, text, QuestionKind.TEXT, text_en=text_en)
    [first, *others] = options
    if not others and first.lower() in _SAYS:
        return Question(key, text, _SAYS[first.lower()], text_en=text_en)
    if not 2 <= len(options) <= MOST_OPTIONS:  # noqa: PLR2004 - one is no choice
        raise InvalidInputError(
            "two options at least", code="question_options", field="questions", limit=MOST_OPTIONS
        )
    translated = tuple(options.values()) if any(options.values()) else ()
    return Question(key, text, QuestionKind.CHOICE, tuple(options), text_en, translated)


def _both(part: str) -> tuple[str, str]:
    """Return what is written before two strokes, and the English behind them."""
    chinese, _, english = (one.strip() for one in part.partition("//"))
    return chinese, english


def written(questions: Sequence[Question]) -> str:
    """Return questions as text, as ``questions_of`` reads it."""
    ending = {QuestionKind.YES_NO: ("是否",), QuestionKind.NUMBER: ("数字",)}
    return "\n".join(
        "|".join((_line(one.text, one.text_en), *ending.get(one.kind, _options(one)))) for one in questions
    )


def _options(one: Question) -> tuple[str, ...]:
    english = one.options_en or ("",) * len(one.options)
    return tuple(_line(*pair) for pair in zip(one.options, english, strict=True))


def _line(chinese: str, english: str) -> str:
    return f"{chinese}//{english}" if english else chinese


def checked_answers(questions: Sequence[Question], given: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to a campaign's questions; what wasn't answered is left out.

    Raises
    ------
    InvalidInputError
        ``answer_unknown``, ``answer_not_number``, ``answer_not_option``, ``text_too_long``.
    """
    known = {one.key: one for one in questions}
    found = {}
    for key, text in given.items():
        if key not in known:
            raise InvalidInputError("no such question", code="answer_unknown", field="answers")
        if answer := str(text).strip():
            found[key] = _answer(known[key], answer)
    return found


def _answer(question: Question, answer: str) -> str:
    field = f"answer_{question.key}"
    if len(answer) > LONGEST_ANSWER:
        raise InvalidInputError("too long", code="text_too_long", field=field, limit=LONGEST_ANSWER)
    if question.kind is QuestionKind.NUMBER and not (
        answer.isascii() and answer.isdecimal() and len(answer) <= MOST_DIGITS
    ):
        raise InvalidInputError("not a number", code="answer_not_number", field=field)
    options = ("yes", "no") if question.kind is QuestionKind.YES_NO else question.options
    if question.kind in {QuestionKind.YES_NO, QuestionKind.CHOICE} and answer not in options:
        raise InvalidInputError("none of the options", code="answer_not_option", field=field)
    return answer
