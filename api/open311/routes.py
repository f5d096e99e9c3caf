"""GeoReport v2 over HTTP. Errors are in the specification's own form, in the language asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.errors import refusal
from api.forms import body_of, photos_of
from api.language import language_of
from api.limiting import address_of
from api.ogc.routes import only_community
from api.open311.answers import answer, failure
from api.open311.requests import (
    COMMON,
    SERVICES,
    check_names,
    definition_out,
    find_service,
    listing,
    new_request,
    request_out,
    service_out,
)
from api.parts import Parts, parts_of
from gis.errors import NotAllowedError, NotFoundError, TooManyError, WeiwangError
from gis.flows.api_keys import use_key
from gis.flows.report_draft import ReportDraft
from gis.flows.submit import submit
from gis.intake import prepare_photo
from gis.store.api_keys import ApiKey
from gis.store.community_facts import CommunityFacts, addresses, community_facts
from gis.store.open311_reading import RequestFilters, number_of_report, request_rows
from gis.store.session import ReadSession
from gis.words import Actor
from web.i18n import N_, translate
from web.messages import error_sentence

router = APIRouter(tags=["open311"], include_in_schema=False)
ROOT = "/open311/v2"
CHANGESET = "2026-11-22T00:00:00Z"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
READ = ["GET", "HEAD"]
KEYLESS = 600
"""Requests that one address may read in a minute."""
ATTRIBUTES = {
    "detail": N_("楼层、单元或附近的标志物"),
    "datum": N_("经纬度的坐标系，默认 WGS-84"),
    "observed_at": N_("发现的时间"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where, of which community, in which form and language."""

    request: Request
    parts: Parts
    facts: CommunityFacts
    kind: str
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The community's own clock."""
        return ZoneInfo(self.facts.timezone)

    def words(self, text: str, **values: object) -> str:
        """Return a sentence in the reader's language."""
        return translate(self.language, text, **values)


Method = Callable[[Call], Awaitable[Response]]


def _serve(path: str, methods: list[str], method: Method) -> None:
    async def route(request: Request) -> Response:
        kind = str(request.path_params["kind"])
        shown = kind if kind in ("xml", "json") else "xml"
        try:
            if kind not in ("xml", "json"):
                raise NotFoundError("xml or json", code="format_unknown", expected="xml, json")
            return await method(await _call(request, kind))
        except (WeiwangError, HTTPException) as error:
            return _failed(request, shown, error)

    route.__doc__ = method.__doc__
    router.add_api_route(f"{ROOT}/{path}.{{kind}}", route, methods=methods, response_class=Response)


async def _call(request: Request, kind: str) -> Call:
    parts = parts_of(request)
    if not parts.settings.interfaces.public:
        raise NotAllowedError("not offered here", code="open311_off")
    given = request.query_params.get("jurisdiction_id", "")
    if request.method == "POST" and not given:
        given = str((await body_of(request)).get("jurisdiction_id", "") or "")
    async with parts.database.read() as session:
        community_id = given or await only_community(session)
        facts = await community_facts(session, community_id) if community_id.isprintable() else None
    if facts is None:
        raise NotFoundError("no such jurisdiction", code="community_not_found", community=community_id[:60])
    return Call(request, parts, facts, kind, language_of(request))


def _failed(request: Request, kind: str, error: WeiwangError | HTTPException) -> Response:
    language = language_of(request)
    if isinstance(error, HTTPException):
        return failure(kind, error.status_code, [str(error.detail)], {})
    found = refusal(error)
    sentence = error_sentence(language, found.code, {"field": "", **found.values}, fallback=found.detail)
    said = [
        f"{one.field}: {error_sentence(language, one.code, {'field': one.field, **one.values}, fallback=found.detail)}"
        for one in found.found
        if one.field
    ]
    wait = {"Retry-After": str(found.values["retry_after_s"])} if isinstance(error, TooManyError) else {}
    return failure(kind, found.status, said or [sentence], wait)


async def discovery(call: Call) -> Response:
    """Tell where the interface is and how to get a key."""
    check_names(call.request.query_params, COMMON)
    base = (call.parts.settings.public_url or str(call.request.base_url)).rstrip("/")
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base}{ROOT}",
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    content = {
        "changeset": CHANGESET,
        "contact": call.words(N_("{name}社区办公室"), name=call.facts.name),
        "key_service": call.words(N_("密钥由社区管理员发放（weiwang apikey add）。")),
        "endpoints": [endpoint],
    }
    return answer(call.kind, "discovery", content)


async def services(call: Call) -> Response:
    """List the services: the categories of hazards."""
    check_names(call.request.query_params, COMMON)
    return answer(call.kind, "services", [service_out(code, call.language) for code in SERVICES])


