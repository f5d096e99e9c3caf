"""The composition root: everything the service is made of is put together here."""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware

from api import installed, pages
from api.compression import Compression
from api.deps import only_known_parameters
from api.errors import add_error_handlers
from api.events import EventHub
from api.exporting import SAY
from api.frame import MEGABYTE, SMALL_BODY, Frame
from api.hearing import hearing_of
from api.metrics import Metrics
from api.ogc import router as ogc
from api.open311 import router as open311
from api.parts import Parts
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
from api.warming import load_communities, prepare_photos
from gis.clock import Clock, SystemClock
from gis.flows.atlas import Atlas
from gis.flows.audit.chaining import EVERY_MINUTE as CHAINING
from gis.flows.audit.chaining import bind_audit
from gis.flows.blurring import EVERY_MINUTE as BLURRING
from gis.flows.blurring import bind_blurring
from gis.flows.count_indicators import EVERY_MINUTE as COUNTING
from gis.flows.count_indicators import bind_indicators
from gis.flows.deliver import EVERY_MINUTE as SWEEPING_NOTICES
from gis.flows.deliver import bind_notices
from gis.flows.exports.jobs import EVERY_MINUTE as SWEEPING_EXPORTS
from gis.flows.exports.jobs import bind_exports
from gis.flows.exports.layers import Source
from gis.flows.hotline import EVERY_MINUTE as SWEEPING_CALLBACKS
from gis.flows.hotline import bind_hotline
from gis.flows.hotline_files import bind_hotline_files
from gis.flows.meals.closing import EVERY_MINUTE as SWEEPING_MEALS
from gis.flows.meals.closing import bind_meals
from gis.flows.mediation.reminders import EVERY_MINUTE as SWEEPING_MEDIATION
from gis.flows.mediation.reminders import bind_mediation
from gis.flows.missing.erasing import EVERY_MINUTE as SWEEPING_MISSING
from gis.flows.missing.erasing import bind_missing
from gis.flows.months import EVERY_MINUTE as MAKING_MONTHS
from gis.flows.months import bind_months
from gis.flows.musters import EVERY_MINUTE as SWEEPING_MUSTERS
from gis.flows.musters import bind_musters
from gis.flows.order_keeping import EVERY_MINUTE as SWEEPING_ORDERS
from gis.flows.order_keeping import bind_orders
from gis.flows.photo_keeping import HOURLY as KEEPING_PHOTOS
from gis.flows.photo_keeping import bind_photos
from gis.flows.residents.erasing import EVERY_MINUTE as SWEEPING_RESIDENTS
from gis.flows.residents.erasing import bind_residents
from gis.flows.retention.running import EVERY_MINUTE as RETAINING
from gis.flows.retention.running import bind_retention
from gis.flows.rosters import Rosters
from gis.flows.service.expiring import EVERY_MINUTE as KEEPING_REWARDS
from gis.flows.service.expiring import bind_rewards
from gis.flows.tasks import EVERY_MINUTE, bind
from gis.flows.teams.certificates import EVERY_MINUTE as SWEEPING_CERTIFICATES
from gis.flows.teams.certificates import bind_certificates
from gis.flows.teams.places import EVERY_MINUTE as SWEEPING_ACTIVITIES
from gis.flows.teams.places import bind_activities
from gis.settings import PhotoSettings, Settings
from gis.store.jobs import JobRunner, ProcrastinateJobs
from gis.store.photo_bucket import photos_of
from gis.store.replica import replica_of
from gis.store.session import Database
from web.assets import STATIC_FOLDER
from web.notices import robot_text
from web.render import renderer

