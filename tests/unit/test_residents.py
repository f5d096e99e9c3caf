"""Records of residents: numbers, ages, what is checked, and how people are found."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InvalidInputError
from gis.residents.numbers import birth_of, looks_like_number, masked, plain_id_number, plain_phone
from gis.residents.records import (
    Contact,
    Grounds,
    Person,
    checked_grounds,
    checked_person,
    person_of,
    told,
)
from gis.residents.searching import matcher, name_matches, words_of
from gis.residents.words import CARE_FLAGS, age_flags

TODAY = date(2026, 6, 3)
ID = "11010519491231002X"  # the standard's own example


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("138 0000-1234", "13800001234"),
        ("＋86（138）00001234", "13800001234"),
        ("024-23456789", "02423456789"),
    ],
)
def test_telephone_numbers_have_one_form(text: str, plain: str) -> None:
    assert plain_phone(text) == plain


@pytest.mark.parametrize("text", ["abc", "12", "1380000123x", "1" * 30])
def test_what_is_no_telephone_number(text: str) -> None:
    with pytest.raises(InvalidInputError) as told_of:
        plain_phone(text)
    assert told_of.value.code == "phone_invalid"


def test_identity_numbers_are_checked() -> None:
    assert plain_id_number("110105 19491231 002x") == ID
    assert birth_of(ID) == date(1949, 12, 31)
    for wrong in ("110105194912310021", "11010519491331002X", ID[:-1], "x" * 18, "１" * 17):
        with pytest.raises(InvalidInputError):
            plain_id_number(wrong)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_told(text: str) -> None:
    for read in (plain_phone, plain_id_number):
        with contextlib.suppress(InvalidInputError):
            assert read(text).isascii()
    looks_like_number(text)


def test_numbers_are_shown_without_their_middle() -> None:
    assert masked(ID) == "110***********002X"
    assert masked("110") == "***"
    assert looks_like_number("13800001234") == ("phone", "13800001234")
    assert looks_like_number(ID) == ("id_number", ID)
    assert looks_like_number("301") is None


@pytest.mark.parametrize(
    ("born", "flags"), [(1946, ("age80",)), (1936, ("age90",)), (1947, ()), (None, ()), (1900, ("age90",))]
)
def test_ages_follow_from_the_year(born: int | None, flags: tuple[str, ...]) -> None:
    assert age_flags(born, 2026) == flags


def test_a_person_is_checked_and_told() -> None:
    stated = Person(
        " 王  秀英 ",
        "138-0000-1234",
        ID,
        flags=("mobility", "dementia"),
        contacts=(Contact("王强", "024-1234567", "儿子"), Contact("", "")),
    )
    found = checked_person(stated, TODAY, CARE_FLAGS)
    assert (found.name, found.birth_year, found.birth_day) == ("王 秀英", 1949, "12-31")
    assert found.contacts == (Contact("王强", "0241234567", "儿子"),)
    assert person_of(told(found)) == found


@pytest.mark.parametrize(
    ("person", "code", "field"),
    [
        (Person(""), "text_needed", "name"),
        (Person("王" * 61), "text_too_long", "name"),
        (Person("王", relation="boss"), "relation_unknown", "relation"),
        (Person("王", flags=("rich",)), "flag_unknown", "flags"),
        (Person("王", birth_year=1889), "birth_year_invalid", "birth_year"),
        (Person("王", birth_year=2027), "birth_year_invalid", "birth_year"),
        (Person("王", birth_day="13-01"), "birth_day_invalid", "birth_day"),
        (Person("王", id_number=ID, birth_year=1950), "birth_differs", "birth_year"),
        (Person("王", contacts=(Contact("李", ""),)), "contact_incomplete", "contact1_phone"),
        (Person("王", contacts=4 * (Contact("李", "13800001234"),)), "contacts_too_many", "contacts"),
        (Person("王", moved_out_on=date(2026, 6, 4)), "day_in_future", "moved_out_on"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_field(person: Person, code: str, field: str) -> None:
    with pytest.raises(InvalidInputError) as told_of:
        checked_person(person, TODAY, CARE_FLAGS)
    assert (told_of.value.code, told_of.value.field) == (code, field)


def test_grounds_are_needed() -> None:
    assert checked_grounds(Grounds("care", " 本人 ", TODAY), TODAY).source == "本人"
    for wrong in (
        Grounds("ads", "本人", TODAY),
        Grounds("care", "", TODAY),
        Grounds("care", "x", date(2027, 1, 1)),
    ):
        with pytest.raises(InvalidInputError):
            checked_grounds(wrong, TODAY)


@pytest.mark.parametrize(
    "word", ["王", "秀英", "王秀英", "wangxiuying", "wxy", "wangxy", "wxiuy", "xiuying", "w", "wang'xiu'ying"]
)
def test_a_name_is_found(word: str) -> None:
    assert name_matches("王秀英", word)


@pytest.mark.parametrize("word", ["李", "wangx1", "ying秀", "zxy", "wyx", "wangxiuyingg", "wxyz"])
def test_another_name_is_not(word: str) -> None:
    assert not name_matches("王秀英", word)


@pytest.mark.parametrize(
    ("name", "word"), [("曾志强", "zzq"), ("单雄", "shanxiong"), ("吕芳", "lvf"), ("Li Wei", "wei")]
)
def test_letters_that_sound_in_two_ways(name: str, word: str) -> None:
    assert name_matches(name, word)


def test_all_words_have_to_fit_and_names_are_opened_only_if_needed() -> None:
    opened: list[int] = []

    def name() -> str:
        opened.append(1)
        return "王秀英"

    matches = matcher(words_of("46号 独居"), lambda word: word == "独居")
    assert matches(name, "八经街46号2单元301")
    assert opened == []
    matches = matcher(words_of("ｗｘｙ，46号"), lambda word: False)
    assert matches(name, "八经街46号")
    assert opened == [1]
    assert not matches(name, "八经街47号")


@given(st.text(max_size=30), st.text(max_size=100))
def test_any_search_ends(name: str, typed: str) -> None:
    for word in words_of(typed):
        name_matches(name, word)
