"""The handbook over HTTP and as pages: read by everybody, written by the office, two writers don't lose one another's words."""

from tests.http.conftest import API, Check, Service
from tests.http.test_pages import signed_in


async def test_it_is_read_by_everybody_and_written_by_the_office(service: Service, problem: Check) -> None:
    desk, rider = await service.person("desk"), await service.person("rider1")
    assert (await rider.get(f"{API}/handbook")).json()["total"] == 8
    assert [one["slug"] for one in (await rider.get(f"{API}/handbook?q=燃气 阀门")).json()["items"]] == [
        "gas_leak"
    ]
    given = {"title": "台风", "body": "1. 关窗\n2. <script>", "position": 1, "revision": 0}
    problem(await rider.put(f"{API}/handbook/typhoon", json=given), 403, "not_allowed")
    assert (await desk.put(f"{API}/handbook/typhoon", json=given)).json()["revision"] == 1
    problem(await desk.put(f"{API}/handbook/typhoon", json=given), 409, "changed_meanwhile")
    again = given | {"revision": 1, "shown": False}
    assert (await desk.put(f"{API}/handbook/typhoon", json=again)).json()["revision"] == 2
    problem(await rider.get(f"{API}/handbook/typhoon"), 404, "article_not_found")
    assert (await desk.get(f"{API}/handbook/typhoon")).status_code == 200
    for slug in ("new", "X", "a" * 41):
        problem(await desk.put(f"{API}/handbook/{slug}", json=given), 400, "article_slug")
    assert (await desk.delete(f"{API}/handbook/typhoon")).status_code == 204
    problem(await desk.delete(f"{API}/handbook/gas_leak"), 404, "article_not_found")


async def test_pages_of_the_handbook(service: Service) -> None:
    desk, secret = await signed_in(service, "desk")
    rider, _ = await signed_in(service, "rider1")
    form = {
        "csrf": secret,
        "slug": "heat",
        "title": "三伏天",
        "body": "- 喝水\n\n<b>x</b>",
        "revision": "0",
        "shown": "yes",
    }
    assert (await desk.get("/handbook/new")).status_code == 200
    assert (await rider.get("/handbook/new")).status_code == 403
    lost = await desk.post("/handbook", data=form | {"title": ""})
    assert lost.status_code == 400
    assert "- 喝水" in lost.text
    assert (await desk.post("/handbook", data=form)).status_code == 303
    page = (await rider.get("/handbook")).text
    assert "三伏天" in page
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page
    assert (await desk.post("/handbook", data=form)).status_code == 409
    assert "三伏天" in (await desk.get("/handbook/heat/edit")).text
    assert (await desk.post("/handbook/heat/drop", data={"csrf": secret})).status_code == 303
    assert "三伏天" not in (await rider.get("/handbook")).text
    english = await rider.get("/handbook/fire?lang=en")
    assert "Clothes on fire" in english.text
    assert (await rider.get("/handbook/nothing")).status_code == 404
    assert "换个说法" in (await rider.get("/handbook?lang=zh&q=没有这样的词")).text
    agency, _ = await signed_in(service, "water")
    assert (await agency.get("/handbook")).status_code == 200
