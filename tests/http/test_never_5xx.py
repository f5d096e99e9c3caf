"""Whatever is sent, no answer is a server error."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extent import examples
from tests.http.conftest import API, Service

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(
        [
            "NaN",
            "-0",
            "1e999",
            "١٢٣",
            "\x00",
            "\ud800",
            "' OR 1=1 --",
            "%00",
            "123.4150",
            "41.7890",
            "9" * 400,
        ]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)
NAMES = [
    "id",
    "category",
    "lon",
    "lat",
    "datum",
    "accuracy_m",
    "heading_deg",
    "source",
    "description",
    "detail",
    "fixed_at",
    "manifest",
]
BODIES = st.dictionaries(st.sampled_from(NAMES), ODD, max_size=12)
FILTERS = [
    "bbox",
    "grid",
    "micro_grid",
    "status",
    "category",
    "from",
    "to",
    "q",
    "mine",
    "limit",
    "cursor",
    "lang",
]
WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["0001-01-01", "9999-12-31T23:59:59+23:59", "1,2,3,4", "live", "-1"]),
)
PLENTY = settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))


def as_json(body) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")


@pytest.mark.slow
async def test_reports_of_any_kind(service: Service) -> None:
    client = await service.person("resident")
    bodies = []

    @PLENTY
    @given(BODIES)
    def gather(body):
        bodies.append(body)

    gather()
    base = {"category": "sewer", "lon": 123.4152, "lat": 41.7892}
    for body in bodies:
        for fields in (body, {**base, **body}):
            answer = await client.post(
                f"{API}/reports", content=as_json(fields), headers={"Content-Type": "application/json"}
            )
            assert answer.status_code < 500, (fields, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.slow
async def test_filters_of_any_kind(service: Service) -> None:
    desk = await service.person("desk")
    await service.report()
    queries = []

    @PLENTY
    @given(st.dictionaries(st.sampled_from(FILTERS), WORDS, max_size=4))
    def gather(query):
        queries.append({name: value.encode("utf-8", "replace").decode() for name, value in query.items()})

    gather()
    for query in queries:
        for path in ("cases", "reports", "heatmap", "hotspots", "locate", "areas"):
            answer = await desk.get(f"{API}/{path}", params=query)
            assert answer.status_code < 500, (path, query, answer.text)


VISIT_NAMES = [
    "id", "kind", "outcome", "visited_at", "building", "lon", "lat", "household", "flat", "words", "checks", "then",
    "findings", "campaign", "answers", "name", "starts_on", "ends_on", "grids", "questions", "days", "most", "state",
    "visit", "answer", "started_at", "ended_at", "segment_ids", "positions",
]  # fmt: skip


@pytest.mark.slow
async def test_visits_of_any_kind(service: Service) -> None:
    worker, bodies = await service.person("grid01"), []
    made = (await worker.post(f"{API}/rounds", json={})).json()["round"]["id"]
    place = {"building": str(service.community.buildings["01-01"])}
    day = {"name": "x", "starts_on": "2026-06-01", "ends_on": "2026-06-02"}
    ended = {"started_at": "2026-06-03T03:00:00Z", "ended_at": "2026-06-03T04:00:00Z"}

    @settings(PLENTY, max_examples=examples(30))
    @given(st.dictionaries(st.sampled_from(VISIT_NAMES), ODD, max_size=5))
    def gather(body):
        bodies.append(body)

    gather()
    desk = await service.person("desk")
    for body in bodies:
        for client, path, base in (
            (worker, "visits", place),
            (worker, "rounds", {}),
            (worker, f"rounds/{made}/stops/1", {"state": "skipped"}),
            (desk, "campaigns", day),
            (worker, "patrols", ended),
        ):
            for fields in (body, {**base, **{k: v for k, v in body.items() if k in base or len(body) == 1}}):
                answer = await client.post(
                    f"{API}/{path}", content=as_json(fields), headers={"Content-Type": "application/json"}
                )
                assert answer.status_code < 500, (path, fields, answer.text)