DESCRIPTION = """Grid management for an urban community office (社区网格化管理): photo reports snapped to micro-grids and
offered to the closest available responder. Sign in with `POST /api/v1/session`; programs then send
`Authorization: Bearer <token>`. Errors are `application/problem+json` with a stable `code`; `?lang=zh|en` chooses
their language. Positions are EPSG:4326 unless `datum` says otherwise."""
MARGIN = 2 * MEGABYTE
API = "/api/v1"
STOP_S = 12.0
UPLOADS = (
    f"{API}/boundaries/check",
    f"{API}/boundaries/drafts",
    "/grids/drafts",
    "/desk/hotline",
    "/residents/import",
)


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
        # no spans or metrics are sent anywhere: this service tells of itself at /metrics
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
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
    app.include_router(tiles.router)  # a map asks for dozens at once: before the many routes of the rest
    api = APIRouter(prefix=API, dependencies=[Depends(only_known_parameters)])
    for room in (  # routes are looked through in this order: what is asked most often comes first
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
    ):
        api.include_router(room.router)
    app.include_router(api)
    app.include_router(ogc)
    app.include_router(open311)
    app.include_router(state.router)
    app.include_router(pages.router)
    app.include_router(installed.router)
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


def lifespan(
    settings: Settings, clock: Clock, metrics: Metrics, url: str
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return what the application lives on from its start to its end: connections, what it remembers, its jobs."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        database = Database(url, pool_size=settings.pool_size)
        parts = Parts(
            settings=settings,
            clock=clock,
            database=database,
            jobs=ProcrastinateJobs(),
            runner=None,
            atlas=Atlas(settings.memory.communities_mb * 1_000_000, settings.office),
            photos=photos_of(settings),
            renderer=renderer(),
            hub=EventHub(database),
            metrics=metrics,
            rosters=Rosters(settings.dispatch.roster_s),
            replica=replica_of(settings, database),
        )
        app.state.parts = parts
        hearing = hearing_of(parts, url)
        hearing.start()
        await load_communities(parts)
        photos_ready = asyncio.create_task(prepare_photos(parts), name="weiwang-photos")
        if settings.run_jobs:
            parts.runner = JobRunner(
                url,
                bind(parts.work)
                | bind_musters(parts.work)
                | bind_orders(parts.work)
                | bind_residents(parts.work)
                | bind_missing(parts.work)
                | bind_meals(parts.work)
                | bind_certificates(parts.work)
                | bind_activities(parts.work)
                | bind_mediation(parts.work)
                | bind_rewards(parts.work)
                | bind_hotline(parts.work)
                | bind_hotline_files(parts.work)
                | bind_indicators(parts.work)
                | bind_audit(parts.work)
                | bind_blurring(parts.work)
                | bind_retention(parts.work)
                | bind_months(parts.work)
                | bind_notices(parts.work, robot_text)
                | bind_photos(parts.work)
                | bind_exports(parts.work, Source(parts.recent, parts.streets), SAY),
                hourly=KEEPING_PHOTOS,
                every_minute=EVERY_MINUTE
                + SWEEPING_MUSTERS
                + SWEEPING_ORDERS
                + SWEEPING_RESIDENTS
                + SWEEPING_MISSING
                + SWEEPING_MEALS
                + SWEEPING_CERTIFICATES
                + SWEEPING_ACTIVITIES
                + SWEEPING_MEDIATION
                + KEEPING_REWARDS
                + SWEEPING_CALLBACKS
                + COUNTING
                + CHAINING
                + BLURRING
                + RETAINING
                + MAKING_MONTHS
                + SWEEPING_NOTICES
                + SWEEPING_EXPORTS,
                observe=metrics.job,
            )
            parts.job_task = asyncio.create_task(parts.runner.run(), name="weiwang-jobs")
        try:
            yield
        finally:
            photos_ready.cancel()
            await hearing.stop()
            await _stop(parts)

    return life


async def _stop(parts: Parts) -> None:
    """End what the app began: streams, jobs under way, connections; a database that is gone holds nothing up."""
    await parts.without_a_lost_database()
    await parts.hub.close()
    if parts.runner is not None and parts.job_task is not None:
        parts.runner.stop()
        with suppress(asyncio.CancelledError, Exception):
            await asyncio.wait_for(parts.job_task, timeout=STOP_S)
    if parts.replica is not None:
        await parts.replica.close()
    await parts.database.close()
