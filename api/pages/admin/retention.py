"""What is kept how long: an office chooses its own periods within what the law and the work allow."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.rooms import pages
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.retention.rules import choose_days
from gis.flows.retention.running import dry_run
from gis.flows.work import Work
from gis.retention import PURPOSES
from gis.store.retention import chosen

router = pages()


@router.get("/admin/retention")
async def get_retention(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show all periods, and how much is past its own now."""
    return await _show(request, reader, work)


@router.post("/admin/retention")
async def post_retention(request: Request, reader: ReaderDep, parts: PartsDep) -> Response:
    """Keep the periods as typed; an empty one is as the operator has set it."""
    open_section(reader, "retention")
    fields = await typed(request)
    try:
        wanted = {code: _days(code, fields[code]) for code in PURPOSES if code in fields}
        async with parts.work() as work:
            count = await choose_days(work, reader.actor, wanted)
    except WeiwangError as error:
        async with parts.work() as work:
            return await _show(request, reader, work, failure=error, form=fields)
    return redirect("/admin/retention", "retention_kept" if count else "nothing_changed")


async def _show(
    request: Request,
    reader: Reader,
    work: Work,
    *,
    failure: Failure | None = None,
    form: dict[str, Any] | None = None,
) -> Response:
    open_section(reader, "retention")
    own = await chosen(work.session, reader.actor.community_id)
    rules = [
        {
            "code": code,
            "least": one.least,
            "most": one.most,
            "usual": f"{one.usual(work.settings):g}",
            "chosen": own.get(code),
        }
        for code, one in PURPOSES.items()
    ]
    due = (await dry_run(work, reader.actor.community_id)).counts
    return await show_section(
        request, work.session, reader, "retention", failure=failure, rules=rules, due=due, form=form or {}
    )


def _days(code: str, text: Any) -> int | None:
    said = str(text).strip()
    if not said:
        return None
    one = PURPOSES[code]
    if not (said.isascii() and said.isdecimal() and len(said) <= 5):  # noqa: PLR2004 - no period has more digits
        raise InvalidInputError(
            "not a number of days", code="retention_days", field=code, least=one.least, most=one.most
        )
    return int(said)
