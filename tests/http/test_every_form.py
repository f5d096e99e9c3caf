"""Rubbish in every form that a page shows: never a failure of ours, a message on the page, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from api.pages.admin.frame import SECTIONS
from api.pages.menu import PAGES, PATHS
from api.pages.service.frame import paths_of
from gis.words import Role
from tests.http.conftest import API, Service
from tests.http.test_pages import signed_in
from tests.http.test_service import earn, offer

PEOPLE = {
    Role.ADMIN: "admin",
    Role.DESK: "desk",
    Role.GRID_WORKER: "grid01",
    Role.WATCHER: "watcher01-01",
    Role.RIDER: "rider1",
    Role.PLANNER: "planner",
    Role.AGENCY: "water",
    Role.RESIDENT: "resident",
}
KEPT = {"hidden", "file", "password", "submit", "button"}
TYPED = {"text", "search", "tel", "url", "email", "textarea", ""}
RUBBISH = "<乱\u202e写>&\"'" + "长" * 2500
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
REFUSED = {400, 409, 413, 415}
SAID = ('class="error"', "data-problem", 'role="alert"', "错误 4")
ELSEWHERE = {"/logout"}
"""Forms that take nothing."""


@dataclass
class Form:
    """A form of a page."""

    action: str
    multipart: bool
    fields: dict[str, str] = field(default_factory=dict)  # name -> kind
    values: dict[str, str] = field(default_factory=dict)

    @property
    def same(self) -> tuple[str, tuple[str, ...]]:
        """Return what forms of one make have in common."""
        action = re.sub(r"/(admin/\w+)/(?!new|import)\w+$", r"/\1/*", UUIDS.sub("*", self.action))
        return action, tuple(sorted(self.fields))


class Forms(HTMLParser):
    """Finds forms that post."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._form = Form(given.get("action", ""), given.get("enctype") == "multipart/form-data")
            self.found.append(self._form)
        elif tag in {"input", "textarea", "select"} and self._form and given.get("name"):
            kind = given.get("type", "") if tag == "input" else tag
            self._form.fields[given["name"]] = kind
            self._form.values[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


async def every_form(client: httpx.AsyncClient, paths: list[str]) -> dict[tuple[str, tuple[str, ...]], Form]:
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for path in paths:
        page = await client.get(path)
        assert page.status_code == 200, path
        parser = Forms()
        parser.feed(page.text)
        for form in parser.found:
            if form.action not in ELSEWHERE:
                found.setdefault(form.same, form)
    return found


async def post(client: httpx.AsyncClient, form: Form, fields: dict[str, str]) -> httpx.Response:
    files = {"nothing": ("", b"")} if form.multipart else None
    return await client.post(form.action, data=fields, files=files)


async def test_rubbish_in_every_form(service: Service) -> None:
    filed = await service.report()
    await service.report("rider2", where=(150, 150), category="rubbish")
    await earn(service, "rider1")
    reward = await offer(service)
    rider = await service.person("rider1")
    assert (await rider.post(f"{API}/redemptions", json={"reward": reward})).status_code == 201
    tried, failed, lost, silent = 0, [], [], []
    done: set[tuple[str, tuple[str, ...]]] = set()
    for role, username in PEOPLE.items():
        client, csrf = await signed_in(service, username)
        paths = [*(PATHS[key] for key in PAGES[role] if key != "service"), *paths_of(role)]
        if role is Role.ADMIN:
            paths += [*(f"/admin/{one}" for one in SECTIONS), "/admin/people/new", "/admin/people/import",
                      f"/admin/people/{service.community.id('rider3')}", f"/admin/duty/{service.community.id('rider3')}",
                      f"/cases/{filed['case_id']}", "/musters", "/visits/campaigns", "/visits/rounds"]  # fmt: skip
        for same, form in (await every_form(client, [one for one in paths if one != "/admin"])).items():
            if same in done:
                continue
            done.add(same)
            hidden = {
                name: form.values[name]
                for name, kind in form.fields.items()
                if kind in KEPT and kind != "file"
            }
            typed = {name: RUBBISH for name, kind in form.fields.items() if kind in TYPED}
            other = {name: "乱写" for name, kind in form.fields.items() if kind not in KEPT | TYPED}
            for fields in ({}, typed | other, dict.fromkeys(hidden, "\x00" * 3) | typed):
                answer = await post(client, form, {**hidden, **fields, "csrf": csrf})
                tried += 1
                if answer.status_code >= 500:
                    failed.append((same, answer.status_code))
                if answer.status_code not in REFUSED or not typed:
                    continue
                text = html.unescape(answer.text)
                if not any(sign in text for sign in SAID):
                    silent.append((same, answer.status_code))
                if fields.keys() == (typed | other).keys() and RUBBISH not in text:
                    lost.append(same)
    assert tried > 60
    assert "\n".join(map(str, failed)) == ""
    assert "\n".join(map(str, silent)) == ""
    assert "\n".join(map(str, lost)) == ""
