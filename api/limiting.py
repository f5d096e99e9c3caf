"""How much may be asked for: by each person, and from each address. What is counted, and what as, is told here alone.

Behind a proxy the address is the one that the proxy names, where the proxy is one of ``trusted_proxies``. Everybody of an
office comes from one address, so that what is counted by person is tighter than what is counted by address.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from starlette.requests import HTTPConnection

from api.parts import Parts, parts_of
from gis.settings import RateSettings
from gis.words import Actor

SESSION = "weiwang_session="
IPV6_PREFIX = 64  # what one household or phone is given
FILES = "multipart/form-data"
PHOTOS_TO = re.compile(r"^PUT /api/v1/reports/[^/]+/photos/")
REPORTS = re.compile(r"^POST /(api/v1/reports|report)$|^PUT /api/v1/reports/[^/]+$")
SEARCHES = re.compile(r"^GET /api/v1/(search|locate|nearby|residents|counter)$|^GET /residents$")
EXPORTS = re.compile(
    r"^(GET|POST) /(api/v1/)?exports(/[^/]+\.\w+)?$|^GET /.*\.(xlsx|pdf|csv|zip)$|^GET /.+/(sheet|report|pdf|export|export\.json)$"
)
SIGN_INS = re.compile(r"^POST /(api/v1/session|login|login/code)$")
UNCOUNTED = ("/static/", "/healthz", "/readyz", "/metrics")
_KINDS = (("reports", REPORTS), ("uploads", PHOTOS_TO), ("searches", SEARCHES), ("exports", EXPORTS))


def address_of(connection: HTTPConnection) -> str:
    """Return where a request comes from: an IPv4 address, or the network of an IPv6 one; empty where nobody says."""
    host = connection.client.host if connection.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, IPV6_PREFIX), strict=False))


def kind_of(method: str, path: str, sent: str = "") -> str | None:
    """Return what a request is counted as besides everything: the name of a setting, or None.

    Parameters
    ----------
    method, path
        What is asked for.
    sent
        The type of its body: a form that may carry files is an upload wherever it goes.
    """
    asked = f"{method} {path}"
    found = next((name for name, pattern in _KINDS if pattern.search(asked)), None)
    return found or ("uploads" if sent.lower().startswith(FILES) else None)


def count_person(request: Request, actor: Actor) -> None:
    """Count what somebody who is signed in asks for.

    Raises
    ------
    TooManyError
        ``too_many_requests``.
    """
    parts = parts_of(request)
    rates = parts.settings.rates
    if not rates.enforced:
        return
    now, whose = parts.clock.now(), f"{actor.community_id} {actor.person_id}"
    parts.rates.count(whose, rates.person, now)
    if kind := kind_of(request.method, request.url.path, request.headers.get("content-type", "")):
        parts.rates.count(f"{whose} {kind}", getattr(rates, kind), now)


def count_address(request: Request) -> None:
    """Count what comes from an address, before anything else is done about it.

    Raises
    ------
    TooManyError
        ``too_many_requests``.
    """
    parts = getattr(request.app.state, "parts", None)
    if parts is None or not parts.settings.rates.enforced or request.url.path.startswith(UNCOUNTED):
        return
    rates: RateSettings = parts.settings.rates
    now, address = parts.clock.now(), address_of(request)
    parts.rates.count(f"{address} all", rates.address, now)
    if SIGN_INS.search(f"{request.method} {request.url.path}"):
        parts.rates.count(f"{address} sign-ins", rates.sign_ins, now)
    elif not ("authorization" in request.headers or SESSION in request.headers.get("cookie", "")):
        count_stranger(parts, request)


def count_stranger(parts: Parts, request: HTTPConnection) -> None:
    """Count what somebody asks for who is nobody here: without a token, or with one that is none.

    Raises
    ------
    TooManyError
        ``too_many_requests``.
    """
    rates = parts.settings.rates
    if rates.enforced:
        parts.rates.count(f"{address_of(request)} strangers", rates.strangers, parts.clock.now())
