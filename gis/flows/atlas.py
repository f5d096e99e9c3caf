"""The places and streets of communities in memory, loaded when asked for and again when a new version is in force."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from gis.cases.categories import category
from gis.cases.holidays import DayKind
from gis.cases.office import OfficeCalendar, OfficeDay, office_calendar
from gis.categories import Category, Counting
from gis.errors import NotFoundError
from gis.flows.built_forms import BuiltForms
from gis.flows.community_atlas import CommunityAtlas, CommunityGround, atlas_of, build_ground
from gis.settings import OfficeSettings
from gis.store.calendars import load_days, load_hours
from gis.store.category_rules import CategoryRule, category_rules
from gis.store.place_reading import CommunityHead, load_head, load_network, load_places
from gis.store.session import ReadSession

MOST_BYTES = 200_000_000
"""So much memory the communities that are kept may take, about."""
TRIES = 5


class Atlas:
    """A small store of communities, shared by all requests of a process.

    Parameters
    ----------
    most_bytes
        How much memory those kept may take, about; the one not asked for longest goes first.
    office
        Hours of offices that have set none.
    forms
        Where communities are kept ready made; none: they are made of their rows each time.
    """

    def __init__(
        self,
        most_bytes: int = MOST_BYTES,
        office: OfficeSettings | None = None,
        forms: BuiltForms | None = None,
    ) -> None:
        self._forms = forms
        self._most_bytes = most_bytes
        self._bytes = 0
        self._weighed: dict[str, tuple[tuple[int, int], int]] = {}
        self._office = office or OfficeSettings()
        self._kept: OrderedDict[str, CommunityAtlas] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._doubted: set[str] = set()
        self._believed = True

    def peek(self, community_id: str) -> CommunityAtlas | None:
        """Return what is kept of a community, perhaps an older version, without asking the database."""
        if not self._believed or community_id in self._doubted:
            return None
        return self._kept.get(community_id)

    def doubt(self, community_id: str) -> None:
        """Have what is kept of a community compared with the database before it is used again: it has changed elsewhere."""
        self._doubted.add(community_id)

    def believe(self, hears: bool) -> None:
        """Compare always, while changes made elsewhere aren't heard of; afterwards, each community once."""
        self._believed = hears
        self._doubted.update(self._kept)

    async def kind(self, session: ReadSession, community_id: str, code: str) -> Category:
        """Return a category as a community has it, as it was when the community was last looked at.

        Raises
        ------
        NotFoundError, InvalidInputError
            ``community_unknown``, ``category_unknown``.
        """
        kept = self.peek(community_id) or await self.get(session, community_id)
        return kept.kind(code)

    async def get(self, session: ReadSession, community_id: str) -> CommunityAtlas:
        """Return a community in the versions in force as the session sees them.

        Raises
        ------
        NotFoundError
            ``community_unknown``.
        """
        self._doubted.discard(community_id)  # before it is read: what is told meanwhile is doubted anew
        head = await self._head(session, community_id)
        kept = self._fresh(community_id, head)
        if kept is not None and _rules_fresh(kept, head):
            return kept
        async with self._locks.setdefault(community_id, asyncio.Lock()):
            for _ in range(TRIES):
                kept = self._fresh(community_id, head)
                if kept is not None:
                    return await self._with_rules(session, kept, head)
                ground = await self._kept_ground(community_id, head)
                of_file = ground is not None
                ground = ground or await self._ground(session, community_id, head)
                calendar = await self._calendar(session, community_id, head)
                built = atlas_of(community_id, head, calendar, ground)
                built = replace(built, **await self._rules(session, community_id, head))
                before, head = head, await self._head(session, community_id)
                if before == head:  # else a version was published in between, and some rows are of that
                    if self._forms is not None and not of_file:
                        await asyncio.to_thread(self._forms.write, community_id, head, ground)
                    self._keep(built)
            return built

    async def _kept_ground(self, community_id: str, head: CommunityHead) -> CommunityGround | None:
        if self._forms is None:
            return None
        return await asyncio.to_thread(self._forms.read, community_id, head)

    async def _ground(self, session: ReadSession, community_id: str, head: CommunityHead) -> CommunityGround:
        """Return the ground of a version from its rows."""
        places = await load_places(session, community_id, head.area_version)
        network = await load_network(session, community_id)
        stamp, weighed = self._weighed.get(community_id, (None, 0))
        weighed = weighed if stamp == (head.area_version, head.network_version) else 0
        return await asyncio.to_thread(build_ground, head.metric_srid, places, network, weighed=weighed)

    @staticmethod
    async def _head(session: ReadSession, community_id: str) -> CommunityHead:
        head = await load_head(session, community_id)
        if head is None:
            raise NotFoundError(
                f"no community {community_id}", code="community_unknown", community=community_id
            )
        return head

    async def _calendar(self, session: ReadSession, community_id: str, head: CommunityHead) -> OfficeCalendar:
        days = await load_days(session, community_id)
        return office_calendar(
            head.timezone,
            self._office,
            version=head.calendar_version,
            weekdays=await load_hours(session, community_id),
            days={one.day: OfficeDay(DayKind(one.kind), one.name, one.hours) for one in days},
        )

    @staticmethod
    async def _rules(session: ReadSession, community_id: str, head: CommunityHead) -> dict[str, Any]:
        rules = await category_rules(session, community_id)
        own = {one.code: _own_kind(one) for one in rules}
        unused = frozenset(one.code for one in rules if not one.active)
        return {"rule_version": head.rule_version, "kinds": own, "unused": unused}

    async def _with_rules(
        self, session: ReadSession, kept: CommunityAtlas, head: CommunityHead
    ) -> CommunityAtlas:
        """Return what is kept with calendar and rules in force: the places need not be read again for them."""
        if _rules_fresh(kept, head):
            return kept
        calendar = await self._calendar(session, kept.community_id, head)
        changed = replace(kept, calendar=calendar, **await self._rules(session, kept.community_id, head))
        self._keep(changed)
        return changed

    def _fresh(self, community_id: str, head: CommunityHead) -> CommunityAtlas | None:
        kept = self._kept.get(community_id)
        wanted = (head.area_version, head.network_version, head.metric_srid, head.name, head.name_en)
        if kept is None or wanted != (
            kept.area_version,
            kept.network_version,
            kept.metric.srid,
            kept.name,
            kept.name_en,
        ):
            return None
        self._kept.move_to_end(community_id)
        return kept

    def _keep(self, built: CommunityAtlas) -> None:
        self._weighed[built.community_id] = (built.area_version, built.network_version), built.bytes
        before = self._kept.pop(built.community_id, None)
        self._kept[built.community_id] = built
        self._bytes += built.bytes - (before.bytes if before else 0)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.bytes

    @property
    def has_room(self) -> bool:
        """Whether another community of the size of those kept would be kept beside them."""
        return self._bytes * (len(self._kept) + 1) <= self._most_bytes * max(1, len(self._kept))


def _rules_fresh(kept: CommunityAtlas, head: CommunityHead) -> bool:
    known = (kept.calendar.timezone, kept.calendar.version, kept.rule_version)
    return known == (head.timezone, head.calendar_version, head.rule_version)


def _own_kind(rule: CategoryRule) -> Category:
    """Return a category with what a community has set itself."""
    names = (
        "name",
        "name_en",
        "urgent",
        "answer_s",
        "on_site_s",
        "resolve_s",
        "agency_code",
        "skill_required",
    )
    own: dict[str, Any] = {name: value for name in names if (value := getattr(rule, name)) is not None}
    if rule.counting is not None:
        own["counting"] = Counting(rule.counting)
    if rule.skills is not None:
        own["skills"] = tuple(rule.skills)
    return replace(category(rule.code), **own)
