"""The codes on plates: what they name comes back, and nothing else is taken for a plate."""

import secrets
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.plates import LONGEST_CODE, Plate, PlateKind, decode, encode, plate_of

KEY, OLDER = bytes(range(32)), bytes(range(1, 33))
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
codes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20)
plates = st.one_of(
    st.builds(
        lambda place, kind: plate_of("heping", kind, place),
        st.uuids(),
        st.sampled_from([PlateKind.STAIRWELL, PlateKind.BUILDING]),
    ),
    st.builds(lambda code: plate_of("heping", PlateKind.MICRO_GRID, code), codes),
)


@given(plates, st.binary(min_size=16, max_size=64))
def test_what_was_signed_comes_back(plate, key):
    assert decode(encode(plate, key), "heping", [key]) == plate


@given(plates, st.data())
def test_any_flipped_character_is_refused(plate, data):
    code = encode(plate, KEY)
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(CHARACTERS).filter(lambda letter: letter != code[at]))
    assert decode(code[:at] + other + code[at + 1 :], "heping", [KEY]) is None


def test_every_flip_of_one_code_is_refused():
    code = encode(plate_of("heping", PlateKind.STAIRWELL, uuid4()), KEY)
    flips = [
        code[:at] + sign + code[at + 1 :]
        for at in range(len(code))
        for sign in CHARACTERS + CHARACTERS.lower() + "0189=+/- "
    ]
    assert [flip for flip in flips if flip != code and decode(flip, "heping", [KEY])] == []


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_plate(text):
    assert decode(text, "heping", [KEY]) is None


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda code: code + "=",
        lambda code: code + "A",
        lambda code: code[:-1],
        lambda code: f" {code}",
        lambda code: f"{code}\n",
    ],
)
def test_only_the_exact_text_is_taken(change):
    code = encode(Plate("heping", PlateKind.MICRO_GRID, "09-05"), KEY)
    assert decode(code, "heping", [KEY])
    assert decode(change(code), "heping", [KEY]) is None


@pytest.mark.parametrize(
    "text", ["", "A", "=", "AAAAAAAA", "A" * (LONGEST_CODE + 1), "码" * 28, "\x00" * 28, "AAAA====" * 3]
)
def test_nonsense_is_refused(text):
    assert decode(text, "heping", [KEY]) is None


def test_a_plate_holds_in_its_own_community_only():
    code = encode(Plate("heping", PlateKind.MICRO_GRID, "01-01"), KEY)
    assert decode(code, "yuetanshan", [KEY]) is None
    assert encode(Plate("yuetanshan", PlateKind.MICRO_GRID, "01-01"), KEY) != code


def test_kinds_are_told_apart():
    place = UUID(int=1 << 127)
    assert (
        len(
            {
                encode(plate_of("heping", kind, place), KEY)
                for kind in (PlateKind.STAIRWELL, PlateKind.BUILDING)
            }
        )
        == 2
    )


def test_older_keys_hold_until_they_are_taken_away():
    plate = plate_of("heping", PlateKind.BUILDING, uuid4())
    old, new = encode(plate, OLDER), encode(plate, KEY)
    assert old != new
    assert decode(old, "heping", [KEY, OLDER]) == decode(new, "heping", [KEY, OLDER]) == plate
    assert decode(old, "heping", [KEY]) is None
    assert decode(old, "heping", []) is None


def test_a_door_takes_28_characters():
    assert len(encode(plate_of("heping", PlateKind.STAIRWELL, uuid4()), secrets.token_bytes(32))) == 28
    assert len(encode(plate_of("heping", PlateKind.MICRO_GRID, "09-05"), KEY)) == 23
