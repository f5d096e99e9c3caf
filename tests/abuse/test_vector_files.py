"""Files of areas that are no data but lead to it: the library that reads all kinds would open other files and call upon addresses."""

import json
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gis.areas import read_vector
from gis.errors import InvalidInputError

SHAPE = {
    "type": "Polygon",
    "coordinates": [[[123.41, 41.78], [123.42, 41.78], [123.42, 41.79], [123.41, 41.78]]],
}
FEATURE = {"type": "Feature", "properties": {"code": "01"}, "geometry": SHAPE}
AREAS = {"type": "FeatureCollection", "features": [FEATURE]}
NAMED = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>01</name>{}</Placemark></Document></kml>'
POINT = "<Point><coordinates>123.41,41.78</coordinates></Point>"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give an address of this machine at which nobody may ask."""
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        with pytest.raises(BlockingIOError):
            listener.accept()


def written(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def pipeline(folder: Path) -> dict[str, str]:
    """Return what GDAL takes for an order to read another file."""
    other = written(folder, "other.csv", f'WKT,name\n"{"POINT(123.41 41.78)"}",secret\n')
    return {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {other}"}


@pytest.mark.parametrize("ending", [".geojson", ".json", ".kml", ".shp", ".gpkg"])
def test_an_order_to_read_another_file_is_no_file_of_areas(tmp_path: Path, ending: str) -> None:
    file = written(tmp_path, f"areas{ending}", pipeline(tmp_path))
    with pytest.raises(InvalidInputError) as refused:
        read_vector(file)
    assert refused.value.code == "vector_unreadable"


@pytest.mark.parametrize("name", ["areas.shp", "a/areas.geojson", "areas.gpkg"])
def test_nor_inside_a_zip(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        archive.writestr(name, json.dumps(pipeline(tmp_path)))
    with pytest.raises(InvalidInputError) as refused:
        read_vector(tmp_path / "areas.zip")
    assert refused.value.code == "vector_unreadable"


@pytest.mark.parametrize("kind", ["url", "link", "URL", "other"])
def test_a_coordinate_system_is_not_fetched(tmp_path: Path, elsewhere: str, kind: str) -> None:
    crs = {"type": kind, "properties": {"url": elsewhere, "href": elsewhere, "type": "proj4"}}
    with pytest.raises(InvalidInputError):
        read_vector(written(tmp_path, "a.geojson", AREAS | {"crs": crs}))
    # a crs further inside, and what other readers of JSON would follow, are left out
    inside = FEATURE | {"crs": crs, "geometry": SHAPE | {"crs": crs}, "coordRefSys": elsewhere}
    links = [{"rel": "next", "href": elsewhere, "type": "application/geo+json"}]
    found = read_vector(
        written(tmp_path, "b.geojson", AREAS | {"features": [inside], "links": links, "crs": NAMED})
    )
    assert list(found.columns) == ["code", "geometry"]
    with pytest.raises(InvalidInputError):
        read_vector(written(tmp_path, "c.geojson", SHAPE | {"crs": crs}))


@pytest.mark.parametrize(
    "content",
    [
        "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
        "<OGRCSWDataSource><URL>{url}</URL></OGRCSWDataSource>",
        '<WFS_Capabilities version="1.1.0"><GetFeature><Get onlineResource="{url}"/></GetFeature></WFS_Capabilities>',
        (
            '<f:FeatureCollection xmlns:f="http://www.opengis.net/wfs" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"'
            ' x:schemaLocation="http://o {url}"/>'
        ),
        '<!DOCTYPE kml [<!ENTITY e SYSTEM "{url}">]>' + KML.format("&e;" + POINT),
        "",
        "x",
    ],
)
def test_xml_that_is_no_kml(tmp_path: Path, elsewhere: str, content: str) -> None:
    with pytest.raises(InvalidInputError):
        read_vector(written(tmp_path, "a.kml", content.replace("{url}", elsewhere)))


def test_kml_is_read_and_its_links_are_not_followed(tmp_path: Path, elsewhere: str) -> None:
    link = (
        f"<NetworkLink><Link><href>{elsewhere}</href></Link></NetworkLink><styleUrl>{elsewhere}#a</styleUrl>"
    )
    text = '<?xml version="1.0"?><!-- <OGRWFSDataSource> -->\n' + KML.format(POINT + link)
    assert len(read_vector(written(tmp_path, "a.kml", text))) == 1


def test_geojson_of_all_forms_is_read(tmp_path: Path) -> None:
    several = {
        "type": "GeometryCollection",
        "geometries": [{"type": "Point", "coordinates": [123.41, 41.78]}],
    }
    for whole in (AREAS, FEATURE, SHAPE, AREAS | {"crs": NAMED}, FEATURE | {"geometry": several}):
        assert len(read_vector(written(tmp_path, "a.geojson", whole))) == 1
    chinese = json.dumps(FEATURE | {"properties": {"name": "八经街"}}, ensure_ascii=False)
    for coding in ("utf-8-sig", "gb18030"):
        (tmp_path / "a.geojson").write_bytes(chinese.encode(coding))
        assert read_vector(tmp_path / "a.geojson")["name"][0] == "八经街"


def test_collections_in_collections_end_no_process(tmp_path: Path) -> None:
    deep = "GEOMETRYCOLLECTION(" * 50_000 + "POINT(1 1)" + ")" * 50_000
    with pytest.raises(InvalidInputError) as refused:
        read_vector(written(tmp_path, "a.csv", f'WKT,code\n"{deep}",01\n'))
    assert refused.value.code == "vector_bad_wkt"
    for shape in (
        '{"type":"Polygon","coordinates":' + "[" * 900 + "1" + "]" * 900 + "}",
        '{"type":"GeometryCollection","geometries":[' * 300 + "]}" * 300,
        "[" * 5000,
    ):
        with pytest.raises(InvalidInputError):
            read_vector(written(tmp_path, "a.geojson", shape))
