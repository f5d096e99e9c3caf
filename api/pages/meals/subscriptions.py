"""Who eats when, as the office enters and changes it; and one's own, changed, called off and ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from starlette.responses import Response

from api.answers.meals import SubscriptionOut
from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.pages.frame import Failure
from api.pages.meals.frame import acted, show_meals, typed
from api.rooms import pages
from api.routes.meals.subscriptions import change_from, pause_from, shown, subscription_from
from api.routes.places import dict_of
from gis.errors import NotFoundError
from gis.flows.meals.reading import all_subscriptions, one_subscription
from gis.flows.meals.subscribing import end_subscription, erase_subscription, resume_meals
from gis.flows.residents.opening import open_record
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.meals.diets import DIETS
from gis.meals.menus import ALLERGENS
from gis.meals.subscribing import CONSENT_VERSION, WAYS
from gis.people.permissions import may, require
from gis.views.boards import addresses
from gis.views.meals import kitchen_facts

router = pages()
FIELDS = (
    *(
        "id",
        "name",
        "phone",
        "birth_year",
        "building",
        "unit",
        "floor",
        "flat",
        "door",
        "servings",
        "weekdays",
    ),
    *("way", "first_day", "last_day", "diets", "without", "diet_note", "consent_by", "source", "revision"),
    "resident_id",
)


def form_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a form as those of a body; consent is to the text that stood there."""
    found = {name: fields[name] for name in FIELDS if fields.get(name) not in (None, "")}
    return found | (
        {"consent_version": fields.get("consent_version")} if fields.get("consent") == "yes" else {}
    )


async def form_context(work: Work, reader: Reader) -> dict[str, Any]:
    """Return what the form of a subscription is drawn with."""
    community_id = reader.actor.community_id
    kitchen = await kitchen_facts(work.session, community_id)
    return {
        "kitchen": kitchen,
        "first_open": kitchen.days.first_open(work.clock.now()) if kitchen else None,
        "addresses": [dict_of(one) for one in await addresses(work.session, community_id)],
        "ways": WAYS,
        "diets": DIETS,
        "allergens": ALLERGENS,
        "consent_version": CONSENT_VERSION,
    }


