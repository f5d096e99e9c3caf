"""A day of the kitchen: what is cooked, who fetches, who works."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request

from api.answers.base import PersonRef
from api.answers.meals import (
    CounterList,
    CounterOut,
    CrewList,
    CrewOut,
    DishCountOut,
    GroupOut,
    HolderOut,
    KitchenListOut,
)
from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import WrittenDay
from api.models.meals import CrewBody, HoursBody, ServingBody
from api.rooms import interface
from api.spec import body, errors
from gis.flows.meals.crew import Crew, book_hours, crew_of, roster, unroster
from gis.flows.meals.lists import KitchenList, counter_list, hand_out, hand_out_all, kitchen_list

router = interface("meals")
JSON = "application/json"


def list_out(found: KitchenList) -> KitchenListOut:
    """Return a day as the kitchen is shown it."""
    return KitchenListOut(
        day=found.day,
        serves=found.serves,
        closed=found.closed,
        cut_off_at=found.cut_off_at,
        servings=found.servings,
        collect=found.collect,
        deliver=found.deliver,
        dishes=[
            DishCountOut(
                name=one.dish.name,
                name_en=one.dish.name_en,
                allergens=list(one.dish.allergens),
                portions=one.portions,
                instead=one.instead,
            )
            for one in found.dishes
        ],
        groups=[
            GroupOut(
                diets=list(one.diet.kinds),
                without=list(one.diet.without),
                note=one.diet.note,
                boxes=list(one.boxes),
                servings=one.servings,
            )
            for one in found.groups
        ],
    )


def crew_out(crew: Crew) -> CrewList:
    """Return a day's crew as it is shown."""
    return CrewList(
        items=[
            CrewOut(
                person=PersonRef(id=one.person_id, name=one.name),
                job=one.job,
                hours=one.hours,
                ends_soon=crew.ends_soon(one.person_id),
            )
            for one in crew.members
        ],
        holders=[
            HolderOut(person=PersonRef(id=person_id, name=name), until=crew.holders[person_id])
            for person_id, name in crew.names.items()
        ],
    )


@router.get("/meals/days/{day}", responses=errors(400, 401, 403, 409))
async def get_day(day: WrittenDay, reader: ReaderDep, work: WorkDep) -> KitchenListOut:
    """Show what is cooked on a day, for the office and that day's crew; the look at what people may not eat is recorded."""
    return list_out(await kitchen_list(work, reader.actor, day))


@router.get("/meals/days/{day}/counter", responses=errors(400, 401, 403))
async def get_counter(day: WrittenDay, reader: ReaderDep, work: WorkDep) -> CounterList:
    """Who fetches on a closed day, for the office and who serves at the counter."""
    found = await counter_list(work, reader.actor, day)
    return CounterList(items=[CounterOut.model_validate(one) for one in found])


@router.post(
    "/meals/days/{day}/servings/{subscription_id}",
    status_code=204,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(ServingBody, JSON),
)
async def post_serving(
    day: WrittenDay, subscription_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> None:
    """Say that a box was fetched, or (the office) that it isn't wanted: then it costs nothing."""
    given = parse(ServingBody, await body_of(request))
    await hand_out(work, reader.actor, day, subscription_id, given.state)


@router.post("/meals/days/{day}/collected", responses=errors(400, 401, 403))
async def post_collected(day: WrittenDay, reader: ReaderDep, work: WorkDep) -> dict[str, int]:
    """Say that everything that is fetched at the counter was fetched."""
    return {"collected": await hand_out_all(work, reader.actor, day)}


@router.get("/meals/days/{day}/crew", responses=errors(400, 401, 403))
async def get_crew(day: WrittenDay, reader: ReaderDep, work: WorkDep) -> CrewList:
    """Who works in the kitchen on a day, and who may: those whose health certificate holds."""
    return crew_out(await crew_of(work, reader.actor, day))


@router.put(
    "/meals/days/{day}/crew/{person_id}",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(CrewBody, JSON),
)
async def put_crew(
    day: WrittenDay, person_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> CrewList:
    """Put somebody on a day's crew; nobody without a health certificate that holds on that day."""
    given = parse(CrewBody, await body_of(request))
    await roster(work, reader.actor, day, person_id, given.job)
    return crew_out(await crew_of(work, reader.actor, day))


@router.delete("/meals/days/{day}/crew/{person_id}", status_code=204, responses=errors(401, 403, 404, 409))
async def delete_crew(day: WrittenDay, person_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Take somebody off a day's crew; they see its list no longer."""
    await unroster(work, reader.actor, day, person_id)


@router.post(
    "/meals/days/{day}/crew/{person_id}/hours",
    status_code=204,
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(HoursBody, JSON),
)
async def post_hours(
    day: WrittenDay, person_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> None:
    """Book the hours that somebody has worked, once."""
    given = parse(HoursBody, await body_of(request))
    await book_hours(work, reader.actor, day, person_id, given.hours)
