"""What lies in a community as collections of features: areas, buildings, streets, stations."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Numeric, Text, and_, cast, false, func, or_, select
from sqlalchemy import case as choose

from gis.store.feature_sources import Source, texts
from gis.store.map_layers import AreaFilter
from gis.store.places import GONE
from gis.store.tables import area, building, community, station, station_care, street_segment


def areas(community_id: str, level: str, wanted: AreaFilter, *, inside: bool) -> Source:
    """Return the areas of one level in the version in force.

    Parameters
    ----------
    community_id, level
        Whose, which.
    wanted
        Those that the reader sees.
    inside
        For who is signed in: with the number of households.
    """
    a, c = area.c, community.c
    in_force = select(c.area_version).where(c.community_id == community_id).scalar_subquery()
    properties = texts(code=a.code, name=a.name, name_en=a.name_en, level=a.level, parent_code=a.parent_code)
    if inside:
        properties["households"] = ("integer", a.households)
    conditions = [a.community_id == community_id, a.version == in_force, a.level == level]
    if not wanted.everything:
        conditions.append(_seen(wanted))
    # in the order of the table's own key: the first page reads so many rows and no more
    shape = ("areas", community_id, level, inside) if wanted.everything else None
    return Source(area, a.code, cast(a.area_id, Text), a.geom, properties, and_(*conditions), shape=shape)


def _seen(wanted: AreaFilter) -> ColumnElement[bool]:
    """Return the condition for the areas that a reader sees."""
    a, child = area.c, area.alias("child")
    return or_(
        false(),
        a.code.in_(wanted.codes),
        a.parent_code.in_(wanted.parents),
        a.code.in_(
            select(child.c.parent_code).where(
                child.c.community_id == a.community_id,
                child.c.version == a.version,
                child.c.level == "micro_grid",
                child.c.code.in_(wanted.children),
            )
        ),
    )


def buildings(community_id: str, *, inside: bool) -> Source:
    """Return the buildings that stand; the number of flats is for who is signed in."""
    b = building.c
    suffix = choose((b.housenumber.regexp_match("[0-9]$"), "号"), else_="")
    address = func.nullif(b.street.concat(b.housenumber).concat(suffix), "", type_=Text)
    properties = texts(
        label=func.coalesce(address, b.name),
        name=b.name,
        name_en=b.name_en,
        street=b.street,
        housenumber=b.housenumber,
        kind=b.kind,
    )
    properties["levels"] = ("integer", b.levels)
    if inside:
        properties["flats"] = ("integer", b.flats)
    return Source(
        building,
        b.building_id,
        cast(b.building_id, Text),
        b.geom,
        properties,
        and_(b.community_id == community_id, b.kind != GONE),
        shape=("buildings", community_id, inside),
    )


def streets(community_id: str) -> Source:
    """Return the street segments in use."""
    s = street_segment.c
    return Source(
        street_segment,
        s.segment_id,
        cast(s.segment_id, Text),
        s.geom,
        texts(name=s.name, name_en=s.name_en, kind=s.kind)
        | {"length_m": ("number", func.round(cast(s.length_m, Numeric), 2))},
        and_(s.community_id == community_id, s.kind != GONE),
        shape=("streets", community_id),
    )


def stations(community_id: str) -> Source:
    """Return the stations (暖心驿站)."""
    s, k = station.c, station_care.c
    return Source(
        station.outerjoin(station_care, and_(k.community_id == s.community_id, k.code == s.code)),
        s.code,
        s.code,
        s.geom,
        texts(
            code=s.code,
            name=s.name,
            name_en=s.name_en,
            amenities=func.array_to_string(func.coalesce(k.amenities, s.amenities), ","),
            opening_hours=func.coalesce(k.opening_hours, s.opening_hours),
        ),
        s.community_id == community_id,
    )
