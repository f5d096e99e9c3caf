"""Map layers as GeoJSON, put together by PostgreSQL: the fastest way measured, and one round trip.

Every function returns the text of a FeatureCollection in EPSG:4326 with seven decimals (about a centimetre).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from gis.store.session import ReadSession
from gis.words import Level, Scope

_COLLECTION = """
select '{{"type":"FeatureCollection","features":[' || coalesce(string_agg(f.feature, ',' order by f.sort), '') || ']}}'
from (
    select
        json_build_object('type', 'Feature', 'id', {id}, 'geometry', st_asgeojson({geom}, 7)::json,
                          'properties', json_build_object({properties}))::text as feature,
        {sort} as sort
    from {source}
    where {where}
) f
"""


def _collection(
    *, id_: str, source: str, properties: str, sort: str, where: str = "", geom: str = "geom"
) -> str:
    return _COLLECTION.format(
        id=id_,
        geom=geom,
        properties=properties,
        sort=sort,
        source=source,
        where="t.community_id = :community_id" + (f" and {where}" if where else ""),
    )


_AREAS = _collection(
    id_="t.area_id",
    source="area t join community c on c.community_id = t.community_id and c.area_version = t.version",
    geom="t.geom",
    properties="'id', t.area_id, 'code', t.code, 'name', t.name, 'name_en', t.name_en, 'level', t.level, "
    "'parent_code', t.parent_code, 'households', t.households",
    where="t.level = :level and (:everything or t.code = any(:codes) or t.parent_code = any(:parents) "
    "or t.code in (select m.parent_code from area m where m.community_id = t.community_id "
    "and m.version = t.version and m.level = 'micro_grid' and m.code = any(:children)))",
    sort="t.code",
)
_BUILDINGS = _collection(
    id_="t.building_id",
    source="building t",
    properties="'id', building_id, 'name', name, 'name_en', name_en, 'street', street, 'housenumber', housenumber, "
    "'label', coalesce(nullif(street || housenumber || case when housenumber ~ '[0-9]$' then '号' else '' end, ''), name),"
    " 'levels', levels, 'flats', flats, 'kind', kind",
    sort="building_id",
)
_STREETS = _collection(
    id_="t.segment_id",
    source="street_segment t",
    properties="'id', segment_id, 'name', name, 'name_en', name_en, 'kind', kind",
    sort="segment_id",
)
_BASE = _collection(
    id_="t.feature_id",
    source="feature t",
    properties="'id', feature_id, 'kind', kind, 'name', name",
    sort="feature_id",
)
_GATES = _collection(
    id_="t.node_id",
    source="gate t",
    properties="'kind', kind, 'name', name, 'walk', walk, 'e_bike', e_bike, 'car', car",
    sort="node_id",
)
_STATIONS = _collection(
    id_="t.code",
    source="station t left join station_care k on k.community_id = t.community_id and k.code = t.code",
    properties="'code', t.code, 'name', t.name, 'name_en', t.name_en, "
    "'amenities', coalesce(k.amenities, t.amenities), 'opening_hours', coalesce(k.opening_hours, t.opening_hours), "
    "'closed_until', k.closed_until",
    sort="t.code",
)
_PLAIN = {
    "buildings": _BUILDINGS,
    "streets": _STREETS,
    "base": _BASE,
    "gates": _GATES,
    "stations": _STATIONS,
}


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """Which areas of a level are wanted: all, those with a code, inside a parent, or around a child."""

    everything: bool
    codes: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


def area_filter(scope: Scope, level: Level) -> AreaFilter:
    """Return which areas of a level a reader is shown.

    Grid workers and watchers see their own cells. Who has none (riders and residents, who go everywhere) sees the
    outlines of all, as does the desk; the community and its courtyards are shown to everybody.
    """
    cells = level in (Level.GRID, Level.MICRO_GRID)
    if scope.everything or not cells or not (scope.grid_codes or scope.micro_grid_codes):
        return AreaFilter(everything=True)
    grids, micro_grids = tuple(sorted(scope.grid_codes)), tuple(sorted(scope.micro_grid_codes))
    if level == Level.GRID:
        return AreaFilter(everything=False, codes=grids, children=micro_grids)
    return AreaFilter(everything=False, codes=micro_grids, parents=grids)


async def areas_text(session: ReadSession, community_id: str, level: str, wanted: AreaFilter) -> str:
    """Return the areas of one level in the version in force."""
    parameters = {
        "community_id": community_id,
        "level": level,
        "everything": wanted.everything,
        "codes": list(wanted.codes),
        "parents": list(wanted.parents),
        "children": list(wanted.children),
    }
    return str(await session.value(text(_AREAS), parameters))


async def layer_text(session: ReadSession, community_id: str, layer: str) -> str:
    """Return a layer that is the same for every reader: buildings, streets, base, gates or stations."""
    return str(await session.value(text(_PLAIN[layer]), {"community_id": community_id}))
