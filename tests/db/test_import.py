"""Loading communities into real PostGIS: whole or not at all, again with the same ids, and the atlas that serves them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from gis.addresses import address
from gis.crs import from_wgs84, parse_position
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.atlas import Atlas
from gis.flows.import_community import ImportSummary, import_community
from gis.flows.import_request import ImportRequest
from gis.flows.locate import locate
from gis.store.session import Database
from gis.words import Datum, Mode

DEMO = Path("data/boundaries")
SHARED = Path(__file__).parents[3] / "shared/data/osm"
there = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not there")
TABLES = (
    "community",
    "area",
    "area_version",
    "building",
    "stairwell",
    "street_segment",
    "gate",
    "feature",
    "station",
)
WEST, SOUTH, STEP = 123.41, 41.78, 0.001  # a step is about 83 m by 111 m


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + x * STEP, SOUTH + y * STEP


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(*at(west, south), *at(east, north))


def village(folder: Path, *, houses: int = 4, name: str = "village.osm") -> Path:
    """Write a village: two streets that cross, and houses along them."""
    nodes = {1: (0, 2), 2: (2, 2), 3: (4, 2), 4: (2, 0), 5: (2, 4)}
    lines = [_node(number, *place) for number, place in nodes.items()]
    ways = [
        _way(1, [1, 2, 3], highway="residential", name="六纬路"),
        _way(2, [4, 2, 5], highway="residential", name="八经街"),
    ]
    for house in range(houses):
        x, y = 0.3 + 2.2 * (house % 2), 0.3 + 2.2 * (house // 2)
        refs = [10 * house + 11 + corner for corner in range(4)]
        corners = [(x, y), (x + 0.4, y), (x + 0.4, y + 0.15), (x, y + 0.15)]
        lines += [_node(ref, *place) for ref, place in zip(refs, corners, strict=True)]
        ways.append(
            _way(
                10 + house,
                [*refs, refs[0]],
                building="apartments",
                **{"addr:street": "八经街", "addr:housenumber": str(house + 1), "building:flats": "12"},
            )
        )
    file = folder / name
    file.write_text(f'<osm version="0.6">{"".join(lines + ways)}</osm>', "utf-8")
    return file


def _node(number: int, x: float, y: float) -> str:
    lon, lat = at(x, y)
    return f'<node id="{number}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>'


def _way(number: int, refs: list[int], **tags: str) -> str:
    inner = "".join(f'<nd ref="{ref}"/>' for ref in refs) + "".join(
        f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()
    )
    return f'<way id="{number}" version="1">{inner}</way>'


def drawn(folder: Path, name: str, shapes: dict[str, shapely.Polygon], **columns: list[Any]) -> Path:
    """Write areas as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, **{key: values[row] for key, values in columns.items()}},
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, (code, shape) in enumerate(shapes.items())
    ]
    file = folder / f"{name}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


HALVES = {"01-01": box(0, 0, 2, 4), "01-02": box(2, 0, 4, 4)}


def request(folder: Path, *, replace: bool = False, **files: Any) -> ImportRequest:
    options = {key: files.pop(key) for key in ("box", "datum", "metric_crs") if key in files}
    sources = {"osm": folder / "village.osm", **files}
    return ImportRequest.from_options(
        community_id="village", name="村", files=sources, replace=replace, **options
    )


async def counts(database: Database) -> dict[str, int]:
    async with database.read() as session:
        return {name: await session.value(text(f"select count(*) from {name}")) for name in TABLES}


async def ids(database: Database, table: str, column: str) -> set[UUID]:
    async with database.read() as session:
        return {row[0] for row in await session.rows(text(f"select {column} from {table}"))}


async def refusal(database: Database, wanted: ImportRequest) -> InvalidInputError:
    before = await counts(database)
    with pytest.raises(InvalidInputError) as refused:
        await import_community(database, wanted)
    assert await counts(database) == before
    assert "\n" not in str(refused.value)
    return refused.value


