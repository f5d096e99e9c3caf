"""How rooms begin: with a router whose routes are whole when they are declared.

FastAPI's ``include_router`` works out every route's parameters a second and a third time, which with hundreds of routes takes as
long as to load half of the service. Here a room says what its routes have in common, and routers are joined as they are.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from api.deps import only_known_parameters

API = "/api/v1"


def interface(tag: str, *, prefix: str = "", route_class: type[APIRoute] = APIRoute) -> APIRouter:
    """Return a router for a room of the interface: below ``API``, and strict about what is asked.

    Parameters
    ----------
    tag
        Under which the document tells of its routes.
    prefix
        What all of their paths begin with, after ``API``.
    route_class
        How its routes are asked.
    """
    strict = [Depends(only_known_parameters)]
    return APIRouter(prefix=API + prefix, tags=[tag], dependencies=strict, route_class=route_class)


def pages() -> APIRouter:
    """Return a router for a room of pages, of which the document of the interface doesn't tell."""
    return APIRouter(include_in_schema=False)


def joined(*routers: APIRouter) -> APIRouter:
    """Return a router that has the routes of others, in their order."""
    return APIRouter(routes=[route for router in routers for route in router.routes])
