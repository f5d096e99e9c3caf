"""The drawn community of the tests is a sound one."""

from sqlalchemy import text

from gis.store.session import Database
from tests.factories import Community


async def test_cells_cover_the_community(database: Database, community: Community) -> None:
    async with database.read() as session:
        gap = await session.value(
            text(
                "SELECT st_area(st_symdifference(c.geom, st_union(a.geom))) FROM community c JOIN area a"
                " USING (community_id) WHERE a.level = 'micro_grid' GROUP BY c.geom"
            )
        )
    assert gap < 1e-15
    assert set(community.people) >= {"desk", "grid01", "watcher02-02", "rider3", "water"}