async def service(call: Call) -> Response:
    """Tell which attributes requests of a service may have."""
    check_names(call.request.query_params, COMMON)
    code = call.request.path_params["code"]
    find_service(code)
    words = {name: call.words(text) for name, text in ATTRIBUTES.items()}
    return answer(call.kind, "service_definition", definition_out(code, words))


async def requests(call: Call) -> Response:
    """List requests: 90 days or 1,000, whichever is less."""
    asked = listing(call.request.query_params, call.zone, call.parts.clock.now())
    async with call.parts.database.read() as session:
        reader = await _reader(call, session)
        rows = await request_rows(
            session, call.facts.id, asked.filters, person_id=reader, limit=asked.limit, offset=asked.offset
        )
    return answer(call.kind, "service_requests", [request_out(row, call.zone, call.language) for row in rows])


async def one_request(call: Call) -> Response:
    """Return one request, in a list."""
    check_names(call.request.query_params, COMMON)
    number = call.request.path_params["number"]
    async with call.parts.database.read() as session:
        reader = await _reader(call, session)
        rows = await request_rows(
            session, call.facts.id, RequestFilters(numbers=(number,)), person_id=reader, limit=1
        )
    if not rows:
        raise NotFoundError("no such request", code="request_unknown", request=number[:60])
    return answer(call.kind, "service_requests", [request_out(rows[0], call.zone, call.language)])


async def token(call: Call) -> Response:
    """Return the request that a token stands for."""
    check_names(call.request.query_params, COMMON)
    given = call.request.path_params["token"]
    number = None
    try:
        async with call.parts.database.read() as session:
            number = await number_of_report(session, call.facts.id, UUID(given))
    except ValueError:
        pass
    if number is None:
        raise NotFoundError("no such token", code="token_unknown")
    found = [{"token": given, "service_request_id": number}]
    return answer(call.kind, "service_requests", found)


async def post_request(call: Call) -> Response:
    """File a request: a report in the name of the key's program, by the way that every report goes."""
    parts, fields = call.parts, await body_of(call.request)
    async with parts.database.read() as session:
        key, actor = await _key(call, session, str(fields.get("api_key") or ""))
        book = await parts.addresses.get(session, call.facts.id)
        points = await _points(session, call.facts.id, fields.get("address_id"))
    parts.rates.count(f"open311 {key.key_id}", key.per_minute, parts.clock.now())
    given = new_request(fields, book, call.zone, points)
    sent = [*await photos_of(call.request, "media"), *await photos_of(call.request, "media[]")]
    photos = [await prepare_photo(one, parts.settings.photo) for one in sent]
    draft = ReportDraft(
        given.client_id or uuid4(),
        given.service_code,
        given.description,
        given.position,
        detail=given.detail,
        source="open311",
        fixed_at=given.observed_at,
        photos=photos,
    )
    async with parts.work() as work:
        filed = await submit(work, actor, draft)
    notice = (
        call.words(N_("已收到。"))
        if not fields.get("media_url")
        else call.words(N_("已收到。不会去取 media_url，照片请用 media 字段上传。"))
    )
    content = [{"service_request_id": filed.number, "service_notice": notice, "account_id": None}]
    return answer(call.kind, "service_requests", content, 201)


async def _key(call: Call, session: ReadSession, given: str) -> tuple[ApiKey, Actor]:
    given = given or call.request.query_params.get("api_key", "")
    if not given:
        raise NotAllowedError("api_key is needed", code="api_key_missing")
    return await use_key(session, call.facts.id, given)


async def _reader(call: Call, session: ReadSession) -> UUID | None:
    """Return in whose name a key reads: its own requests are exact; without one, reading has a limit by address."""
    if not call.request.query_params.get("api_key"):
        address = address_of(call.request)
        call.parts.rates.count(f"open311 reads {address}", KEYLESS, call.parts.clock.now())
        return None
    return (await _key(call, session, ""))[1].person_id


async def _points(session: ReadSession, community_id: str, address_id: Any) -> dict[str, tuple[float, float]]:
    try:
        wanted = UUID(str(address_id)) if address_id else None
    except ValueError:
        wanted = None
    found = await addresses(session, community_id, wanted) if wanted else []
    return {str(one.id): (one.lon, one.lat) for one in found}


_serve("discovery", READ, discovery)
_serve("services", READ, services)
_serve("services/{code}", READ, service)
_serve("requests", READ, requests)
_serve("requests", ["POST"], post_request)
_serve("requests/{number}", READ, one_request)
_serve("tokens/{token}", READ, token)
