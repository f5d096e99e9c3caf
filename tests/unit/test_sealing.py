"""Sealing: opened only with the key, in its own community and place; keys change while both hold."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import ConflictError, SetupError
from gis.flows.sealing import add_key, vault_of
from gis.sealing import Vault, fresh_key, parse_keys
from gis.settings import IdentitySettings, Settings
from gis.store.sealing_keys import NAME, keys_in

KEY = fresh_key()
VAULT = Vault([KEY])
TEXTS = st.text(alphabet=st.characters(blacklist_categories=["Cs"]))


@given(TEXTS)
def test_what_is_sealed_is_opened_and_never_looks_alike(text: str) -> None:
    sealed = VAULT.seal("a", "resident.name:1", text)
    assert VAULT.open("a", "resident.name:1", sealed) == text
    assert sealed != VAULT.seal("a", "resident.name:1", text)
    if len(text.encode()) > 3:
        assert text.encode() not in sealed


@pytest.mark.parametrize(("community", "place"), [("b", "resident.name:1"), ("a", "resident.name:2")])
def test_it_opens_nowhere_else(community: str, place: str) -> None:
    with pytest.raises(SetupError, match="altered") as told:
        VAULT.open(community, place, VAULT.seal("a", "resident.name:1", "王秀英"))
    assert told.value.code == "sealed_damaged"


@given(st.integers(min_value=5, max_value=40), st.integers(min_value=1, max_value=255))
def test_one_altered_byte_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(VAULT.seal("a", "p", "13800001234, 八经街46号"))
    sealed[min(place, len(sealed) - 1)] ^= change
    with pytest.raises(SetupError):
        VAULT.open("a", "p", bytes(sealed))


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x02" + b"0" * 60, b"\x01" + b"1" * 60])
def test_rubbish_is_told_as_a_missing_key(rubbish: bytes) -> None:
    with pytest.raises(SetupError) as told:
        VAULT.open("a", "p", rubbish)
    assert told.value.code == "sealing_key_missing"


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    new = fresh_key()
    both = Vault([new, KEY])
    old = VAULT.seal("a", "p", "x")
    assert both.open("a", "p", old) == "x"
    assert both.seal("a", "p", "x").startswith(both.head)
    assert not old.startswith(both.head)
    with pytest.raises(SetupError):
        Vault([new]).open("a", "p", old)


def test_marks_are_equal_for_equals_only() -> None:
    mark = VAULT.mark("a", "phone", "13800001234")
    assert mark == VAULT.mark("a", "phone", "13800001234")
    others = [("b", "phone", "13800001234"), ("a", "id_number", "13800001234"), ("a", "phone", "13800001235")]
    assert mark not in [VAULT.mark(*one) for one in others]
    assert mark in Vault([fresh_key(), KEY]).marks("a", "phone", "13800001234")


def test_keys_are_read_as_they_are_written() -> None:
    assert parse_keys(["# mine", "", KEY.text, f" {KEY.text} "]) == (KEY,)
    assert KEY.text not in repr(KEY)
    for wrong in ("short", KEY.text[:-4], "钥匙" * 20):
        with pytest.raises(SetupError):
            parse_keys([wrong])


def test_the_file_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    sealed = vault_of(settings).seal("a", "p", "x")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
    add_key(settings)
    assert len(keys_in(tmp_path)) == 2
    assert vault_of(settings).open("a", "p", sealed) == "x"
    assert vault_of(settings).head != sealed[:5]


def test_keys_of_a_setting_come_first_and_are_changed_there(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, identity=IdentitySettings(keys=(KEY.text,)))
    assert vault_of(settings).open("a", "p", VAULT.seal("a", "p", "x")) == "x"
    assert KEY.text not in repr(settings)
    with pytest.raises(ConflictError):
        add_key(settings)
    assert list(tmp_path.iterdir()) == []
