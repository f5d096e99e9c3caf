"""OGC API Features over HTTP, for the public or for who is signed in; at ``/ogc/at/{community}`` where there are several."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.auth import signed_in, token_of
from api.language import language_of
from api.layer_cache import Layer, pack
from api.ogc import documents
from api.ogc.crs import parse_crs
from api.ogc.queries import COMMON, OF_ITEM, check_names, encode_cursor, feature_query
from api.parts import Parts, parts_of
from gis.errors import InvalidInputError, NotFoundError, NotSignedInError
from gis.flows.features import STILL, FeatureReader, source_of
from gis.store.community_facts import CommunityFacts, communities, community_facts
from gis.store.feature_reading import feature_page, one_feature
from gis.store.feature_sources import Source
from gis.store.session import ReadSession

router = APIRouter(tags=["ogc"])
READ = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for features: who, of which community, at which address, in which transaction."""

    request: Request
    parts: Parts
    session: ReadSession
    reader: FeatureReader
    facts: CommunityFacts
    base: str
    language: str

    def check(self, collection: str) -> None:
        """Refuse a collection that isn't the reader's as one that doesn't exist."""
        if collection not in self.reader.collections:
            raise NotFoundError("no such collection", code="collection_unknown", collection=collection[:60])

    async def source(self, collection: str) -> Source:
        """Return a collection of the reader's."""
        self.check(collection)
        return await source_of(
            self.session, self.reader, collection, self.parts.streets, self.parts.clock.now()
        )


async def asking(request: Request) -> AsyncIterator[Asking]:
    """Find out who asks, and for which community.

    Raises
    ------
    NotSignedInError
        The token is no good, or nobody is signed in where that is needed.
    InvalidInputError
        ``community_needed``: there are several.
    NotFoundError
        ``community_not_found``.
    """
    parts, named = parts_of(request), request.path_params.get("community")
    actor = (await signed_in(request)).actor if token_of(request)[0] else None
    if actor is None and not parts.settings.interfaces.public:
        raise NotSignedInError("nothing is public here")
    root = (parts.settings.public_url or str(request.base_url)).rstrip("/") + "/ogc"
    async with parts.recent() as session:
        community_id = named or (actor.community_id if actor else await only_community(session))
        facts = await community_facts(session, community_id) if _can_be(community_id) else None
        if facts is None or (actor is not None and actor.community_id != community_id):
            raise NotFoundError("no such community", code="community_not_found", community=community_id[:60])
        base = f"{root}/at/{quote(community_id, safe='')}" if named else root
        yield Asking(
            request, parts, session, FeatureReader(community_id, actor), facts, base, language_of(request)
        )


def _can_be(community_id: str) -> bool:
    return community_id.isprintable()


async def only_community(session: ReadSession) -> str:
    """Return the community, where there is one only.

    Raises
    ------
    InvalidInputError
        ``community_needed``.
    """
    known = await communities(session)
    if len(known) != 1:
        raise InvalidInputError(
            "name the community", code="community_needed", known=", ".join(one.id for one in known)
        )
    return known[0].id


AskingDep = Annotated[Asking, Depends(asking, scope="function")]


async def get_landing(at: AskingDep) -> Response:
    """Show where everything is."""
    check_names(at.request.query_params, COMMON)
    return _answer(at, documents.landing(at.base, at.language))


async def get_conformance(at: AskingDep) -> Response:
    """Tell which parts of the standards are kept."""
    check_names(at.request.query_params, COMMON)
    return _answer(at, {"conformsTo": documents.CONFORMANCE})


async def get_api(at: AskingDep) -> Response:
    """Describe the interface itself."""
    check_names(at.request.query_params, COMMON)
    kind = "application/vnd.oai.openapi+json;version=3.0"
    return _answer(at, documents.openapi(at.base, at.reader.collections), kind)


async def get_collections(at: AskingDep) -> Response:
    """List the collections of the reader."""
    check_names(at.request.query_params, COMMON)
    found = [documents.collection(at.base, name, at.language, at.facts) for name in at.reader.collections]
    links = [documents.link(f"{at.base}/collections", "self", documents.JSON)]
    return _answer(at, {"collections": found, "links": links})


async def get_collection(collection: str, at: AskingDep) -> Response:
    """Describe a collection."""
    check_names(at.request.query_params, COMMON)
    at.check(collection)
    return _answer(at, documents.collection(at.base, collection, at.language, at.facts))


async def get_queryables(collection: str, at: AskingDep) -> Response:
    """Tell what a collection can be filtered by."""
    check_names(at.request.query_params, COMMON)
    source = await at.source(collection)
    found = documents.queryables(at.base, collection, at.language, source)
    return _answer(at, found, documents.SCHEMA)


