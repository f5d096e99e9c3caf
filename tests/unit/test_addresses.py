"""The address book: what people type and say, to places."""

from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from gis.addresses import AddressBook, Kind, Place, Reason, parse

SPACE = UUID(int=1)


def _building(
    street: str, street_en: str, number: str, name: str = "", aliases: tuple[str, ...] = ()
) -> Place:
    label = f"{street}{number}号"
    return Place(
        Kind.BUILDING,
        uuid5(SPACE, label),
        label,
        label,
        f"{number} {street_en}",
        123.4,
        41.8,
        name=name,
        street=street,
        street_en=street_en,
        number=number,
        street_aliases=aliases,
    )


def _door(building: Place, unit: str) -> Place:
    label = f"{building.label}{unit}单元"
    return Place(
        Kind.STAIRWELL,
        uuid5(SPACE, label),
        label,
        label,
        "",
        123.4,
        41.8,
        unit=unit,
        building=building.id,
    )


def _named(kind: Kind, code: str, name: str, name_en: str = "") -> Place:
    return Place(kind, uuid5(SPACE, code), code, name, name_en, 123.4, 41.8, name=name, name_en=name_en)


@pytest.fixture(scope="module")
def book() -> AddressBook:
    streets = {"八经街": "Bajing Street", "七经街": "Qijing Street", "北五经街": "Beiwujing Street"}
    numbers = {"八经街": ("4", "40", "46", "46-3", "58"), "七经街": ("13", "5"), "北五经街": ("6", "6-2")}
    houses = [_building(street, streets[street], number) for street in streets for number in numbers[street]]
    return AddressBook(
        [
            *(_named(Kind.STREET, name, name, english) for name, english in streets.items()),
            *houses,
            *(_door(house, unit) for house in houses for unit in ("1", "2", "3")),
            _building("3号路", "", "15"),
            _building("十三纬路", "", "15"),
            _named(Kind.STREET, "3号路", "3号路"),
            _named(Kind.COURTYARD, "Y01", "北五经街6号院", "Courtyard 6"),
            _named(Kind.MICRO_GRID, "01-03", "第一网格第三微网格", "Micro-grid 01-03"),
            _named(Kind.STATION, "S01", "农贸市场", "Market"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "label", "reason"),
    [
        ("八经街46号", "八经街46号", Reason.EXACT),
        ("八经街 46", "八经街46号", Reason.EXACT),
        ("八经街４６號", "八经街46号", Reason.EXACT),
        ("八经街#46", "八经街46号", Reason.EXACT),
        ("八经街四十六号", "八经街46号", Reason.EXACT),
        ("沈阳市和平区八经街46号，停电了", "八经街46号", Reason.EXACT),
        ("bajingjie46", "八经街46号", Reason.PINYIN),
        ("BaJing Jie 46", "八经街46号", Reason.PINYIN),
        ("八京街46号", "八经街46号", Reason.PINYIN),
        ("bjj46", "八经街46号", Reason.INITIALS),
        ("46 Bajing Street", "八经街46号", Reason.EXACT),
        ("Bajing Street 46", "八经街46号", Reason.EXACT),
        ("八经街46-3号", "八经街46-3号", Reason.EXACT),
        ("八经街46号3号楼", "八经街46-3号", Reason.EXACT),
        ("八经街46号院3栋2单元501", "八经街46-3号2单元", Reason.EXACT),
        ("八经街46号3单元5楼501室", "八经街46号3单元", Reason.EXACT),
        ("八经街58-2-501", "八经街58号2单元", Reason.EXACT),
        ("八经街46号9单元", "八经街46号", Reason.EXACT),
        ("北五经街6号院", "北五经街6号院", Reason.EXACT),
        ("北五经街6号院2号楼", "北五经街6-2号", Reason.EXACT),
        ("3号路15号", "3号路15号", Reason.EXACT),
        ("八经街", "八经街", Reason.EXACT),
        ("八", "八经街", Reason.PREFIX),
        ("01-03", "第一网格第三微网格", Reason.EXACT),
        ("y01", "北五经街6号院", Reason.EXACT),
        ("农贸市场门口有垃圾", "农贸市场", Reason.CONTAINED),
        ("13", "七经街13号", Reason.NUMBER),
        ("八街46号", "八经街46号", Reason.SIMILAR),
        ("bajngjie46", "八经街46号", Reason.SIMILAR),
        ("七经街14号", "七经街13号", Reason.SIMILAR),
        ("八经街90号", "八经街58号", Reason.NEAREST_NUMBER),
    ],
)
def test_the_likeliest_place(book, text, label, reason) -> None:
    found = book.search(text)
    if "14" in text or "90" in text:  # no such number: the street itself comes first
        assert (found[0].kind, found[0].reason) == (Kind.STREET, Reason.CONTAINED)
        found = [one for one in found if one.label == label]
    best = found[0]
    assert (best.label, best.reason) == (label, reason), found[:3]


def test_floor_and_flat_are_not_kept() -> None:
    asked = parse("八经街46号3单元5楼501室", ["八经街"])
    assert asked.numbers == (("46", "3"),)
    assert asked.name == "八经街"


def test_a_number_that_begins_alike_comes_after_the_number_itself(book) -> None:
    labels = [one.label for one in book.search("八经街4")]
    assert labels[0] == "八经街4号"
    assert {"八经街40号", "八经街46号"} <= set(labels[1:])


def test_a_guess_never_looks_certain(book) -> None:
    assert all(one.score <= 0.9 for one in book.search("八街46号"))
    assert book.search("八经街46号")[0].score == 1.0


def test_kinds_and_limit(book) -> None:
    assert {one.kind for one in book.search("八经街", kinds=[Kind.STREET])} == {Kind.STREET}
    assert len(book.search("八经街", limit=2)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "。。。",
        "-",
        "号",
        "\x00",
        "🙂",
        "单元",
        "0" * 500,
        "街" * 500,
        "八经街" * 100,
        "'; --",
        "第",
        "46-",
    ],
)
def test_odd_texts_are_no_error(book, text) -> None:
    assert isinstance(book.search(text), list)


def test_an_empty_book_finds_nothing() -> None:
    assert AddressBook([]).search("八经街46号") == []


def test_many_at_once_are_as_one_by_one(book) -> None:
    texts = ["八经街46号", "七经街5", "八经街46号"]
    assert book.search_many(texts, 2) == [book.search(text, 2) for text in texts]


def test_a_number_is_found_on_its_street_by_an_old_name() -> None:
    street = replace(_named(Kind.STREET, "中山路", "中山路"), aliases=("浪速通",))
    book = AddressBook(
        [street, _building("中山路", "", "65", aliases=("浪速通",)), _building("中山路", "", "67")]
    )
    for asked in ("浪速通65号", "langsutong 65", "中山路65"):
        assert book.search(asked)[0].label == "中山路65号", asked
    assert book.search("浪速通")[0].kind is Kind.STREET
