"""What an import is asked for: manifests and options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gis.errors import InvalidInputError
from gis.flows.import_request import ImportRequest, SourceFile
from gis.words import Datum


def test_the_demo_manifest() -> None:
    request = ImportRequest.from_manifest("data/boundaries")
    assert (request.community_id, request.demo, request.metric_srid) == ("heping", True, 4550)
    assert request.osm == Path("data/boundaries/heping-demo.osm")
    assert request.micro_grids == SourceFile(Path("data/boundaries/micro_grids.geojson"))
    assert request.buildings is None


def manifest(folder: Path, content: str) -> Path:
    (folder / "community.toml").write_text(content, "utf-8")
    return folder


GOOD = '[community]\nid = "c"\nname = "村"\n'


def test_entries_with_layer_and_datum(tmp_path: Path) -> None:
    files = '[files]\nosm = "a.osm"\ngrids = {path = "b.gpkg", layer = "g", datum = "bd09"}\ncourtyards = "c.kml"\n'
    request = ImportRequest.from_manifest(
        manifest(tmp_path, GOOD + 'datum = "gcj02"\nbox = [1, 2, 3, 4]\n' + files)
    )
    assert request.grids == SourceFile(tmp_path / "b.gpkg", "g", Datum.BD09)
    assert request.courtyards == SourceFile(tmp_path / "c.kml", None, Datum.GCJ02)
    assert request.box == (1.0, 2.0, 3.0, 4.0)
    assert request.metric_srid is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id = ", "manifest_invalid"),
        ("", "manifest_invalid"),
        ('[community]\nname = "x"\n[files]\nosm = "a"\n', "manifest_invalid"),
        (GOOD + "[files]\nosm = 3\n", "manifest_invalid"),
        (GOOD + '[files]\nosm = "a"\nroads = "b"\n', "manifest_invalid"),
        (GOOD + 'colour = "red"\n[files]\nosm = "a"\n', "manifest_invalid"),
        (GOOD + '[files]\nosm = {path = "a", kind = "b"}\n', "manifest_invalid"),
        (GOOD + "[files]\n", "import_no_osm"),
        (GOOD + 'datum = "mars"\n[files]\nosm = "a"\n', "datum_unknown"),
    ],
)
def test_manifests_that_can_not_be_understood(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ImportRequest.from_manifest(manifest(tmp_path, content))
    assert refused.value.code == code


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ImportRequest.from_manifest(tmp_path)
    assert refused.value.code == "manifest_missing"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"community_id": "Große Stadt"}, "community_id_invalid"),
        ({"community_id": ""}, "community_id_invalid"),
        ({"files": {}}, "import_no_osm"),
        ({"files": {"osm": "a", "roads": "b"}}, "import_file_unknown"),
        ({"box": "1,2,3"}, "box_invalid"),
        ({"box": "3,2,1,4"}, "box_invalid"),
        ({"box": "a,b,c,d"}, "box_invalid"),
        ({"box": (1, 2, 3, float("nan"))}, "box_invalid"),
        ({"box": 7}, "box_invalid"),
        ({"datum": "mars"}, "datum_unknown"),
        ({"timezone": "Mars/Base"}, "timezone_unknown"),
        ({"timezone": "../../etc/passwd"}, "timezone_unknown"),
        ({"metric_crs": "EPSG:1"}, "metric_crs_unknown"),
        ({"metric_crs": 4326}, "metric_crs_not_metric"),
    ],
)
def test_options_that_can_not_be_used(options: dict[str, Any], code: str) -> None:
    usual: dict[str, Any] = {"community_id": "c", "name": "c", "files": {"osm": "a.osm"}}
    with pytest.raises(InvalidInputError) as refused:
        ImportRequest.from_options(**usual | options)
    assert refused.value.code == code
