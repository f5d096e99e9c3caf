"""How the service is: alive, ready, and its figures; the documentation of the interface."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from ipaddress import IPv4Network, IPv6Network, ip_address

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.parts import parts_of
from api.readiness import readiness
from web.error_messages import ERROR_MESSAGES
from web.i18n import LANGUAGES, translate

router = APIRouter(include_in_schema=False)
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
async def get_health() -> dict[str, str]:
    """Answer while the process lives; asks nobody else."""
    return {"status": "ok"}


@router.get("/readyz")
async def get_readiness(request: Request) -> JSONResponse:
    """Tell whether requests can be served: database, tables, jobs, photos and disk, each by looking, and what needs looking after."""
    checks = await readiness(parts_of(request))
    ready = all(check["ok"] for check in checks.values())
    reasons = {name: check["reason"] for name, check in checks.items() if "reason" in check}
    return JSONResponse(
        {"ready": ready, "reasons": reasons, "checks": checks},
        status_code=200 if ready else 503,
        headers={} if ready else {"Retry-After": "5"},
    )


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    """Figures for Prometheus, for this machine and those that the operator named."""
    parts = parts_of(request)
    if not _may_read_figures(request, parts.settings.watch.scrapers):
        raise HTTPException(404)
    await parts.metrics.gauges.look(parts)
    return Response(parts.metrics.text(), media_type=PROMETHEUS)


def _may_read_figures(request: Request, scrapers: Sequence[IPv4Network | IPv6Network]) -> bool:
    if request.headers.get("x-forwarded-for") or request.client is None:
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return address.is_loopback or any(address in network for network in scrapers)


@router.get("/docs")
async def get_docs(request: Request) -> HTMLResponse:
    """Show the interface, from this server's own files."""
    nonce = request.scope["state"]["nonce"]
    static = "/static/vendor/swagger-ui"
    return HTMLResponse(
        f"""<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>Weiwang 微网 API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{static}/swagger-ui.css"><link rel="icon" href="{static}/favicon-32x32.png">
</head><body><div id="swagger-ui"></div>
<script src="{static}/swagger-ui-bundle.js"></script>
<script nonce="{nonce}">
SwaggerUIBundle({{url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null}});
</script></body></html>"""
    )


@router.get("/docs/errors")
async def get_error_docs() -> HTMLResponse:
    """List every error code with its sentence in each language."""
    rows = "".join(
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code></td>'
        + "".join(f"<td>{escape(translate(language, text))}</td>" for language in LANGUAGES)
        + "</tr>"
        for code, text in sorted(ERROR_MESSAGES.items())
    )
    return HTMLResponse(
        '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>Weiwang 微网: errors</title></head>'
        f"<body><h1>错误代码 Error codes</h1><table><tbody>{rows}</tbody></table></body></html>"
    )