async def get_items(collection: str, at: AskingDep) -> Response:
    """Return features: a page of them, with the link to the next."""
    given = at.request.query_params
    source = await at.source(collection)
    query, crs = feature_query(given, source, at.facts.metric_srid, at.facts.timezone)
    headers = {"Content-Crs": f"<{crs.uri}>"}
    tag = _still(at, collection)
    if tag is not None and (kept := at.parts.layers.find(tag)) is not None:
        return _sent(at.request, kept, documents.GEOJSON, headers)
    page = await feature_page(at.session, source, query, crs)
    address = f"{at.base}/collections/{collection}/items"
    plain = [(name, value) for name, value in given.multi_items() if name != "cursor"]
    links = [documents.link(_with(address, given.multi_items()), "self", documents.GEOJSON)]
    if page.returned == query.limit and (query.after is not None or page.matched > page.returned):
        cursor = encode_cursor(page.last, page.matched)
        links.append(documents.link(_with(address, [*plain, ("cursor", cursor)]), "next", documents.GEOJSON))
    links.append(documents.link(f"{at.base}/collections/{collection}", "collection", documents.JSON))
    frame = {
        "type": "FeatureCollection",
        "numberMatched": page.matched,
        "numberReturned": page.returned,
        "links": links,
    }
    text = f'{orjson.dumps(frame).decode()[:-1]},"features":[\n{page.text}\n]}}\n'
    if tag is None:
        return _sent(at.request, text.encode(), documents.GEOJSON, headers)
    layer = await asyncio.to_thread(pack, text)
    at.parts.layers.keep(tag, layer)
    return _sent(at.request, layer, documents.GEOJSON, headers)


async def get_item(collection: str, feature: str, at: AskingDep) -> Response:
    """Return one feature."""
    check_names(at.request.query_params, OF_ITEM)
    source = await at.source(collection)
    crs = parse_crs(at.request.query_params.get("crs"), "crs", at.facts.metric_srid)
    found = await one_feature(at.session, source, feature, crs) if feature.isprintable() else None
    if found is None:
        raise NotFoundError("no such feature", code="feature_unknown", feature=feature[:60])
    address = f"{at.base}/collections/{collection}"
    links = [
        documents.link(f"{address}/items/{quote(feature, safe='')}", "self", documents.GEOJSON),
        documents.link(address, "collection", documents.JSON),
    ]
    return _answer(
        at, orjson.loads(found) | {"links": links}, documents.GEOJSON, {"Content-Crs": f"<{crs.uri}>"}
    )


for _path, _route in (
    ("", get_landing),
    ("/", get_landing),
    ("/conformance", get_conformance),
    ("/api", get_api),
    ("/collections", get_collections),
    ("/collections/{collection}", get_collection),
    ("/collections/{collection}/queryables", get_queryables),
    ("/collections/{collection}/items", get_items),
    ("/collections/{collection}/items/{feature}", get_item),
):
    for _prefix in ("/ogc", "/ogc/at/{community}"):
        router.add_api_route(
            f"{_prefix}{_path}", _route, methods=READ, response_class=Response, include_in_schema=False
        )


def _still(at: Asking, collection: str) -> str | None:
    """Return what an answer of a collection that changes with versions only may be kept under."""
    if collection not in STILL:
        return None
    actor = at.reader.actor
    whose = (actor.role, sorted(actor.grid_codes), sorted(actor.micro_grid_codes)) if actor else None
    text = f"{at.facts.id} {at.facts.area_version} {at.facts.network_version} {whose} {at.base} {collection} {at.request.query_params}"
    return "ogc " + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _with(address: str, parameters: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address


def _answer(
    at: Asking, body: Mapping[str, Any], kind: str = documents.JSON, headers: Mapping[str, str] | None = None
) -> Response:
    return _sent(at.request, orjson.dumps(body), kind, headers or {})


def _sent(request: Request, given: Layer | bytes, kind: str, more: Mapping[str, str]) -> Response:
    """Answer with the bytes, or with nothing where the reader has them already."""
    plain = given if isinstance(given, bytes) else given.plain
    tag = f'W/"{hashlib.blake2b(plain, digest_size=12).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Accept-Language, Authorization, Cookie",
        **more,
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = plain
    if isinstance(given, Layer) and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = given.compressed, "gzip"
    if request.method == "HEAD":
        return Response(media_type=kind, headers={**headers, "Content-Length": str(len(body))})
    return Response(body, media_type=kind, headers=headers)
