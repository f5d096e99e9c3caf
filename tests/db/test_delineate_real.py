"""Communities as OpenStreetMap has them: imported, divided, published without a fault."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import shapely

from gis.areas.delineation import divide
from gis.clock import SystemClock
from gis.flows.atlas import Atlas
from gis.flows.boundaries.loading import version_areas
from gis.flows.delineate import DelineationWish, draw
from gis.flows.delineate_ground import stored_surroundings
from gis.flows.delineate_publish import publish_drawn
from gis.flows.import_community import import_community
from gis.flows.import_request import ImportRequest
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.accounts import operator
from gis.store.jobs import ProcrastinateJobs
from gis.store.photos import PhotoStore
from gis.store.session import Database
from gis.words import Level
from tests.extent import only_whole

SHARED = Path(__file__).parents[3] / "shared/data/osm"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not there")
@pytest.mark.parametrize(
    ("name", "options", "wish"),
    [
        (
            "beijing_tsinghua.osm",
            {"box": "116.31,39.992,116.33,40.01"},
            DelineationWish(60, 8, assumed_levels=6),
        ),
        pytest.param(
            "monaco_20231121.osm.pbf",
            {"timezone": "Europe/Monaco"},
            DelineationWish(141, 15, assumed_levels=5),
            marks=only_whole,
        ),
    ],
)
async def test_real_communities_are_published(  # noqa: PLR0917 - three of them fixtures
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    options: dict[str, Any],
    wish: DelineationWish,
) -> None:
    # a short search: balance is judged by scripts/bench_delineation.py, here that whatever is drawn can be published
    monkeypatch.setattr(divide, "STEPS_PER_ATOM", 20)
    monkeypatch.setattr(divide, "MIN_STEPS", 2000)
    wanted = ImportRequest.from_options(
        community_id="real", name=name, files={"osm": SHARED / name}, **options
    )
    await import_community(database, wanted)
    async with database.read() as session:
        ground = await stored_surroundings(session, "real")
    drawn = await asyncio.to_thread(draw, ground, wish)
    report = drawn.report
    assert report.grids is not None
    for level, count in ((report.micro_grids, wish.micro_grids), (report.grids, wish.grids)):
        assert level.cells == count
        assert level.contiguous
        assert level.coverage_valid
        assert level.within_20_percent <= level.best_within_20_percent
    assert report.micro_grids.main_street_crossings == 0
    async with database.write() as session:
        work = Work(
            session,
            SystemClock(),
            ProcrastinateJobs(),
            Atlas(),
            PhotoStore(tmp_path),
            Settings(state=tmp_path),
        )
        published = await publish_drawn(work, operator("real"), drawn, note="drawn")
    async with database.read() as session:
        areas = {rows.level: rows for rows in await version_areas(session, "real", published.version)}
    cells = areas[Level.MICRO_GRID].geometry
    assert len(cells) == wish.micro_grids
    assert shapely.coverage_is_valid(shapely.get_geometry(cells, 0))
    assert (shapely.get_num_geometries(cells) == 1).all()
    assert (shapely.get_num_geometries(areas[Level.GRID].geometry) == 1).all()
