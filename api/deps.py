"""What routes ask for: a transaction to read or to change things, and queries without surprises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.responses import Response

from api.auth import Reader, ReaderDep
from api.parts import Parts, parts_of
from gis.errors import InvalidInputError
from gis.flows.work import Work
from gis.store.session import ReadSession


async def work(request: Request, _: ReaderDep) -> AsyncIterator[Work]:
    """Open a unit of work for a signed-in person; it is committed before the answer is sent."""
    async with parts_of(request).work() as opened:
        yield opened


async def read(request: Request, _: ReaderDep) -> AsyncIterator[ReadSession]:
    """Open a read-only transaction for a signed-in person."""
    async with parts_of(request).database.read() as session:
        yield session


async def recent(request: Request, response: Response, _: ReaderDep) -> AsyncIterator[ReadSession]:
    """Open a read-only transaction that may be some seconds old, and say so in a header: for what looks at months."""
    async with parts_of(request).recent() as session:
        if session.age_s:
            response.headers["Weiwang-Data-Age"] = f"{session.age_s:.1f}"
        yield session


async def parts(request: Request) -> Parts:
    """Return the parts of the app; asynchronous, for a plain function would be run in a thread."""
    return parts_of(request)


# scope="function": the transaction ends when the route returns, before anything is sent
WorkDep = Annotated[Work, Depends(work, scope="function")]
ReadDep = Annotated[ReadSession, Depends(read, scope="function")]
RecentDep = Annotated[ReadSession, Depends(recent, scope="function")]
PartsDep = Annotated[Parts, Depends(parts)]


async def only_known_parameters(request: Request) -> None:
    """Refuse query parameters that a route doesn't know: a misspelt filter must not show everything."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = _query_names(route.dependant)
    for name in request.query_params:
        if name not in known and name != "lang":
            raise InvalidInputError(
                f"unknown query parameter {name!r}", code="unknown_parameter", field=name, name=name
            )


def _query_names(dependant: Dependant) -> set[str]:
    names: set[str] = set()
    for param in dependant.query_params:
        fields = getattr(param.field_info.annotation, "model_fields", None)
        if fields is None:
            names.add(param.alias)
        else:
            names |= {field.alias or name for name, field in fields.items()}
    for below in dependant.dependencies:
        names |= _query_names(below)
    return names


__all__ = [
    "PartsDep",
    "ReadDep",
    "Reader",
    "ReaderDep",
    "RecentDep",
    "WorkDep",
    "only_known_parameters",
    "parts",
    "read",
    "recent",
    "work",
]
