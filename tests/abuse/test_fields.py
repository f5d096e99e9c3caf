"""One wrong field in an otherwise sensible form, for every field of every form that anybody is shown: never a failure of ours."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest
from pydantic import BaseModel, ValidationError

import api
from gis.clock import SettableClock
from gis.settings import Settings
from tests.abuse.access import routes_of
from tests.abuse.figures import long_form, tell
from tests.abuse.world import PLAIN, WEST, Drawer, World
from tests.factories import Community
from tests.http.conftest import Service, running
from tests.http.test_every_form import ELSEWHERE, KEPT, Form, Forms

ROLES = ("desk", "admin", "planner", "grid01", "rider1", "watcher01-01", "water", "resident")
RUBBISH = [
    "", "   ", "\x00", "x\x00y", "9" * 400, "-1", "0", "1e999", "NaN", "inf", "١٢٣", "1.5", "true", "[]", "{}", "1,2,3",
    "0001-01-01", "9999-12-31", "2026-02-30", "25:99", "2026-06-04T10:00", "9999-12-31T23:59", "0001-01-01T00:00",
    str(uuid4()), "' OR '1'='1", "%s%n{0}", "../../x", "a" * 100_000, "乱\u202e写" * 200, "2147483648", "-9223372036854775809",
]  # fmt: skip
SENSIBLE = {
    "date": "2026-06-05",
    "time": "10:00",
    "datetime-local": "2026-06-05T10:00",
    "number": "1",
    "tel": "13800001234",
    "checkbox": "on",
    "month": "2026-06",
}


UNSTORABLE: list[object] = ["a\x00b", ["a\x00b"], {"a": "a\x00b"}, {"a\x00b": "a"}]


class Filled(Forms):
    """Forms with something sensible in every field."""

    def __init__(self) -> None:
        super().__init__()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._form and self._select and given.get("value"):
            chosen = "selected" in given or not self._form.values.get(self._select)
            if chosen:
                self._form.values[self._select] = given["value"]
        elif tag == "input" and self._form and given.get("name") and not given.get("value"):
            self._form.values[given["name"]] = SENSIBLE.get(given.get("type", ""), "x")


async def forms_of(service: Service, world: World) -> list[tuple[str, str, Form]]:
    """Return every form once, with whom it is shown to and the secret of their session."""
    found: list[tuple[str, str, Form]] = []
    seen: set[object] = set()
    for role in ROLES:
        client, csrf = await service.browser(role)
        for route in routes_of(service.app):
            if route.method != "GET" or route.path.startswith(("/api", "/ogc", "/tiles", "/static")):
                continue
            page = await client.get(route.at(world.ids[WEST]), headers={"Accept": "text/html"})
            if page.status_code != 200 or "html" not in page.headers["content-type"]:
                continue
            parser = Filled()
            parser.feed(page.text)
            for form in parser.found:
                if form.action not in ELSEWHERE and form.same not in seen:
                    seen.add(form.same)
                    found.append((role, csrf, form))
    return found


def bodies(kind: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    """Yield the models of what is sent to us: those that take no other fields."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("api.") and one.model_config.get("extra") == "forbid":
            yield one
        yield from bodies(one)


def takes(model: type[BaseModel], field: str, value: object) -> bool:
    """Tell whether a field of a body takes a value; what is missing besides doesn't matter."""
    try:
        model.model_validate({field: value})
    except ValidationError as refused:
        return all(one["loc"][:1] != (field,) for one in refused.errors())
    return True


def test_no_field_takes_what_cannot_be_stored() -> None:
    """PostgreSQL holds no NUL: whatever is typed or sent goes through a kind of field that says so (api/models/fields.py)."""
    for module in pkgutil.walk_packages(api.__path__, "api."):
        importlib.import_module(module.name)
    fields = [
        (model, field.alias or name)
        for model in dict.fromkeys(bodies())
        for name, field in model.model_fields.items()
    ]
    taken = [
        f"{model.__module__}.{model.__name__}.{name}"
        for model, name in fields
        if any(takes(model, name, value) for value in UNSTORABLE)
    ]
    assert len(fields) > 200
    assert taken == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/stations/S1/keeper", {"person": "x\x00y"}),
        ("/admin/agencies", {"code": "x\x00y", "name": "x\x00y"}),
        ("/admin/people", {"name": "x", "role": "agency", "username": "new", "agency": "x\x00y"}),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_a_form_with_what_cannot_be_stored(service: Service, path: str, fields: dict[str, str]) -> None:
    client, csrf = await service.browser("admin")
    answer = await client.post(path, data={**fields, "csrf": csrf}, headers={"Accept": "text/html"})
    assert answer.status_code in {400, 404}


async def send(client: httpx.AsyncClient, form: Form, fields: dict[str, str]) -> httpx.Response:
    files = {"nothing": ("", b"")} if form.multipart else None
    return await client.post(form.action, data=fields, files=files, headers={"Accept": "text/html"})


@pytest.mark.skipif(
    not long_form(), reason="minutes: scripts/abuse.py fields; in short tests/http/test_every_form.py"
)
async def test_one_wrong_field(
    settings: Settings, database_url: str, community: Community, clock: SettableClock
) -> None:
    quiet = settings.model_copy(update={"run_jobs": False})
    failed, asked = [], 0
    async with running(quiet, database_url, community, clock) as service:
        world = await Drawer(service, dict(PLAIN)).draw(database_url)
        forms = await forms_of(service, world)
        for role, _, form in forms:
            client, csrf = await service.browser(role)
            typed = [name for name, kind in form.fields.items() if kind not in KEPT or kind == "hidden"]
            for name in (one for one in typed if one != "csrf"):
                for value in RUBBISH:
                    answer = await send(client, form, {**form.values, name: value, "csrf": csrf})
                    asked += 1
                    if answer.status_code >= 500:
                        failed.append((form.action, name, value[:30], answer.status_code))
    with psycopg.connect(database_url) as connection:  # and the books are in order whatever was sent
        (odd,) = connection.execute("SELECT count(*) FROM account WHERE balance < 0").fetchone() or (0,)
    tell("one wrong field", forms=len(forms), requests=asked, failures=len(failed))
    assert "\n".join(map(str, dict.fromkeys(failed))) == ""
    assert odd == 0
    assert len(forms) > 60
