"""One resident's record: shown as far as its reader may see it, and the form to change it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers.residents import record_out
from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.pages.admin.frame import typed
from api.pages.frame import Failure, redirect
from api.pages.residents.frame import KEY, show_part
from api.pages.residents.history import told_changes
from api.pages.service.frame import open_page
from api.residents import changed_person, suggested
from api.rooms import pages
from gis.errors import NotFoundError, WeiwangError
from gis.flows.residents.access import LOOKS, OPENED
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.opening import Record, open_record, own_record
from gis.flows.residents.suggestions import open_suggestions
from gis.flows.work import Work
from gis.people.permissions import may
from gis.people.residents import Sight
from gis.residents.records import Person
from gis.store.access_log import looks
from gis.store.resident_changes import changes_of
from gis.store.resident_consents import consents_of

router = pages()
LOOKS_SHOWN = 20
OWN = "my_record"


@router.get("/residents/mine")
async def get_mine(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show somebody their own record, and who has looked at it."""
    await open_page(work.session, reader, OWN)
    found = await own_record(work, reader.actor)
    if found is None:
        return await show_part(request, work, reader, "", "residents_none.html", key=OWN)
    return await show_record(request, work, reader, found)


@router.get("/residents/people/{resident_id}")
async def get_person(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a record; the look is written down."""
    found = await open_record(work, reader.actor, resident_id)
    return await show_record(request, work, reader, found)


async def show_record(
    request: Request,
    work: Work,
    reader: Reader,
    found: Record,
    failure: Failure | None = None,
    **context: Any,
) -> Response:
    """Answer with a record."""
    actor, own = reader.actor, found.sight is Sight.OWN
    resident_id, community_id = found.card.resident_id, actor.community_id
    sealed = sealed_of(work, community_id)
    whole = found.sight is not Sight.NEEDED
    rows = await changes_of(work.session, community_id, resident_id=resident_id) if whole else []
    seen = None
    if own or may(actor, "mind_residents"):
        subject = [str(resident_id)]
        kinds = [kind for kind in LOOKS if not own or kind != "resident_listed"] or [OPENED]
        seen = await looks(work.session, community_id, kinds, subject_ids=subject, limit=LOOKS_SHOWN)
    waiting = []
    if found.sight is Sight.FULL:
        waiting = await open_suggestions(work, actor, resident_id=resident_id)
    values: dict[str, Any] = {
        "one": record_out(found).shown(),
        "consents": await consents_of(work.session, community_id, resident_id) if whole else [],
        "changes": told_changes(sealed, rows),
        "looks": None if seen is None else [_look(one) for one in seen],
        "suggestions": waiting,
        "may_seek": may(actor, "seek_missing") and not own,
        "consent_id": uuid4(),
        "called": "",
        "revealed": None,
        "form": {},
    }
    section, key = ("", OWN) if own else ("people", KEY)
    return await show_part(
        request, work, reader, section, "residents_person.html", failure=failure, key=key, **values | context
    )


def _look(one: Any) -> dict[str, Any]:
    return {
        "at": one.at,
        "name": one.name,
        "role": one.role,
        "kind": one.kind,
        "why": one.why,
        "resident": None,
    }


@router.get("/residents/people/{resident_id}/edit")
async def get_edit(resident_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the form to change a record, or for a watcher to propose it."""
    return await _form(request, work, reader, resident_id)


@router.post("/residents/people/{resident_id}/edit")
async def post_edit(resident_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change a record; a watcher proposes it."""
    fields = await typed(request, "flags")
    watcher = may(reader.actor, "suggest_residents")
    try:
        async with parts.work() as work:
            if watcher:
                changed = await suggested(work, reader.actor, {**fields, "resident": str(resident_id)})
            else:
                changed = await changed_person(work, reader.actor, resident_id, fields)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _form(request, work, reader, resident_id, fields, error)
    done = "suggestion_sent" if watcher else "resident_kept"
    return redirect(f"/residents/people/{resident_id}", done if changed else "resident_same")


async def _form(  # noqa: PLR0917 - whose page, of what, with what was typed
    request: Request,
    work: Work,
    reader: Reader,
    resident_id: UUID,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    await open_page(work.session, reader, KEY)
    found = await open_record(work, reader.actor, resident_id)
    stored = _stored(found)
    return await show_part(
        request,
        work,
        reader,
        "people",
        "residents_form.html",
        failure=failure,
        form={"id": str(uuid4()), **stored, **(form or {})},
        watcher=found.sight is Sight.NEEDED,
        moving=True,
        adding=False,
        home={"address": found.card.address, "unit": found.card.unit, "flat": found.card.flat},
        action=f"/residents/people/{resident_id}/edit",
        back=f"/residents/people/{resident_id}",
        keep=f"resident-{resident_id}-{found.revision}",
    )


def _stored(found: Record) -> dict[str, Any]:
    """Return a record as its form shows it; an identity number is only hinted at."""
    person: Person = found.person
    values: dict[str, Any] = {
        "name": person.name,
        "phone": person.phone,
        "birth_year": str(person.birth_year or ""),
        "birth_day": person.birth_day,
        "relation": person.relation,
        "flags": list(person.flags),
        "moved_out_on": person.moved_out_on or "",
        "known": person.id_number or ("-" if found.sight is Sight.NEEDED else ""),
        "revision": found.revision,
        "purpose": found.purpose,
        "source": found.source,
        "recorded_on": found.recorded_on,
    }
    for number, one in enumerate(person.contacts, start=1):
        values |= {
            f"contact{number}_name": one.name,
            f"contact{number}_phone": one.phone,
            f"contact{number}_relation": one.relation,
        }
    return values
