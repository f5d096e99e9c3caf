"""What an hour earns, when points expire, and hours for stars."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.models.fields import Body, Sentence
from api.pages.admin.frame import open_section, show_again, show_section
from api.pages.frame import redirect
from api.rooms import pages
from gis.categories import CATEGORIES
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.service.keeping import set_rules
from gis.service.stars import MOST_STARS
from gis.store.point_rules import PointRules, point_rules

router = pages()
RATE = "rate_"
_BETWEEN = re.compile(r"[\s,，、;；/]+")
_NUMBER = re.compile(r"\d{1,5}(\.\d{1,3})?")


class RulesBody(Body):
    """The fields of the form, rates of categories aside."""

    per_hour: int = Field(ge=1, le=100)
    most_h: Annotated[float, Field(ge=0.25, le=24, allow_inf_nan=False)]
    expire_months: int | None = Field(None, ge=1, le=120)
    code_days: int = Field(ge=1, le=365)
    star_hours: Sentence


@router.get("/admin/points")
async def get_points(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what the community has set."""
    open_section(reader, "points")
    rules = await point_rules(session, reader.actor.community_id)
    return await show_section(request, session, reader, "points", form=_form(rules), rate=RATE)


@router.post("/admin/points")
async def post_points(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Set it; what was booked before stays as it was."""
    open_section(reader, "points")
    fields = await body_of(request)
    try:
        rates = {name: fields[name] for name in fields if name.startswith(RATE)}
        given = parse(RulesBody, {name: value for name, value in fields.items() if name not in rates})
        rules = PointRules(
            given.per_hour,
            given.most_h,
            given.expire_months,
            given.code_days,
            _hours(given.star_hours),
            {name.removeprefix(RATE): _rate(name, value) for name, value in rates.items() if value},
        )
        async with parts.work() as work:
            changed = await set_rules(work, reader.actor, rules)
    except (WeiwangError, RequestValidationError) as error:
        return await show_again(request, parts, reader, "points", error, form=fields, rate=RATE)
    return redirect("/admin/points", "points_kept" if changed else "nothing_changed")


def _form(rules: PointRules) -> dict[str, Any]:
    kept = asdict(rules)
    rates = {f"{RATE}{code}": str(rate) for code, rate in rules.by_category.items()}
    return {
        **{
            name: "" if kept[name] is None else f"{kept[name]:g}"
            for name in ("per_hour", "most_h", "expire_months", "code_days")
        },
        "star_hours": " ".join(f"{one:g}" for one in rules.star_hours),
        **rates,
    }


def _hours(text: str) -> tuple[float, ...]:
    parts = [one for one in _BETWEEN.split(text.strip()) if one]
    if not parts or not all(_NUMBER.fullmatch(one) for one in parts):
        raise InvalidInputError("not hours", code="star_hours_invalid", field="star_hours", most=MOST_STARS)
    return tuple(float(one) for one in parts)


def _rate(name: str, text: str) -> int:
    known = {one.code for one in CATEGORIES}
    if name.removeprefix(RATE) not in known:
        raise InvalidInputError("no such category", code="field_unknown", field=name[:40])
    if not (text.isascii() and text.isdigit() and len(text) < 4):  # noqa: PLR2004 - far above what is allowed
        raise InvalidInputError("not a rate", code="rate_out_of_range", field=name, most=100)
    return int(text)
