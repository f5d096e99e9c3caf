"""Under which address people reach the service: what the QR codes of plates lead to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from api.parts import parts_of
from gis.settings import Settings


def public_base(request: Request) -> str:
    """Return the public address: the operator's own setting, else the one that the request came to."""
    settings = parts_of(request).settings
    if settings.public_url:
        return settings.public_url.rstrip("/")
    scheme = "https" if settings.secure_cookies else request.url.scheme
    return f"{scheme}://{request.url.netloc}"


def configured_base(settings: Settings) -> str:
    """Return the public address where there is no request: the operator's setting, else where the service listens."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.secure_cookies else 'http'}://{host}:{settings.port}"


def is_loopback(base: str) -> bool:
    """Tell whether an address leads each device to itself."""
    host = urlsplit(base).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
