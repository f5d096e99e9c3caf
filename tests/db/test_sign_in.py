"""Signing in: failures are counted, unknown names take as long, demo accounts stay on this machine."""

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gis.errors import InvalidInputError, NotAllowedError, NotSignedInError, TooManyError, WeiwangError
from gis.flows.sign_in import SignedIn, authenticate, sign_in, sign_out
from gis.people.passwords import hash_password
from tests.factories import PASSWORD, draw_community
from tests.loop import Loop


async def enter(loop: Loop, username: str = "desk", password: str = PASSWORD, **options: Any) -> SignedIn:
    return await loop.act(sign_in, username, password, **options)


async def refused(loop: Loop, *args: str, **options: Any) -> WeiwangError:
    with pytest.raises(WeiwangError) as caught:
        await enter(loop, *args, **options)
    return caught.value


async def test_a_session_is_its_owners_until_it_ends(loop: Loop) -> None:
    session = await enter(loop, "grid01")
    assert session.token.startswith("test~")
    assert len(session.token.partition("~")[2]) == 43
    async with loop.database.read() as reading:
        actor, csrf = await authenticate(reading, loop.clock, session.token)
    assert (actor.username, actor.grid_codes, csrf) == ("grid01", frozenset({"01"}), session.csrf)
    loop.clock.at = session.expires_at
    async with loop.database.read() as reading:
        with pytest.raises(NotSignedInError):
            await authenticate(reading, loop.clock, session.token)


async def test_signing_out_ends_it_and_twice_is_no_error(loop: Loop) -> None:
    session = await enter(loop)
    await loop.act(sign_out, session.token)
    await loop.act(sign_out, session.token)
    async with loop.database.read() as reading:
        with pytest.raises(NotSignedInError):
            await authenticate(reading, loop.clock, session.token)


async def test_only_the_hash_of_a_token_is_kept(loop: Loop) -> None:
    session = await enter(loop)
    stored = await loop.value("SELECT token_hash FROM session")
    assert len(stored) == 32
    assert session.token.encode() not in stored


@pytest.mark.parametrize(
    "token", ["", "~", "test~", "test~nonsense", "test", "no\x00body~x", "x" * 9999, "\udcff~a"]
)
async def test_nonsense_is_nobody(loop: Loop, token: str) -> None:
    async with loop.database.read() as reading:
        with pytest.raises(NotSignedInError):
            await authenticate(reading, loop.clock, token)


async def test_while_a_name_is_besieged_its_person_comes_in_from_where_they_were_before(loop: Loop) -> None:
    await enter(loop, address="198.51.100.1")
    await enter(loop, address="198.51.100.1", besieged=True)
    for name in ("desk", "nobody"):
        error = await refused(loop, name, PASSWORD, address="198.51.100.2", besieged=True)
        assert isinstance(error, TooManyError)
        assert (error.code, error.values["retry_after_s"]) == ("too_many_sign_ins", 60)


async def test_an_unknown_name_is_refused_alike_and_takes_as_long(loop: Loop) -> None:
    async def seconds(username: str) -> float:
        begun = time.perf_counter()
        error = await refused(loop, username, "wrong password")
        assert error.code == "sign_in_failed"
        return time.perf_counter() - begun

    async with loop.database.write() as writing:  # the hashes of drawn people are quick ones
        of_desk = text("UPDATE person SET password_hash = :hash WHERE username = 'desk'")
        await writing.run(of_desk, {"hash": hash_password(PASSWORD)})
    await seconds("nobody")  # the first makes the hash to compare with
    unknown = min([await seconds("nobody") for _ in range(5)])
    known = min([await seconds("desk") for _ in range(5)])
    assert 0.4 < unknown / known < 2.5


@pytest.mark.parametrize("username", ["desk\x00", "\udcff", "", "desk' OR 1=1 --"])
async def test_nonsense_names_are_refused_alike(loop: Loop, username: str) -> None:
    assert (await refused(loop, username, "wrong password")).code == "sign_in_failed"


async def test_inactive_people_stay_out(loop: Loop) -> None:
    session = await enter(loop)
    async with loop.database.write() as writing:
        await writing.run(text("UPDATE person SET active = false WHERE username = 'desk'"))
    assert (await refused(loop, "desk", PASSWORD)).code == "sign_in_failed"
    async with loop.database.read() as reading:
        with pytest.raises(NotSignedInError):
            await authenticate(reading, loop.clock, session.token)


@pytest.mark.parametrize(
    ("address", "welcome"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.7", False),
        ("", False),
        ("?", False),
    ],
)
async def test_demo_accounts_sign_in_from_this_machine(loop: Loop, address: str, welcome: bool) -> None:
    async with loop.database.write() as writing:
        await writing.run(text("UPDATE person SET demo = true"))
    if welcome:
        await enter(loop, address=address)
    else:
        error = await refused(loop, "desk", PASSWORD, address=address)
        assert (type(error), error.code) == (NotAllowedError, "demo_sign_in_elsewhere")
        loop.settings.demo_sign_ins_anywhere = True
        await enter(loop, address=address)


async def test_a_name_in_two_communities_needs_the_community(loop: Loop) -> None:
    async with loop.database.write() as writing:
        await draw_community(writing, "other")
    error = await refused(loop, "desk", PASSWORD)
    assert (type(error), error.code) == (InvalidInputError, "community_needed")
    assert (await enter(loop, community_id="other")).actor.community_id == "other"


async def test_a_programs_token_lives_longer(loop: Loop) -> None:
    session = await enter(loop, token=True)
    assert session.expires_at == loop.clock.now() + timedelta(days=loop.settings.sign_in.token_days)


@pytest.mark.parametrize("password", ["\x00", "\udcff", "", "x" * 100_000])
async def test_nonsense_passwords_are_refused_alike(loop: Loop, password: str) -> None:
    assert (await refused(loop, "desk", password)).code == "sign_in_failed"