async def test_the_demo(database: Database) -> None:
    steps: list[tuple[str, float]] = []
    summary = await import_community(
        database, ImportRequest.from_manifest(DEMO), report=lambda step, done: steps.append((step, done))
    )
    assert (summary.grids, summary.micro_grids, summary.courtyards, summary.stations) == (15, 141, 26, 12)
    assert (summary.buildings, summary.households, summary.gates) == (220, 3018, 78)
    assert (summary.area_version, summary.network_version, summary.replaced) == (1, 1, False)
    assert summary.notes == ()
    assert [step for step, _ in steps] == ["areas", "streets", "checks", "rows", "store", "done"]
    assert [done for _, done in steps] == sorted(done for _, done in steps)
    async with database.read() as session:
        covered = await session.value(
            text(
                "select st_area(st_symdifference(c.geom, st_union(a.geom))) from community c join area a "
                "on a.community_id = c.community_id and a.version = c.area_version and a.level = 'micro_grid' group by c.geom"
            )
        )
        parents = await session.rows(
            text(
                "select g.code from area g join area m on m.community_id = g.community_id and m.version = g.version "
                "and m.level = 'micro_grid' and m.parent_code = g.code where g.level = 'grid' group by g.code, g.geom "
                "having st_area(st_symdifference(g.geom, st_union(m.geom))) > 1e-15"
            )
        )
        demo, zone = (await session.rows(text("select demo, timezone from community")))[0]
    assert covered < 1e-15
    assert parents == []
    assert (demo, zone) == (True, "Asia/Shanghai")


async def test_every_building_of_the_demo_is_found_again(database: Database) -> None:
    await import_community(database, ImportRequest.from_manifest(DEMO))
    async with database.read() as session:
        atlas = await Atlas().get(session, "heping")
        rows = await session.rows(
            text(
                "select code, st_x(p), st_y(p) from (select code, st_pointonsurface(geom) p from area where level = 'micro_grid') a"
            )
        )
    for code, lon, lat in rows:
        place = locate(atlas, parse_position(lon, lat, accuracy_m=1.0))
        assert place.micro_grid is not None
        assert place.grid is not None
        index = atlas.places
        containing = index.containing(*(np.array([each]) for each in index.metric.project(lon, lat)))[0]
        assert index.arrays.micro_grids.code[containing] == code


