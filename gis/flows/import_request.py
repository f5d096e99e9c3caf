"""What is to be imported: from a manifest (``community.toml``) or from options on the command line."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.crs import parse_datum, parse_srid
from gis.errors import InvalidInputError
from gis.words import Datum

MANIFEST = "community.toml"
IDENTIFIER = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")
FILES = ("osm", "community", "grids", "micro_grids", "courtyards", "buildings", "stations")
FACTS = ("id", "name", "name_en", "metric_crs", "timezone", "demo", "datum", "box")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, which of its layers, and the datum that its coordinates are in."""

    path: Path
    layer: str | None = None
    datum: Datum = Datum.WGS84


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A community and the files that it is made of.

    Only `osm` is needed besides the community's id and name. Without areas the whole community is one grid (01) with one
    micro-grid (01-01); without `community` and `box` it is as large as the areas, or else as the OpenStreetMap file.
    """

    community_id: str
    name: str
    osm: Path  # OpenStreetMap is always WGS-84
    name_en: str = ""
    box: Box | None = None  # west, south, east, north
    community: SourceFile | None = None
    grids: SourceFile | None = None
    micro_grids: SourceFile | None = None
    courtyards: SourceFile | None = None
    buildings: SourceFile | None = None
    stations: SourceFile | None = None
    metric_srid: int | None = None
    timezone: str = "Asia/Shanghai"
    demo: bool = False
    replace: bool = False
    note: str = ""
    trust_datum: bool = False  # take files as stated, though another datum fits clearly better

    @classmethod
    def from_manifest(cls, path: str | Path, *, replace: bool = False) -> ImportRequest:
        """Return what a ``community.toml`` (or the folder that holds one) asks for.

        Raises
        ------
        InvalidInputError
            ``manifest_missing``, ``manifest_invalid`` and those of `from_options`.
        """
        file = Path(path)
        file = file / MANIFEST if file.is_dir() else file
        facts, files = _read_manifest(file)
        for key in ("id", "name"):
            if not isinstance(facts.get(key), str):
                raise _invalid(file, f"[community] {key} is missing")
        return cls.from_options(
            community_id=facts["id"],
            name=facts["name"],
            name_en=str(facts.get("name_en", "")),
            datum=str(facts.get("datum", Datum.WGS84)),
            box=facts.get("box"),
            metric_crs=facts.get("metric_crs"),
            timezone=str(facts.get("timezone", "Asia/Shanghai")),
            demo=facts.get("demo") is True,
            replace=replace,
            files={name: _entry(file, name, value) for name, value in files.items()},
        )

    @classmethod
    def from_options(
        cls,
        *,
        community_id: str,
        name: str,
        files: dict[str, Any],
        name_en: str = "",
        datum: str = "wgs84",
        box: Any = None,
        metric_crs: str | int | None = None,
        timezone: str = "Asia/Shanghai",
        demo: bool = False,
        replace: bool = False,
    ) -> ImportRequest:
        """Return a checked request.

        Parameters
        ----------
        files
            A path for any of ``osm, community, grids, micro_grids, courtyards, buildings, stations``; instead of a path
            also ``{"path": ..., "layer": ..., "datum": ...}``.
        datum
            What all of them but ``osm`` are in, unless they say otherwise.
        box
            ``"west,south,east,north"`` or four numbers, WGS-84 degrees.

        Raises
        ------
        InvalidInputError
            ``community_id_invalid``, ``import_no_osm``, ``box_invalid``, ``datum_unknown``, ``timezone_unknown``,
            ``metric_crs_unknown``, ``metric_crs_not_metric``, ``import_file_unknown``.
        """
        if not IDENTIFIER.match(community_id):
            raise InvalidInputError(
                f"{community_id!r} is no identifier: small letters, digits, - and _, at most 40",
                code="community_id_invalid",
                field="id",
                community=community_id,
            )
        unknown = sorted(files.keys() - set(FILES))
        if unknown:
            raise InvalidInputError(
                f"unknown kind of file {unknown[0]!r}; known are {', '.join(FILES)}",
                code="import_file_unknown",
                kind=unknown[0],
            )
        usual = parse_datum(datum)
        sources = {key: _source(value, usual) for key, value in files.items() if value}
        osm = sources.pop("osm", None)
        if osm is None:
            raise InvalidInputError("an OpenStreetMap file is needed for the streets", code="import_no_osm")
        return cls(
            community_id=community_id,
            name=name or community_id,
            name_en=name_en,
            osm=osm.path,
            box=parse_box(box) if box else None,
            metric_srid=parse_srid(metric_crs) if metric_crs else None,
            timezone=_checked_timezone(timezone),
            demo=demo,
            replace=replace,
            community=sources.get("community"),
            grids=sources.get("grids"),
            micro_grids=sources.get("micro_grids"),
            courtyards=sources.get("courtyards"),
            buildings=sources.get("buildings"),
            stations=sources.get("stations"),
        )


def parse_box(box: Any) -> Box:
    """Return west, south, east, north of ``"w,s,e,n"`` or four numbers; raises ``box_invalid``."""
    try:
        values = [float(part) for part in (box.split(",") if isinstance(box, str) else box)]
        west, south, east, north = values
    except (TypeError, ValueError):
        west = south = east = north = math.nan
    if not (-180.0 <= west < east <= 180.0 and -90.0 <= south < north <= 90.0):  # noqa: PLR2004
        raise InvalidInputError(
            "a box is west,south,east,north in degrees", code="box_invalid", field="box", box=str(box)
        )
    return west, south, east, north


def _read_manifest(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        content = tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise InvalidInputError(f"no file {file}", code="manifest_missing", file=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _invalid(file, str(error)) from error
    facts, files = content.get("community"), content.get("files")
    if not isinstance(facts, dict) or not isinstance(files, dict):
        raise _invalid(file, "it needs the tables [community] and [files]")
    strange = sorted(facts.keys() - set(FACTS)) + sorted(files.keys() - set(FILES))
    if strange:
        raise _invalid(file, f"unknown entry {strange[0]!r}")
    return facts, files


def _invalid(file: Path, reason: str) -> InvalidInputError:
    text = " ".join(reason.split())[:200]
    return InvalidInputError(f"{file.name}: {text}", code="manifest_invalid", file=file.name, reason=text)


def _entry(manifest: Path, name: str, value: Any) -> Any:
    """Return a manifest's file entry with its path made absolute."""
    entry = {"path": value} if isinstance(value, str) else value
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        raise _invalid(manifest, f"[files] {name} is no path")
    if entry.keys() - {"path", "layer", "datum"}:
        raise _invalid(manifest, f"[files] {name} has an unknown entry")
    return {**entry, "path": manifest.parent / entry["path"]}


def _source(value: Any, usual: Datum) -> SourceFile:
    if not isinstance(value, dict):
        return SourceFile(Path(value), None, usual)
    datum = value.get("datum")
    return SourceFile(Path(value["path"]), value.get("layer"), parse_datum(datum) if datum else usual)


def _checked_timezone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            f"unknown time zone {name!r}", code="timezone_unknown", timezone=name
        ) from None
    return name
