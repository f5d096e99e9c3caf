"""Communities ready made in files: the same answers as from rows, never another version's, and never in anybody's way."""

from __future__ import annotations

import asyncio
import gc
import io
import pickle
import weakref
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from gis.flows.atlas import Atlas
from gis.flows.built_forms import BuiltForms, _Unpickler, stamp
from gis.flows.community_atlas import CommunityAtlas, CommunityGround
from gis.snap import kernel, snap
from gis.store.kept_files import KeptFiles
from gis.store.place_reading import CommunityHead, StoredNetwork, load_head, load_network
from gis.store.session import ReadSession
from gis.streets import search_kernel
from gis.words import Mode
from tests.factories import at
from tests.loop import Loop

ROOM = 10**9


@pytest.fixture
def forms(tmp_path: Path) -> BuiltForms:
    return BuiltForms(KeptFiles(tmp_path / "communities", ROOM))


async def opened(loop: Loop, forms: BuiltForms | None) -> CommunityAtlas:
    """Return the community as a process that has just started has it."""
    async with loop.database.read() as session:
        return await Atlas(forms=forms).get(session, loop.community.community_id)


def answers(atlas: CommunityAtlas) -> tuple[object, ...]:
    """Return what is answered about many places, far and near."""
    chance = np.random.default_rng(3)
    lon, lat = np.array([at(x, y) for x, y in chance.uniform(-60, 260, (300, 2))]).T
    snapped = snap(atlas.places, lon, lat, np.full(300, 12.0))
    here, there = (
        np.column_stack(atlas.metric.project(lon[part], lat[part])) for part in (slice(40), slice(40, 45))
    )
    ways = [atlas.network.travel_many(mode, here, there) for mode in Mode]
    routes = [atlas.network.route(mode, here[0], there[0]) for mode in Mode]
    return tuple(
        np.asarray(one)
        for one in (
            *(getattr(snapped, one.name) for one in fields(snapped)),
            *(part for way in ways for part in way),
            *routes,
        )
    )


def same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(one, other, strict=True))  # type: ignore[arg-type,attr-defined]


def compiled_forms() -> dict[str, int]:
    """Return for how many kinds of arguments each loop is compiled."""
    return {
        f"{module.__name__}.{name}": len(one.signatures)
        for module in (kernel, search_kernel)
        for name, one in vars(module).items()
        if hasattr(one, "signatures")
    }


async def test_a_file_answers_as_the_rows_do(loop: Loop, forms: BuiltForms) -> None:
    built = await opened(loop, None)
    expected, compiled = answers(built), compiled_forms()
    first = await opened(loop, forms)
    read = await opened(loop, forms)
    assert read.places is not first.places
    for one in (first, read):
        assert same(answers(one), expected)
        assert (one.building_rows, one.segment_rows, one.cells_of_grid) == (
            built.building_rows,
            built.segment_rows,
            built.cells_of_grid,
        )
        assert one.bytes == pytest.approx(built.bytes, rel=0.01)
    assert compiled_forms() == compiled  # arrays of a file are of the kinds that the loops are compiled for


async def test_a_file_is_of_one_version(loop: Loop, forms: BuiltForms) -> None:
    built = await opened(loop, forms)
    async with loop.database.read() as session:
        head = await load_head(session, loop.community.community_id)
    assert head is not None
    assert head.published_at is not None
    assert forms.read("test", head) is not None
    assert forms.read("other", head) is None
    for changed in (
        {"area_version": 2},
        {"network_version": 2},
        {"metric_srid": 4549},
        {"published_at": head.published_at.replace(microsecond=1)},
    ):
        assert forms.read("test", replace(head, **changed)) is None
    async with loop.work() as work:
        await work.session.direct("UPDATE community SET name = '新名字'", {})
    renamed = await opened(loop, forms)
    assert (renamed.name, renamed.area_version) == ("新名字", built.area_version)


@pytest.mark.parametrize("damage", ["nothing", "stranger", "code", "way out", "folder"])
async def test_without_a_good_file_the_rows_are_there(
    loop: Loop, forms: BuiltForms, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "communities"
    if damage == "folder":
        folder.write_text("not a folder")
    else:
        await opened(loop, forms)
        async with loop.database.read() as session:
            head = await load_head(session, "test")
        assert head is not None
        told = {
            "nothing": b"",
            "stranger": pickle.dumps({"not": "a community"}),
            "way out": b"\x80\x04\x8c\x15gis.flows.built_forms\x8c\x08sys.exit\x93)R.",
            "code": b"cbuiltins\neval\n(S'print(1)'\ntR.",
        }[damage]
        KeptFiles(folder, ROOM).write("test", stamp(head), [told])
        assert forms.read("test", head) is None
    assert len((await opened(loop, forms)).places.arrays.buildings) > 0


@pytest.mark.parametrize("kept", [True, False], ids=["of a file", "of rows"])
async def test_a_community_that_nobody_keeps_is_gone_at_once(
    loop: Loop, forms: BuiltForms, kept: bool
) -> None:
    """Memory is bounded by what is kept, not by when rubbish is looked for."""
    await opened(loop, forms)
    atlas = await opened(loop, forms if kept else None)
    answers(atlas)
    gone = [weakref.ref(one) for one in (atlas.places, atlas.network, *atlas.network.searchers.values())]
    gc.disable()
    try:
        del atlas
        async with asyncio.timeout(10):  # the thread that made it may be about to let go of it
            while any(one() for one in gone):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["sys.exit", "Path", "nothing"])
def test_a_file_reaches_nothing_beside_a_community(name: str) -> None:
    told = b"\x80\x04\x8c\x15gis.flows.built_forms\x8c" + bytes([len(name)]) + name.encode() + b"\x93)R."
    with pytest.raises((pickle.UnpicklingError, AttributeError)):
        _Unpickler(io.BytesIO(told)).load()


async def test_rows_of_two_versions_are_kept_for_neither(
    loop: Loop, forms: BuiltForms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streets and buildings have no versions of their own: who reads while a community is imported has some of both."""
    async with loop.database.read() as session:
        before = await load_head(session, "test")
    assert before is not None
    heads = [before, replace(before, network_version=2), replace(before, network_version=2)]

    async def published_meanwhile(*_: object) -> object:
        return heads.pop(0)

    read, written = [], list[int]()

    async def counted(session: ReadSession, community_id: str) -> StoredNetwork:
        read.append(community_id)
        return await load_network(session, community_id)

    class Watched(BuiltForms):
        def write(self, community_id: str, head: CommunityHead, ground: CommunityGround) -> None:
            written.append(head.network_version)
            super().write(community_id, head, ground)

    monkeypatch.setattr("gis.flows.atlas.load_head", published_meanwhile)
    monkeypatch.setattr("gis.flows.atlas.load_network", counted)
    found = await opened(loop, Watched(KeptFiles(tmp_path / "communities", ROOM)))
    assert found.network_version == 2
    assert (len(read), written) == (2, [2])
    assert forms.read("test", replace(before, network_version=2)) is not None
