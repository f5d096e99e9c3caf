"""The doors that somebody looks after, with when somebody was last met there."""

from __future__ import annotations

from gis.flows.community_atlas import CommunityAtlas
from gis.flows.residents.facts import household_facts
from gis.flows.visits.placing import buildings_of
from gis.flows.work import Work
from gis.store import rounds
from gis.store.community_facts import addresses
from gis.visits.due import Home
from gis.words import Actor


async def homes_of(work: Work, actor: Actor, atlas: CommunityAtlas) -> list[Home]:
    """Return the doors that somebody looks after: households where they are known, else buildings.

    Parameters
    ----------
    work, actor, atlas
        Who, in which community.
    """
    session, community_id = work.session, actor.community_id
    mine = buildings_of(atlas, actor)
    households = [one for one in await household_facts(session, work.clock, actor) if one.building_id in mine]
    met = await rounds.last_met(session, community_id, sorted(mine))
    by_household = {household: at for _, household, _, at in met if household}
    by_flat = {(building, flat): at for building, _, flat, at in met if flat}
    if households:
        return [
            Home(
                one.building_id,
                one.household_id,
                _flat(one.unit, one.flat),
                one.address,
                one.lon,
                one.lat,
                len(one.flags),
                max(
                    filter(
                        None,
                        (
                            by_household.get(one.household_id),
                            by_flat.get((one.building_id, _flat(one.unit, one.flat))),
                        ),
                    ),
                    default=None,
                ),
            )
            for one in households
        ]
    by_building = {
        building: max(at for each, _, _, at in met if each == building) for building, _, _, _ in met
    }
    return [
        Home(one.id, None, "", one.label, one.lon, one.lat, 0, by_building.get(one.id))
        for one in await addresses(session, community_id)
        if one.id in mine
    ]


def _flat(unit: str, flat: str) -> str:
    return f"{unit}-{flat}" if unit else flat
