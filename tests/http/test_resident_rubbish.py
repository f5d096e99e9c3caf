"""Odd values in every field of residents and searches: never a failure of ours."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from tests.http.conftest import API, Service
from tests.http.test_residents import WANG, record

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**40,
    "",
    "\x00",
    "\ud800",
    "长" * 3000,
    [],
    {},
    ["x"] * 300,
    "NaN",
    "9999-99-99",
    "' OR 1=1 --",
    1e308,
)


async def test_no_answer_is_a_failure_of_ours(service: Service) -> None:
    home, resident = await record(service)
    desk = await service.person("desk")
    names = {
        f"{API}/households": ("id", "building", "unit", "flat", "tenure", "note", "purpose", "source", "recorded_on"),
        f"{API}/households/{home}/residents": ("id", "name", "phone", "id_number", "birth_year", "flags", "contacts", "moved_out_on"),
        f"{API}/residents/suggestions": ("id", "resident", "household", "name"),
        f"{API}/residents/suggestions/decide": ("ids", "act", "reason"),
        f"{API}/residents/{resident}/consents": ("id", "purpose", "given", "how", "said_by", "said_on"),
        f"{API}/residents/{resident}/call": ("whom",),
        f"{API}/residents/{resident}/id_number": ("why",),
        f"{API}/missing": ("id", "resident", "name", "description", "lon", "lat", "building", "seen_at", "people", "place_text"),
    }  # fmt: skip
    for path, fields in names.items():
        for name in fields:
            for value in ODD:
                content = json.dumps({**WANG, name: value} if path.endswith("residents") else {name: value})
                answer = await desk.post(path, content=content, headers={"Content-Type": "application/json"})
                assert answer.status_code < 500, (path, name, value, answer.text)
    for query in ("q=%00", "q=" + "长" * 60, "flag=x&gone=maybe", "offset=99999999999999999999", "limit=0"):
        for path in (f"{API}/residents", "/residents"):
            assert (await desk.get(f"{path}?{query}")).status_code < 500, (path, query)
    for path in ("/residents/looks?before=x", "/residents/erasures?cursor=%00", "/missing/new?resident=x", f"/missing/new?resident={uuid4()}"):  # fmt: skip
        admin = await service.person("admin")
        assert (await admin.get(path)).status_code < 500, path
