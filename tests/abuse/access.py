"""Who may do what, asked of the running service: every route, every role, one's own side and the other."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.abuse.world import EAST, PEOPLE, WEST

ROLES = ("nobody", "resident", "rider1", "watcher01-01", "grid01", "water", "planner", "desk", "admin")
TABLE = Path(__file__).parent / "matrix.txt"
REFUSED = {401, 403, 404}
SIDED = (
    "case_id", "report_id", "photo_id", "visit_id", "finding_id", "household_id", "resident_id", "round_id",
)  # fmt: skip
LAST = ("/erase", "/end", "/cancel", "/discard", "/drop", "/withdraw", "DELETE", "/session", "/logout")
ENDLESS = ("/api/v1/events",)
WORDS = {
    "/api/v1/exports/{layer}.{ending}": {"layer": "cases", "ending": "csv"},
    "/api/v1/photos/{photo_id}/{kind}": {"kind": "view"},
    "/api/v1/findings/{finding_id}/{act}": {"act": "answer"},
    "/api/v1/mediations/{case_id}/{act}": {"act": "parties"},
    "/api/v1/activities/{activity_id}/{act}": {"act": "sign_up"},
    "/tiles/{layer}.json": {"layer": "cases"},
    "/tiles/{layer}/{z}/{x}/{y}.mvt": {"layer": "cases"},
    "/desk/hotline/answers.{ending}": {"ending": "xlsx"},
    "/planner/plans/{plan_id}/{kind}": {"kind": "report"},
    "/service/statement.{kind}": {"kind": "xlsx"},
    "/service/books.{kind}": {"kind": "xlsx"},
    "/admin/people/{person_id}/{act}": {"act": "code"},
    "/admin/duty/{person_id}/{act}": {"act": "leave"},
    "/admin/calendar/{act}": {"act": "day"},
    "/admin/robots/{robot_id}/{act}": {"act": "switch"},
    "/admin/agencies/{code}": {"code": "water"},
    "/admin/categories/{code}": {"code": "sewer"},
    "/admin/checklists/{code}": {"code": "gas"},
    "/musters/{muster_id}/{act}": {"act": "answer"},
    "/meals/day/{act}": {"act": "close"},
    "/stations/{code}/{act}": {"act": "counts"},
    "/visits/findings/{finding_id}/{act}": {"act": "answer"},
    "/residents/people/{resident_id}/{act}": {"act": "call"},
    "/activities/{activity_id}/{act}": {"act": "sign_up"},
    "/mediation/{case_id}/{act}": {"act": "parties"},
    "/cases/{case_id}/{verb}": {"verb": "accept"},
    "/service/redeemed/{redemption_id}/{verb}": {"verb": "refund"},
}
"""Words in paths that are no identifiers."""
ELSE = {
    "code": "S1",
    "kind": "json",
    "act": "x",
    "verb": "x",
    "token": "1",
    "collection": "streets",
    "feature": "1",
}


@dataclass(frozen=True, order=True)
class Route:
    """A method and a path as declared."""

    path: str
    method: str

    @property
    def sided(self) -> bool:
        """Tell whether what it names belongs to a side."""
        return any(f"{{{name}}}" in self.path for name in SIDED)

    def at(self, ids: Mapping[str, str]) -> str:
        """Return the path with identifiers filled in."""
        values = {**ELSE, **ids, **WORDS.get(self.path, {})}
        if self.path.startswith("/open311") or self.path.startswith("/ogc"):
            values |= {"code": "sewer", "kind": "json"}
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], self.path)


def routes_of(app: FastAPI) -> list[Route]:
    """Return every route of an app, by how much it takes away."""
    found = {
        Route(one.path, method)
        for one in app.router.routes
        if isinstance(one, APIRoute)
        for method in (one.methods or set()) - {"HEAD"}
    }

    def harm(route: Route) -> tuple[bool, int]:
        whole = f"{route.method} {route.path}"
        return route.method != "GET", max((n for n, word in enumerate(LAST, 1) if word in whole), default=0)

    return sorted(found, key=lambda route: (harm(route), route))


class Bodies:
    """Bodies that hold just what the OpenAPI document says is needed, so that access is asked before their sense."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._paths = document["paths"]
        self._schemas = document["components"]["schemas"]

    def of(self, route: Route) -> dict[str, Any] | None:
        """Return a body for a route, None where it takes none."""
        said = self._paths.get(route.path, {}).get(route.method.lower(), {}).get("requestBody")
        schema = (said or {}).get("content", {}).get("application/json", {}).get("schema")
        return self._value(schema) if schema else None

    def _value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        if "$ref" in schema:
            return self._value(self._schemas[schema["$ref"].rpartition("/")[2]], depth + 1)
        several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if several:
            return self._value(several[0], depth + 1)
        given = [*schema.get("examples", ()), *schema.get("enum", ())]
        if given or "const" in schema:
            return schema.get("const", given[0] if given else None)
        return self._made(schema, depth)

    def _made(self, schema: dict[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object":
            fields, needed = schema.get("properties", {}), schema.get("required", ())
            return {name: self._value(fields[name], depth + 1) for name in needed if name in fields}
        if kind == "array":
            return [self._value(schema["items"], depth + 1)] if schema.get("minItems") and depth < 5 else []
        return _plain_value(kind, schema)


def _plain_value(kind: str | None, schema: dict[str, Any]) -> Any:
    by_format = {
        "uuid": str(uuid4()),
        "date": "2026-06-04",
        "date-time": "2026-06-04T10:00:00+08:00",
        "time": "10:00",
    }
    if kind == "string":
        return by_format.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
    return {"integer": 1, "number": 1.0, "boolean": True}.get(kind or "")


def verdict(status: int) -> str:
    """Return what an answer says of access: ``.`` refused, ``+`` let in, ``~`` let in and refused for what was sent."""
    if status in REFUSED:
        return "."
    return "+" if status < 400 else "~"


def alike(sign: str) -> str:
    """Return a sign without what was sent: how a thing stood decides whether it was in order."""
    return {"~": "+", "p": "o"}.get(sign, sign)


def both(own: str, other: str) -> str:
    """Return the sign of a cell from the verdicts of one's own side and the other."""
    if own == other:
        return own
    if other == ".":
        return "o" if own == "+" else "p"
    return "!"


@dataclass(frozen=True)
class Seen:
    """What an answer to one request was."""

    route: Route
    status: int
    body: bytes
    handed_out: bool = False
    """Whether it is a file to be kept, rather than a page."""

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(json.loads(self.body).get("code")) if self.body.startswith(b'{"type"') else ""


def plain(answer: httpx.Response) -> bytes:
    """Return the text of an answer, out of workbooks and archives too."""
    body = answer.content
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


async def ask(
    client: httpx.AsyncClient, route: Route, ids: Mapping[str, str], body: dict[str, Any] | None = None
) -> Seen:
    """Ask for a route with as little as can be sent."""
    if route.path in ENDLESS and route.method == "GET":
        answer = await client.head(route.at(ids))
    else:
        headers = {"Accept-Encoding": "identity"}
        answer = await client.request(route.method, route.at(ids), headers=headers, json=body)
    status = answer.status_code
    if answer.is_redirect and answer.headers.get("location", "").startswith("/login?next"):
        status = 401
    file = answer.headers.get("content-disposition", "").startswith("attachment")
    return Seen(route, status, plain(answer), file)


def sides(role: str, route: Route) -> tuple[str, ...]:
    """Return of which sides a role is asked, its own last; everybody in the matrix is of the west."""
    return (EAST, WEST) if route.sided and of_one_side(role) else (WEST,)


def stated() -> dict[Route, str]:
    """Return the table as it is written down."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {Route(path, method): cells for cells, method, path in lines}


def of_one_side(role: str) -> bool:
    """Tell whether a role may see its own side only."""
    return role in PEOPLE[WEST].values() or role == "resident"