@router.get("/meals/subscriptions")
async def get_subscriptions(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show who eats when, and the form for somebody new, perhaps as their record says; looks are recorded."""
    form = {"id": str(uuid4())}
    resident = request.query_params.get("resident", "")
    if resident and may(reader.actor, "run_kitchen"):
        form |= await _of_record(work, reader, resident)
    return await _show_all(request, work, reader, form)


async def _of_record(work: Work, reader: Reader, resident: str) -> dict[str, str]:
    """Return what a resident's record says for the form; nothing of their health but what the reader enters."""
    try:
        record = await open_record(work, reader.actor, UUID(resident))
    except ValueError:
        raise NotFoundError("no such record", code="resident_not_found") from None
    said = {
        "resident_id": resident,
        "name": record.person.name,
        "phone": record.person.phone,
        "birth_year": str(record.person.birth_year or ""),
        "building": str(record.building_id),
        "unit": record.card.unit,
        "flat": record.card.flat,
        "way": "deliver" if {"mobility", "dementia"} & set(record.person.flags) else "collect",
        "source": "desk",
    }
    return {name: value for name, value in said.items() if value}


async def _show_all(
    request: Request, work: Work, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    found, meant = await listed(request, work, reader)
    return await show_meals(
        request,
        work,
        reader,
        "subscriptions",
        "meals_subscriptions.html",
        failure,
        form=form,
        items=[one.shown() for one in meant],
        total=len(found),
        servings=sum(one.servings for one in found),
        wanted=_wanted(request),
        today=await today_in(work.session, work.clock, reader.actor.community_id),
        **await form_context(work, reader),
    )


async def listed(
    request: Request, work: Work, reader: Reader
) -> tuple[list[SubscriptionOut], list[SubscriptionOut]]:
    """Return who eats when, and of them those that the page's search means; the look is recorded."""
    actor = reader.actor
    today = await today_in(work.session, work.clock, actor.community_id)
    found = await shown(work, actor, await all_subscriptions(work, actor, today))
    wanted = _wanted(request)
    return found, [one for one in found if not wanted or wanted in f"{one.name} {one.phone} {one.place}"]


def _wanted(request: Request) -> str:
    return request.query_params.get("q", "").strip()[:40]


@router.post("/meals/subscriptions")
async def post_subscription(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Enter a subscription for somebody; a second press of the button changes nothing."""
    require(reader.actor, "run_kitchen")
    fields = await typed(request)

    async def act(work: Work) -> str:
        await subscription_from(work, reader.actor, form_fields(fields) | {"own": False})
        return "meal_kept"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_all(request, work, reader, {"id": str(uuid4()), **fields}, error)

    return await acted(parts, act, "/meals/subscriptions", again)


@router.get("/meals/subscriptions/{subscription_id}")
async def get_subscription(
    subscription_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> Response:
    """Show one subscription; the office's look is recorded."""
    return await _show_one(request, work, reader, subscription_id)


async def _show_one(  # noqa: PLR0917 - whose page, of which, and what was wrong with the form
    request: Request,
    work: Work,
    reader: Reader,
    subscription_id: UUID,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
    within: str = "",
) -> Response:
    opened = await one_subscription(work, reader.actor, subscription_id)
    (found,) = await shown(work, reader.actor, [opened])
    stored = {name: _text(value) for name, value in found.shown().items()}
    if found.birth_year is None and found.stated_year is not None:
        stored["birth_year"] = str(found.stated_year)
    return await show_meals(
        request,
        work,
        reader,
        "menu" if found.mine else "subscriptions",
        "meals_subscription.html",
        failure,
        one=found.shown(),
        within=within,
        form={**stored, "pause_id": str(uuid4()), **(form or {})},
        today=await today_in(work.session, work.clock, reader.actor.community_id),
        **await form_context(work, reader),
    )


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one) for one in value]
    return "" if value is None else str(value)


@router.post("/meals/subscriptions/{subscription_id}")
async def post_change(
    subscription_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Change a subscription for the days that are still open."""
    fields = await typed(request)

    async def act(work: Work) -> str:
        await change_from(work, reader.actor, subscription_id, form_fields(fields))
        return "meal_kept"

    return await _acted_on(request, parts, reader, subscription_id, fields, act)


@router.post("/meals/subscriptions/{subscription_id}/pauses")
async def post_pause(subscription_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Call days off."""
    fields = await typed(request)

    async def act(work: Work) -> str:
        given = {name: fields.get(f"pause_{name}", "") for name in ("id", "first_day", "last_day")}
        await pause_from(work, reader.actor, subscription_id, given)
        return "meal_paused"

    return await _acted_on(request, parts, reader, subscription_id, fields, act, within="pause_")


@router.post("/meals/subscriptions/{subscription_id}/pauses/{pause_id}/end")
async def post_resume(
    subscription_id: UUID, pause_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Take a pause back."""

    async def act(work: Work) -> str:
        await resume_meals(work, reader.actor, subscription_id, pause_id)
        return "meal_resumed"

    return await _acted_on(request, parts, reader, subscription_id, {}, act)


@router.post("/meals/subscriptions/{subscription_id}/end")
async def post_end(subscription_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """End a subscription."""

    async def act(work: Work) -> str:
        await end_subscription(work, reader.actor, subscription_id)
        return "meal_ended"

    return await _acted_on(request, parts, reader, subscription_id, {}, act)


@router.post("/meals/subscriptions/{subscription_id}/erase")
async def post_erase(subscription_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Erase who ate and where they live."""

    async def act(work: Work) -> str:
        await erase_subscription(work, reader.actor, subscription_id)
        return "meal_erased"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_one(request, work, reader, subscription_id, {}, error)

    office = may(reader.actor, "run_kitchen")
    return await acted(parts, act, "/meals/subscriptions" if office else "/meals", again)


async def _acted_on(  # noqa: PLR0917 - whose form of which page, and what it does
    request: Request,
    parts: Any,
    reader: Reader,
    subscription_id: UUID,
    fields: dict[str, Any],
    act: Any,
    within: str = "",
) -> Response:
    async def again(work: Work, error: Failure) -> Response:
        return await _show_one(request, work, reader, subscription_id, fields, error, within)

    office = may(reader.actor, "run_kitchen")
    return await acted(parts, act, f"/meals/subscriptions/{subscription_id}" if office else "/meals", again)
