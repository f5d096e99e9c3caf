"""Certificates: a skill counts only while one holds, numbers are sealed, ends are told once, thirty days before."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError
from gis.flows.teams.certificates import (
    CertificateDraft,
    bind_certificates,
    certificate_number,
    record_certificate,
    withdraw_certificate,
)
from gis.store import certificates, self_claims
from gis.store.rosters import load_roster
from tests.loop import Loop

TODAY = date(2026, 6, 3)


async def recorded(loop: Loop, person: str = "rider1", **fields) -> UUID:
    given: dict[str, Any] = {"kind": "first_aid", "issued_on": date(2025, 1, 1)} | fields
    draft = CertificateDraft(given.pop("certificate_id", uuid4()), person, **given)
    return await loop.act(record_certificate, loop.actor("desk"), draft)


async def counting(loop: Loop, person: str = "rider1") -> set[str]:
    """Return somebody's skills as dispatch sees them, in both places where it looks."""
    now, community_id = loop.clock.now(), loop.community.community_id
    async with loop.database.read() as session:
        roster = await load_roster(session, community_id, now)
        alone = await self_claims.standing(
            session, community_id, loop.community.id(person), fresh_since=now, now=now
        )
    (seen,) = [set(one.skills) for one in roster.people if one.person_id == loop.community.id(person)]
    assert alone is not None
    assert set(alone.skills) == seen
    return seen


async def test_a_skill_counts_only_while_a_certificate_holds(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    await recorded(loop, ends_on=TODAY)
    await recorded(loop, kind="health", ends_on=TODAY)
    assert await counting(loop) == {"first_aid"}
    loop.wait(24 * 3600)
    assert await counting(loop) == set()
    await recorded(loop, ends_on=None)
    assert await counting(loop) == {"first_aid"}


async def test_a_skill_without_any_certificate_counts_as_the_office_entered_it(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    async with loop.database.write() as session:
        await certificates.learn(
            session, loop.community.community_id, [loop.community.id("rider1")], "plumbing"
        )
    assert await counting(loop) == {"plumbing"}


async def test_a_withdrawn_certificate_no_longer_counts(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    one = await recorded(loop)
    await loop.act(withdraw_certificate, loop.actor("desk"), one, "证件有误")
    assert await counting(loop) == set()


async def test_who_holds_a_kind_on_a_day(loop: Loop) -> None:
    await recorded(loop, kind="health", ends_on=TODAY)
    await recorded(loop, "rider2", kind="health", ends_on=None)
    async with loop.database.read() as session:
        for day, expected in (
            (TODAY, {"rider1": TODAY, "rider2": None}),
            (TODAY + timedelta(1), {"rider2": None}),
        ):
            found = await certificates.holders(session, loop.community.community_id, "health", day)
            assert found == {loop.community.id(name): ends for name, ends in expected.items()}


async def test_ends_are_told_once_thirty_days_before(loop: Loop) -> None:
    sweep = bind_certificates(loop.work)["sweep_certificates"]
    await recorded(loop, ends_on=TODAY + timedelta(days=31))
    await recorded(loop, "rider2", ends_on=TODAY + timedelta(days=31))
    await recorded(loop, "rider2", ends_on=TODAY + timedelta(days=400))
    told = "SELECT count(*) FROM notice WHERE kind = 'certificate_ends'"
    await sweep()
    assert await loop.value(told) == 0
    loop.wait(24 * 3600)
    await sweep()
    await sweep()
    assert await loop.value(told) == 2  # whose it is, and the desk; rider2 has a later one
    people = {row.person_id for row in await loop.rows("SELECT person_id FROM notice")}
    assert people == {loop.community.id("rider1"), loop.community.id("desk")}


async def test_numbers_are_sealed_and_every_look_is_logged(loop: Loop) -> None:
    one = await recorded(loop, number="210102199001011234")
    stored = bytes(await loop.value("SELECT number FROM certificate"))
    assert b"2101" not in stored
    with pytest.raises(NotAllowedError):
        await loop.act(certificate_number, loop.actor("rider2"), one)
    for name in ("desk", "rider1"):
        assert await loop.act(certificate_number, loop.actor(name), one) == "210102199001011234"
    looks = await loop.rows("SELECT person_id, kind FROM access ORDER BY access_id")
    assert [(row.person_id, row.kind) for row in looks] == [
        (loop.community.id("desk"), "certificate"),
        (loop.community.id("rider1"), "certificate"),
    ]


async def test_a_repeat_changes_nothing_and_an_id_is_for_one(loop: Loop) -> None:
    one = await recorded(loop)
    assert await recorded(loop, certificate_id=one) == one
    with pytest.raises(ConflictError):
        await recorded(loop, "rider2", certificate_id=one)
    assert await loop.value("SELECT count(*) FROM certificate") == 1


async def test_what_is_no_certificate(loop: Loop) -> None:
    for code, fields in (
        ("certificate_kind", {"kind": "nonsense"}),
        ("certificate_issued", {"issued_on": TODAY + timedelta(days=2)}),
        ("certificate_ends", {"ends_on": date(2024, 12, 31)}),
        ("person_not_called", {"person": "nobody"}),
        ("text_too_long", {"number": "1" * 61}),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await recorded(loop, **fields)
        assert refused.value.code == code
