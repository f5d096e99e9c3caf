"""A world with two sides: in the west (grid 01) and in the east (grid 02) the same things, each with the words of its side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from gis.meals.subscribing import CONSENT_VERSION
from tests.factories import at
from tests.http.conftest import API, Service, photo_bytes
from tests.meals import TOMORROW, kitchen_body

WEST, EAST = "west", "east"
WHERE = {WEST: (35.0, 20.0), EAST: (150.0, 150.0)}
CELL = {WEST: "01-01", EAST: "02-02"}
PEOPLE = {
    WEST: {"rider": "rider1", "worker": "grid01", "watcher": "watcher01-01", "agency": "water"},
    EAST: {"rider": "rider2", "worker": "grid02", "watcher": "watcher02-02", "agency": "roads"},
}
PLAIN = {WEST: "西边的秘密词", EAST: "东边的秘密词"}


@dataclass
class World:
    """What was drawn: identifiers of each side by their name in a route's path."""

    words: dict[str, str]
    ids: dict[str, dict[str, str]] = field(default_factory=lambda: {WEST: {}, EAST: {}})

    def secret(self, side: str) -> list[bytes]:
        """Return what nobody of the other side may read: words, and identifiers of things with a place."""
        own = {"case_id", "report_id", "visit_id", "household_id", "resident_id", "photo_id", "finding_id"}
        return [
            self.words[side].encode(),
            *(value.encode() for name, value in self.ids[side].items() if name in own),
        ]


