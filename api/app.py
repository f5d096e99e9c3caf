"""The composition root: everything the service is made of is put together here."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware

from api import installed, pages
from api.compression import Compression
from api.errors import add_error_handlers
from api.frame import MEGABYTE, SMALL_BODY, Frame
from api.life import lifespan
from api.metrics import Metrics
from api.ogc import router as ogc
from api.open311 import router as open311
from api.rooms import API, joined
from api.routes import (
    activities,
    boundaries,
    calendars,
    cases,
    certificates,
    desk,
    drafts,
    duty,
    exports,
    figures,
    handbook,
    hotspots,
    indicators,
    linking,
    live,
    me,
    meals,
    mediations,
    missing,
    musters,
    notices,
    orders,
    photos,
    places,
    plans,
    plates,
    ratings,
    referrals,
    reports,
    residents,
    rewards,
    robots,
    search,
    service_books,
    session,
    state,
    station_minding,
    stations,
    teams,
    tiles,
    visits,
    ways,
)
from api.spec import documented
from api.static import StaticAssets
from api.straight import StraightRoutes
from api.uploads import MOST_BYTES
from gis.clock import Clock, SystemClock
from gis.settings import PhotoSettings, Settings
from web.assets import STATIC_FOLDER

DESCRIPTION = """Grid management for an urban community office (社区网格化管理): photo reports snapped to micro-grids and
offered to the closest available responder. Sign in with `POST /api/v1/session`; programs then send
`Authorization: Bearer <token>`. Errors are `application/problem+json` with a stable `code`; `?lang=zh|en` chooses
their language. Positions are EPSG:4326 unless `datum` says otherwise."""
MARGIN = 2 * MEGABYTE
UPLOADS = (
    f"{API}/boundaries/check",
    f"{API}/boundaries/drafts",
    "/grids/drafts",
    "/desk/hotline",
    "/residents/import",
)

ROOMS = (
    reports,
    ratings,
    session,
    me,
    ways,
    stations,
    station_minding,
    notices,
    musters,
    orders,
    residents,
    missing,
    visits,
    meals,
    service_books,
    rewards,
    robots,
    places,
    search,
    boundaries,
    drafts,
    duty,
    plates,
    linking,
    referrals,
    cases,
    desk,
    photos,
    figures,
    indicators,
    hotspots,
    plans,
    calendars,
    activities,
    teams,
    certificates,
    mediations,
    handbook,
    exports,
    live,
)
ROUTES = joined(
    tiles.router, *(room.router for room in ROOMS), ogc, open311, state.router, pages.router, installed.router
).routes
"""Routes are looked through in this order: what is asked most often comes first, and tiles, for a map asks for dozens at once."""
SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""No spans or metrics are sent anywhere: this service tells of itself at /metrics."""


def create_app(settings: Settings, *, clock: Clock | None = None, database_url: str | None = None) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    settings
        What an operator may set; ``database_url`` must name a migrated database.
    clock
        The time; by default the machine's.
    database_url
        Instead of the settings' own.
    """
    metrics = Metrics()
    app = FastAPI(
        title="Weiwang 微网",
        version=importlib.metadata.version("weiwang"),
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan(settings, clock or SystemClock(), metrics, database_url or settings.database_url),
        telemetry=SILENT,
        middleware=[
            Middleware(
                Frame,
                metrics=metrics,
                body_limit=body_limit(settings.photo),
                secure=settings.secure_cookies,
                pictures=settings.base_map.origins,
                log_settings=settings.log,
            ),
            Middleware(Compression),
        ],
    )
    app.state.metrics = metrics
    app.openapi = documented(app)  # type: ignore[method-assign]
    add_error_handlers(app)
    app.router.routes.extend(ROUTES)
    app.mount("/static", StaticAssets(directory=STATIC_FOLDER), name="static")
    app.router.routes.insert(0, StraightRoutes(app.router.routes))
    return app


def body_limit(photo: PhotoSettings) -> Callable[[str, str], int]:
    """Return how large a body may be: photos where photos are sent, little elsewhere."""

    def limit(method: str, path: str) -> int:
        if method == "PUT" and "/photos/" in path:
            return photo.max_bytes + MEGABYTE
        if method == "POST" and (
            path.endswith(("/reports", "/done", "/missing", "/visits", "/agreement", "/certificates"))
            or path == "/report"
            or path.startswith(("/open311/", "/admin/rewards/"))
        ):
            return photo.max_bytes * photo.max_per_report + MARGIN
        if method == "POST" and path in UPLOADS:
            return MOST_BYTES + MARGIN
        return SMALL_BODY

    return limit
