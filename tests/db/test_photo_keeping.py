"""The hourly task takes away photos that no row names, and what a write that was cut off has left."""

from __future__ import annotations

import os

from gis.flows.photo_keeping import HOURLY, bind_photos
from gis.store.photos import PART
from tests.loop import Loop, draft_at, some_photo


async def test_what_no_row_names_is_taken_away_once_it_is_old(loop: Loop) -> None:
    unnamed, young, named = [await some_photo(loop.settings, seed) for seed in (1, 2, 3)]
    for one in (unnamed, young):
        await loop.photos.save("test", one)
    await loop.together().submit(loop.actor("resident"), draft_at((40, 20), photos=(named,), separate=True))
    paths = [loop.photos.path("test", one.sha256, "original") for one in (unnamed, young, named)]
    half = paths[0].with_name(f"half{PART}")
    half.write_bytes(b"half")
    for path in (paths[0], paths[2], half):
        os.utime(path, (1000, 1000))
    (task,) = HOURLY
    await bind_photos(loop.work)[task]()
    assert [path.exists() for path in (*paths, half)] == [False, True, True, False]