class Drawer:
    """Draws through the interface, as people do."""

    def __init__(self, service: Service, words: dict[str, str]) -> None:
        self.service = service
        self.world = World(words)

    async def ask(self, who: str, method: str, path: str, **sent: Any) -> Any:
        """Return what was answered, which must be a success."""
        client: httpx.AsyncClient = await self.service.person(who)
        answer = await client.request(method, path if path.startswith("/") else f"{API}/{path}", **sent)
        assert answer.status_code < 400, (who, method, path, answer.status_code, answer.text[:400])
        return answer.json() if answer.content and "json" in answer.headers.get("content-type", "") else None

    async def draw(self, database_url: str) -> World:
        """Draw everything."""
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO station (community_id, code, name, amenities, opening_hours, geom)"
                " VALUES (%s, 'S1', %s, '{charging}', 'Mo-Su 07:00-21:00', st_setsrid(st_point(%s, %s), 4326))",
                (self.service.community.community_id, "驿站", *at(150, 120)),
            )
        for side in (WEST, EAST):
            await self.cases(side)
            await self.homes(side)
            await self.looks(side)
        await self.office()
        await self.groups()
        await self.kitchen()
        for shared in self.world.ids[WEST]:
            self.world.ids[EAST].setdefault(shared, self.world.ids[WEST][shared])
        return self.world

    async def cases(self, side: str) -> None:
        """File a report with a photo, and refer another case to an agency."""
        ids, words, own = self.world.ids[side], self.world.words[side], PEOPLE[side]
        lon, lat = at(*WHERE[side])
        form: dict[str, Any] = {
            "id": str(uuid4()),
            "lon": str(lon),
            "lat": str(lat),
            "category": "sewer",
            "description": words,
        }
        form |= {"accuracy_m": "5", "source": "pin", "detail": words[:60], "separate": "true"}
        filed = await self.ask(
            own["rider"], "POST", "reports", data=form,
            files={"photo": ("a.jpg", photo_bytes(hash(side) % 1000), "image/jpeg")},
        )  # fmt: skip
        ids |= {"report_id": form["id"], "case_id": filed["case_id"]}
        photos = (await self.ask(own["rider"], "GET", f"reports/{form['id']}"))["photos"]
        ids["photo_id"] = photos[0]["id"]
        other = await self.service.report(
            own["rider"], where=WHERE[side], category="street_lamp", description=words, separate=True
        )
        await self.ask(
            "desk", "POST", f"cases/{other['case_id']}/refer", json={"agency": own["agency"], "reason": words}
        )
        ids["referred_id"] = other["case_id"]

    async def homes(self, side: str) -> None:
        """Record a household and who lives there."""
        ids, words = self.world.ids[side], self.world.words[side]
        grounds = {"purpose": "care", "source": words}
        building = str(self.service.community.buildings[CELL[side]])
        home = {"building": building, "unit": "1", "flat": "301", "note": words, **grounds}
        ids["household_id"] = (await self.ask("desk", "POST", "households", json=home))["id"]
        person: dict[str, Any] = {
            "name": words[:40],
            "phone": "13800001234",
            "relation": "head",
            "flags": ["lives_alone"],
            **grounds,
        }
        person["contacts"] = [{"name": words[:20], "phone": "13900005678", "relation": words[:10]}]
        made = await self.ask("desk", "POST", f"households/{ids['household_id']}/residents", json=person)
        ids["resident_id"] = made["id"]

    async def looks(self, side: str) -> None:
        """Write an entry of the watch log with a problem, plan a round."""
        ids, words, own = self.world.ids[side], self.world.words[side], PEOPLE[side]
        building = str(self.service.community.buildings[CELL[side]])
        found: list[Any] = [{"category": "sewer", "words": words}]
        entry: dict[str, Any] = {
            "id": str(uuid4()),
            "kind": "look",
            "building": building,
            "words": words,
            "findings": found,
        }
        visit = await self.ask(own["watcher"], "POST", "visits", json=entry)
        ids |= {"visit_id": entry["id"], "finding_id": visit["findings"][0]["id"], "n": "1"}
        around = await self.ask(own["worker"], "POST", "rounds", json={"name": words[:60]})
        ids["round_id"] = around["round"]["id"]

    async def office(self) -> None:
        """Write what the office writes: notes, filters, plans, rewards, robots, boundaries."""
        ids, words, service = self.world.ids[WEST], self.world.words[WEST], self.service
        note: dict[str, Any] = {"id": str(uuid4()), "words": words}
        await self.ask("desk", "POST", "desk/notes", json=note)
        kept = await self.ask(
            "desk", "POST", "desk/filters", json={"name": words[:40], "query": "light=red", "shared": True}
        )
        ids |= {"note_id": note["id"], "filter_id": (kept or {}).get("id", note["id"])}
        streets = (await self.ask("planner", "GET", "hotspots"))["items"]
        ids["street_id"] = streets[0]["id"] if streets else str(uuid4())
        plan: dict[str, Any] = {"id": str(uuid4()), "name": words[:40], "budget": "metres", "amount": 300}
        await self.ask("planner", "POST", "plans", json=plan)
        draft = await self.ask("desk", "POST", "boundaries/drafts", json={"name": words[:40]})
        address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234"
        robot = await self.ask(
            "admin", "POST", "robots", json={"name": words[:40], "kind": "wecom", "address": address}
        )
        article = {"title": words[:60], "body": words, "position": 1, "revision": 0}
        await self.ask("desk", "PUT", "handbook/typhoon", json=article)
        ids |= {
            "plan_id": plan["id"], "draft_id": draft["id"], "robot_id": robot["id"], "slug": "typhoon", "version": "1",
            "person_id": str(service.community.id("rider3")), "key_id": str(uuid4()), "import_id": str(uuid4()),
            "export_id": str(uuid4()), "service_id": str(uuid4()), "shop_id": str(uuid4()), "cause_id": str(uuid4()),
            "reward_id": str(uuid4()), "redemption_id": str(uuid4()), "segment_id": ids["street_id"], "sha256": "0" * 64,
            "community": service.community.community_id, "community_id": service.community.community_id,
            "z": "16", "x": "55235", "y": "24379", "monday": "2026-06-08", "day": "2026-06-04", "number": "1",
        }  # fmt: skip

    async def groups(self) -> None:
        """Found a team, announce an activity, certify, call together, order, look for somebody, mediate."""
        ids, words = self.world.ids[WEST], self.world.words[WEST]
        times = {"starts_at": "2026-06-04T10:00+08:00", "ends_at": "2026-06-04T12:00+08:00"}
        team = await self.ask(
            "desk",
            "POST",
            "teams",
            json={"name": words[:40], "kind": "riders", "about": words, "contact": words[:40]},
        )
        await self.ask("desk", "POST", f"teams/{team['id']}/members", json={"person": "rider3"})
        meeting = {"title": words[:60], "about": words, "place": words[:60], "places": 5, "hours": 1, **times}
        activity = await self.ask("desk", "POST", "activities", json=meeting)
        paper = {
            "person": "rider3",
            "kind": "health",
            "number": words[:40],
            "issued_on": "2026-01-05",
            "ends_on": "2026-12-20",
        }
        certificate = await self.ask("desk", "POST", "certificates", json=paper)
        lon, lat = at(50, 50)
        called: dict[str, Any] = {"people": 1, "title": words[:60], "lon": lon, "lat": lat}
        muster = await self.ask("desk", "POST", "musters", json=called)
        order: dict[str, Any] = {
            "id": str(uuid4()),
            "category": "meal_delivery",
            "lon": lon,
            "lat": lat,
            "note": words,
            **times,
        }
        await self.ask("resident", "POST", "orders", json=order)
        search = {
            "id": str(uuid4()),
            "name": words[:40],
            "description": words,
            "phone": "13800001234",
            "lon": str(lon),
            "lat": str(lat),
            "place_text": words[:60],
            "people": "2",
        }
        missing = await self.ask(
            "desk", "POST", "missing", data=search, files={"photo": ("a.jpg", photo_bytes(3), "image/jpeg")}
        )
        days = {"starts_on": "2026-03-01", "ends_on": "2026-06-08"}
        walk = {
            "id": str(uuid4()),
            "name": words[:40],
            "purpose": words,
            "questions": f"{words[:60]}？|是否",
            **days,
        }
        campaign = await self.ask("desk", "POST", "campaigns", json=walk)
        ids |= {
            "team_id": team["id"], "activity_id": activity["id"], "certificate_id": certificate["id"],
            "muster_id": muster["id"], "order_id": order["id"], "missing_id": missing["id"], "campaign_id": campaign["id"],
        }  # fmt: skip

    async def kitchen(self) -> None:
        """Open a kitchen and enter somebody who eats."""
        ids, words, community = self.world.ids[WEST], self.world.words[WEST], self.service.community
        await self.ask("desk", "PUT", "meals/kitchen", json=kitchen_body(community, name=words[:40]))
        rule = {"name": words[:30], "from_age": 0, "price_fen": 1200, "first_day": str(TOMORROW)}
        price = await self.ask("desk", "POST", "meals/prices", json=rule)
        eats: dict[str, Any] = {
            "id": str(uuid4()), "own": False, "name": words[:40], "weekdays": [1, 2, 3, 4, 5], "unit": "1", "floor": "6",
            "building": str(community.buildings["02-02"]), "flat": "602", "consent_by": words[:20], "diet_note": words[:60],
            "consent_version": CONSENT_VERSION, "way": "deliver", "first_day": str(TOMORROW), "birth_year": 1940,
        }  # fmt: skip
        made = await self.ask("desk", "POST", "meals/subscriptions", json=eats)
        ids |= {
            "subscription_id": made["id"],
            "rule_id": (price or {}).get("id", str(uuid4())),
            "pause_id": str(uuid4()),
            "item_id": str(uuid4()),
        }