async def test_a_village_without_areas_is_one_micro_grid(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    summary = await import_community(database, request(tmp_path))
    assert (summary.grids, summary.micro_grids, summary.buildings, summary.households) == (1, 1, 4, 48)
    assert summary.notes == ("one_micro_grid",)
    assert summary.metric_srid == 4550
    async with database.read() as session:
        rows = await session.rows(
            text("select level, code, parent_code, households from area order by level")
        )
    assert [tuple(row) for row in rows] == [
        ("community", "village", None, 48),
        ("grid", "01", "village", 48),
        ("micro_grid", "01-01", "01", 48),
    ]


async def test_levels_that_are_missing_are_made(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    cells = drawn(tmp_path, "cells", HALVES, 户数=[20, 22], 名称=["西", "东"])
    summary = await import_community(database, request(tmp_path, micro_grids=cells))
    assert (summary.grids, summary.micro_grids, summary.households) == (1, 2, 42)
    grids = drawn(tmp_path, "grids", {"A": box(0, 0, 4, 2), "B": box(0, 2, 4, 4)})
    again = await import_community(database, request(tmp_path, grids=grids, replace=True))
    assert (again.grids, again.micro_grids, again.area_version, again.network_version) == (2, 2, 2, 2)
    async with database.read() as session:
        rows = await session.rows(
            text(
                "select code, parent_code, households from area where version = 2 and level = 'micro_grid' order by code"
            )
        )
        first = await session.rows(
            text("select name from area where version = 1 and level = 'micro_grid' order by code")
        )
    assert [tuple(row) for row in rows] == [("A-01", "A", 24), ("B-01", "B", 24)]
    assert [row.name for row in first] == ["西", "东"]


async def test_an_existing_community_is_only_replaced_when_asked(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    await import_community(database, request(tmp_path))
    before = (
        await ids(database, "building", "building_id"),
        await ids(database, "street_segment", "segment_id"),
    )
    with pytest.raises(ConflictError) as refused:
        await import_community(database, request(tmp_path))
    assert refused.value.code == "community_exists"
    again = await import_community(database, request(tmp_path, replace=True))
    assert again.replaced
    assert (
        await ids(database, "building", "building_id"),
        await ids(database, "street_segment", "segment_id"),
    ) == before
    async with database.read() as session:
        assert await session.value(text("select area_version from community")) == 2


async def test_what_cases_refer_to_is_kept(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    await import_community(database, request(tmp_path))
    async with database.write() as session:
        house, street = await session.row(  # type: ignore[misc]
            text(
                "select (select building_id from building where source_ref = 'way/13'), "
                "(select segment_id from street_segment where name = '八经街' order by segment_id limit 1)"
            )
        )
        await session.run(
            text(
                'insert into "case" (community_id, case_id, category, status, place, area_version, building_id, segment_id, '
                "geom, opened_at, answer_due_at, resolve_due_at) values ('village', :id, 'street_lamp', 'open', '{}', 1, :house, "
                ":street, st_setsrid(st_point(123.411, 41.781), 4326), now(), now(), now())"
            ),
            {"id": uuid4(), "house": house, "street": street},
        )
    village(tmp_path, houses=2)
    content = (tmp_path / "village.osm").read_text("utf-8")
    (tmp_path / "village.osm").write_text(
        content[: content.index('<way id="2"')] + content[content.index('<way id="10"') :]
    )
    summary = await import_community(database, request(tmp_path, replace=True, box=(*at(0, 0), *at(4, 4))))
    assert (summary.buildings, summary.segments) == (2, 1)
    async with database.read() as session:
        kinds = [row.kind for row in await session.rows(text("select kind from building order by kind"))]
        gone = await session.rows(
            text("select segment_id, walk, e_bike, car from street_segment where kind = 'gone'")
        )
        atlas = await Atlas().get(session, "village")
    assert kinds == ["apartments", "apartments", "gone"]
    assert [tuple(row) for row in gone] == [(street, 0, 0, 0)]
    assert len(atlas.places.arrays.buildings) == 2
    assert len(atlas.network.roads.lines) == 1


@pytest.mark.parametrize(
    ("areas", "code"),
    [
        ({"01-01": box(0, 0, 2, 4), "01-02": box(1, 0, 4, 4)}, "area_overlap"),
        ({"01-01": box(0, 0, 1, 4), "01-02": box(2, 0, 4, 4)}, "area_gap"),
        ({"01-01": box(0, 0, 2, 4), "01-02": box(2, 0, 5, 4)}, "area_not_nested"),
        ({"01-01": shapely.Polygon([at(0, 0), at(4, 4), at(4, 0), at(0, 4)])}, "area_invalid"),
    ],
)
async def test_areas_with_faults_are_refused(
    database: Database, tmp_path: Path, areas: dict[str, shapely.Polygon], code: str
) -> None:
    village(tmp_path)
    cells = drawn(tmp_path, "cells", areas)
    whole = drawn(tmp_path, "whole", {"village": box(0, 0, 4, 4)})
    error = await refusal(database, request(tmp_path, micro_grids=cells, community=whole))
    assert error.code == code
    assert error.values["level"] == "micro_grid"
    assert error.values["size_m2"] > 1000  # type: ignore[operator]
    assert 123.4 < error.values["lon"] < 123.42  # type: ignore[operator]


async def test_wrong_files_are_refused(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    cells = drawn(tmp_path, "cells", HALVES)
    twice = drawn(tmp_path, "twice", {"1": box(0, 0, 2, 4), "2": box(2, 0, 4, 4)}, 编号=["1", "1"])
    twice.write_text(twice.read_text().replace('"code"', '"x"'))
    lost = drawn(tmp_path, "lost", HALVES, grid_code=["01", "09"])
    grids = drawn(tmp_path, "grids", {"01": box(0, 0, 4, 4)})
    text_file = tmp_path / "notes.osm"
    text_file.write_text("Dear colleagues")
    for wanted, code in (
        (request(tmp_path, osm=tmp_path / "none.osm"), "file_missing"),
        (request(tmp_path, osm=text_file), "osm_unreadable"),
        (request(tmp_path, osm=cells), "osm_unreadable"),
        (request(tmp_path, micro_grids=text_file), "vector_unreadable"),
        (request(tmp_path, micro_grids=twice), "area_code_twice"),
        (request(tmp_path, micro_grids=lost, grids=grids), "area_no_parent"),
        (request(tmp_path, box="7.40,43.72,7.44,43.75"), "boundary_outside_data"),
        (request(tmp_path, stations=cells), "station_not_point"),
        (
            request(tmp_path, buildings=drawn(tmp_path, "far", {"1": box(90, 90, 91, 91)})),
            "buildings_outside",
        ),
    ):
        assert (await refusal(database, wanted)).code == code


async def test_buildings_of_an_office_drawn_over_another_map(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    house = box(1.0, 1.0, 1.5, 1.2)
    over_amap = shapely.transform(
        house, lambda c: np.column_stack(from_wgs84(c[:, 0].copy(), c[:, 1].copy(), Datum.GCJ02))
    )
    file = drawn(tmp_path, "houses", {"A1": over_amap}, 街路=["八经街"], 门牌号=["46"], 层数=[6], 户数=[24])
    summary = await import_community(
        database, request(tmp_path, buildings={"path": file, "datum": "gcj02"}, box=(*at(0, 0), *at(4, 4)))
    )
    assert (summary.buildings, summary.households) == (1, 24)
    async with database.read() as session:
        row = (
            await session.rows(
                text("select source_ref, street, housenumber, levels, st_asbinary(geom) from building")
            )
        )[0]
        atlas = await Atlas().get(session, "village")
    assert row[:4] == ("A1", "八经街", "46", 6)
    assert shapely.hausdorff_distance(shapely.from_wkb(bytes(row[4])), house) < 1e-8
    place = locate(atlas, parse_position(*at(1.2, 1.1), accuracy_m=4.0))
    assert place.building is not None
    assert place.building.name == "八经街46号"


async def test_nothing_is_stored_when_storing_fails(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village(tmp_path)

    async def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("gis.flows.import_community.store_surroundings", broken)
    with pytest.raises(RuntimeError):
        await import_community(database, request(tmp_path))
    assert set((await counts(database)).values()) == {0}


async def test_two_imports_at_once_have_one_winner(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    results = await asyncio.gather(
        *(import_community(database, request(tmp_path)) for _ in range(3)), return_exceptions=True
    )
    won = [each for each in results if isinstance(each, ImportSummary)]
    assert len(won) == 1
    assert all(isinstance(each, ConflictError) for each in results if each is not won[0])
    assert (await counts(database))["area_version"] == 1


async def test_the_atlas_loads_once_and_again_after_a_new_version(database: Database, tmp_path: Path) -> None:
    village(tmp_path)
    await import_community(database, request(tmp_path))
    atlas = Atlas(most_bytes=1)
    assert atlas.peek("village") is None

    async def get(community_id: str = "village"):
        async with database.read() as session:
            return await atlas.get(session, community_id)

    loaded = await asyncio.gather(*(get() for _ in range(6)))
    assert len({id(each) for each in loaded}) == 1
    assert atlas.peek("village") is loaded[0]
    cells = drawn(tmp_path, "cells", HALVES)
    await import_community(database, request(tmp_path, micro_grids=cells, replace=True))
    assert atlas.peek("village") is loaded[0]
    fresh = await get()
    assert fresh.name == "村"
    assert (fresh.area_version, len(fresh.places.arrays.micro_grids)) == (2, 2)
    here, there_ = (np.array(fresh.metric.project(*at(*place))) for place in ((0.0, 2.0), (2.0, 4.0)))
    seconds, metres = fresh.network.travel(Mode.WALK, here.reshape(1, 2), there_)
    assert metres[0] == pytest.approx(2 * 83.1 + 2 * 111.1, rel=0.01)
    assert seconds[0] == pytest.approx(metres[0] / 1.3)
    building = fresh.places.arrays.buildings.id[0]
    assert fresh.target(*at(1, 1), building) == pytest.approx(fresh.metric.project(*at(1, 1)))
    with pytest.raises(NotFoundError) as refused:
        await get("elsewhere")
    assert refused.value.code == "community_unknown"


@pytest.mark.parametrize(
    ("street", "number", "said"),
    [
        ("八经街", "46", "八经街46号"),
        ("八经街", "46号", "八经街46号"),
        ("Rue Grimaldi", "12", "12 Rue Grimaldi"),
        ("八经街", "", ""),
        ("", "3", ""),
    ],
)
def test_addresses(street: str, number: str, said: str) -> None:
    assert address(street, number) == said


@there
@pytest.mark.parametrize(
    ("name", "options", "least_buildings"),
    [
        ("beijing_tsinghua.osm", {"box": "116.315,39.995,116.325,40.005"}, 130),
        ("monaco_20231121.osm.pbf", {"timezone": "Europe/Monaco"}, 1200),
    ],
)
async def test_real_communities(
    database: Database, name: str, options: dict[str, Any], least_buildings: int
) -> None:
    wanted = ImportRequest.from_options(
        community_id="real", name=name, files={"osm": SHARED / name}, **options
    )
    summary = await import_community(database, wanted)
    assert summary.buildings > least_buildings
    async with database.read() as session:
        atlas = await Atlas().get(session, "real")
    rng = np.random.default_rng(0)
    inner = shapely.get_coordinates(shapely.point_on_surface(atlas.places.buildings))
    some, target = inner[rng.integers(0, len(inner), 40)], inner[rng.integers(0, len(inner))]
    for mode in Mode:
        seconds, metres = atlas.network.travel(mode, some, target)
        assert np.isfinite(seconds).mean() > 0.95, mode
        assert (metres[np.isfinite(metres)] >= 0).all()


async def test_a_file_in_another_datum_is_refused_with_the_right_one(
    database: Database, tmp_path: Path
) -> None:
    names = ("community", "grids", "micro_grids")
    for name in names:
        collection = json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))
        for feature in collection["features"]:
            shape = shapely.transform(
                shapely.from_geojson(json.dumps(feature["geometry"])),
                lambda c: np.column_stack(from_wgs84(c[:, 0].copy(), c[:, 1].copy(), Datum.GCJ02)),
            )
            feature["geometry"] = json.loads(shapely.to_geojson(shape))
        (tmp_path / f"{name}.geojson").write_text(json.dumps(collection), encoding="utf-8")

    def asked(datum: str, **files: Any) -> ImportRequest:
        return ImportRequest.from_options(
            community_id="shifted",
            name="shifted",
            datum=datum,
            files={"osm": DEMO / "heping-demo.osm", **{name: tmp_path / f"{name}.geojson" for name in names}},
        )

    for datum in ("wgs84", "bd09"):
        with pytest.raises(InvalidInputError) as refused:
            await import_community(database, asked(datum))
        assert refused.value.code == "datum_doubtful"
        assert refused.value.values == {
            "file": "community.geojson",
            "declared": datum,
            "proposed": "gcj02",
        }
    summary = await import_community(database, asked("gcj02"))
    assert (summary.micro_grids, [one.best for one in summary.datums]) == (141, ["gcj02"] * 3)
    assert "datum_doubtful" not in summary.notes
