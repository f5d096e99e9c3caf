"""People are added with what they are responsible for; patrols are recorded once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.create_person import PersonDraft, create_person
from gis.flows.record_patrol import PatrolDraft, record_patrol
from gis.flows.seed_people import PASSWORD, seed_people
from gis.flows.sign_in import sign_in
from gis.words import Role
from tests.loop import Loop


def draft(**changes: object) -> PersonDraft:
    fields: dict[str, object] = {
        "username": "new.one",
        "password": "long enough",
        "name": "新人",
        "role": Role.WATCHER,
    }
    return PersonDraft(**fields | changes)  # type: ignore[arg-type]


async def test_a_new_person_signs_in_and_takes_offers(loop: Loop) -> None:
    await loop.act(create_person, loop.actor("admin"), "test", draft(micro_grids=("01-02",)))
    signed_in = await loop.act(sign_in, "new.one", "long enough")
    assert signed_in.actor.micro_grid_codes == {"01-02"}
    loop.community.people["new.one"] = signed_in.actor
    await loop.on_duty("new.one", (35, 20))
    assert (await loop.report()).offer is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "Ö"}, "username_invalid"),
        ({"username": "a b"}, "username_invalid"),
        ({"password": "short"}, "password_length"),
        ({"name": " "}, "text_needed"),
        ({"micro_grids": ("99-99",)}, "area_unknown"),
        ({"role": Role.AGENCY}, "agency_needed"),
        ({"role": Role.AGENCY, "agency_code": "nobody"}, "agency_unknown"),
    ],
)
async def test_bad_people_are_refused(loop: Loop, changes: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(create_person, None, "test", draft(**changes))
    assert refused.value.code == code


async def test_names_are_taken_once_and_only_by_administrators(loop: Loop) -> None:
    with pytest.raises(ConflictError):
        await loop.act(create_person, None, "test", draft(username="desk"))
    with pytest.raises(NotAllowedError):
        await loop.act(create_person, loop.actor("desk"), "test", draft())
    with pytest.raises(NotFoundError):
        await loop.act(create_person, None, "elsewhere", draft())


async def test_demo_people_have_a_watcher_for_every_micro_grid(loop: Loop) -> None:
    await loop.rows("SELECT 1")
    async with loop.database.write() as session:
        from sqlalchemy import text

        for table in ("person_area", "responder", "person"):
            await session.run(text(f"DELETE FROM {table}"))
    seeded = await loop.act(seed_people, "test")
    assert (seeded.watchers, seeded.riders, seeded.grid_workers) == (4, 120, 2)
    outside = await loop.rows(
        """
        SELECT p.username FROM responder r JOIN person p USING (community_id, person_id)
        JOIN person_area w USING (community_id, person_id) JOIN area a ON a.code = w.code AND a.level = 'micro_grid'
        WHERE NOT st_contains(a.geom, r.home)
        """
    )
    assert outside == []
    names = await loop.value("SELECT count(DISTINCT name) = count(*) FROM person WHERE role <> 'agency'")
    assert names
    for username in ("admin", "desk", "planner", "resident", "grid02", "watcher004", "rider120", "water"):
        assert (await loop.act(sign_in, username, PASSWORD, address="127.0.0.1")).actor.username == username


async def test_a_patrol_is_recorded_once(loop: Loop) -> None:
    segments = tuple(
        row.segment_id for row in await loop.rows("SELECT segment_id FROM street_segment LIMIT 3")
    )
    now = loop.clock.now()
    patrol = PatrolDraft(uuid4(), now - timedelta(hours=1), now, segments)
    rider = loop.actor("rider1")
    assert not (await loop.act(record_patrol, rider, patrol)).replayed
    assert (await loop.act(record_patrol, rider, patrol)).replayed
    with pytest.raises(ConflictError):
        await loop.act(record_patrol, loop.actor("rider2"), patrol)
    assert await loop.value("SELECT count(*) FROM patrol") == 1


@pytest.mark.parametrize(("start_h", "end_h"), [(1, 1), (1, 2), (-2, -1), (20, 1)])
async def test_patrols_have_sensible_times(loop: Loop, start_h: float, end_h: float) -> None:
    now = loop.clock.now()
    patrol = PatrolDraft(uuid4(), now - timedelta(hours=start_h), now - timedelta(hours=end_h))
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(record_patrol, loop.actor("rider1"), patrol)
    assert refused.value.code == "patrol_times"


async def test_patrols_name_streets_that_exist(loop: Loop) -> None:
    now = loop.clock.now()
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(
            record_patrol,
            loop.actor("rider1"),
            PatrolDraft(uuid4(), now - timedelta(hours=1), now, (uuid4(),)),
        )
    assert refused.value.code == "segment_unknown"
