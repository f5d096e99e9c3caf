"""The documents of OGC API Features: landing page, conformance, collections, queryables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.ogc.crs import CRS84, offered
from gis.store.community_facts import CommunityFacts
from gis.store.feature_sources import Source
from web.i18n import N_, translate

JSON, GEOJSON, SCHEMA = "application/json", "application/geo+json", "application/schema+json"
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/{one}"
    for one in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/cql2-json",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/basic-spatial-functions",
    )
)
TITLES: Mapping[str, tuple[str, str]] = {
    "communities": (N_("社区"), N_("社区的边界。")),
    "grids": (N_("网格"), N_("网格的边界，现行版本。")),
    "micro_grids": (N_("微网格"), N_("微网格的边界，现行版本。")),
    "courtyards": (N_("楼院"), N_("楼院的边界。")),
    "buildings": (N_("楼栋"), N_("楼栋轮廓和门牌。")),
    "streets": (N_("街路"), N_("路段和名称。")),
    "stations": (N_("暖心驿站"), N_("驿站、设施和开放时间。")),
    "hotspots": (N_("热点街路"), N_("街段上每百米每年的隐患数，带 90% 区间，从最需要修的排起。")),
    "public_cases": (N_("隐患（公开）"), N_("隐患的类别、状态和日期；位置只到 100 米的格。")),
    "cases": (N_("案件"), N_("登录后：您负责范围内的案件。")),
}


def landing(base: str, language: str) -> dict[str, Any]:
    """Return the landing page.

    Parameters
    ----------
    base, language
        Address of the service, and of the reader.
    """
    return {
        "title": translate(language, N_("微网开放要素")),
        "description": translate(language, N_("社区的片区、楼栋、街路、热点和案件（OGC API Features）。")),
        "links": [
            link(base, "self", JSON),
            link(f"{base}/api", "service-desc", "application/vnd.oai.openapi+json;version=3.0"),
            link(f"{base}/conformance", "conformance", JSON),
            link(f"{base}/collections", "data", JSON),
        ],
    }


def collection(base: str, name: str, language: str, facts: CommunityFacts) -> dict[str, Any]:
    """Return the description of a collection.

    Parameters
    ----------
    base, name, language
        Which, for whom.
    facts
        Of the community.
    """
    title, description = TITLES[name]
    address = f"{base}/collections/{name}"
    box = [facts.west, facts.south, facts.east, facts.north]
    return {
        "id": name,
        "title": translate(language, title),
        "description": translate(language, description),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [box], "crs": CRS84}},
        "crs": offered(facts.metric_srid),
        "storageCrs": CRS84,
        "links": [
            link(address, "self", JSON),
            link(f"{address}/items", "items", GEOJSON),
            link(f"{address}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA),
            link(base, "root", JSON),
        ],
    }


def queryables(base: str, name: str, language: str, source: Source) -> dict[str, Any]:
    """Return what a collection can be filtered by, as a JSON schema.

    Parameters
    ----------
    base, name, language, source
        Which, for whom.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base}/collections/{name}/queryables",
        "type": "object",
        "title": translate(language, TITLES[name][0]),
        "properties": {
            "geometry": {"format": "geometry-any", "x-ogc-role": "primary-geometry"},
            **{key: _typed(kind) for key, (kind, _) in source.properties.items()},
        },
        "additionalProperties": False,
    }


def _typed(kind: str) -> dict[str, str]:
    return {"type": "string", "format": kind} if kind in ("date", "date-time") else {"type": kind}


def link(href: str, rel: str, kind: str) -> dict[str, str]:
    """Return a link.

    Parameters
    ----------
    href, rel, kind
        Where to, as what, and of which media type.
    """
    return {"href": href, "rel": rel, "type": kind}


def openapi(base: str, collections: Sequence[str]) -> dict[str, Any]:
    """Return the OpenAPI description of this interface.

    Parameters
    ----------
    base, collections
        Its address, and what there is for the reader.
    """
    text = {"type": "string"}

    def given(name: str, **schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": False, "schema": schema or text}

    listing = [
        {
            "name": "limit",
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100},
        },
        {
            "name": "bbox",
            "in": "query",
            "required": False,
            "explode": False,
            "style": "form",
            "schema": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        },
        *(given(name) for name in ("bbox-crs", "crs", "datetime", "filter", "filter-crs", "cursor")),
        given("filter-lang", type="string", enum=["cql2-text", "cql2-json"], default="cql2-text"),
    ]
    which = {
        "name": "collectionId",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(collections)},
    }
    one = {"name": "featureId", "in": "path", "required": True, "schema": text}

    def reading(summary: str, kind: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
        answers = {"200": {"description": summary, "content": {kind: {"schema": {"type": "object"}}}}}
        return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}

    at = "/collections/{collectionId}"
    return {
        "openapi": "3.0.3",
        "info": {"title": "Weiwang OGC API Features", "version": "1.0.0"},
        "servers": [{"url": base}],
        "paths": {
            "/": reading("Landing page", JSON, []),
            "/conformance": reading("Conformance", JSON, []),
            "/collections": reading("Collections", JSON, []),
            at: reading("A collection", JSON, [which]),
            f"{at}/queryables": reading("Queryables", SCHEMA, [which]),
            f"{at}/items": reading("Features", GEOJSON, [which, *listing]),
            f"{at}/items/{{featureId}}": reading("A feature", GEOJSON, [which, one, given("crs")]),
        },
    }
