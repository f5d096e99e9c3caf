"""One act on many cases: each in a transaction of its own, each with its own answer; nothing is half done for any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.exceptions import RequestValidationError

from api.acts import ACTS, perform
from api.desk_models import BulkBody
from api.errors import refusal
from api.forms import parse
from api.models import MergeBody
from api.parts import Parts
from gis.errors import WeiwangError
from gis.flows.merge import merge
from gis.views.cases import CaseItem, cases_by_id
from gis.words import Actor, CaseState, Verb


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; ``code`` where it was refused, with the figures of its sentence."""

    case_id: UUID
    status: str | None = None
    revision: int | None = None
    code: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


async def bulk(parts: Parts, actor: Actor, wanted: BulkBody) -> list[Outcome]:
    """Carry out an act on every case, or say for which it would be possible; in the order asked for.

    Parameters
    ----------
    parts, actor
        Where, and on whose behalf.
    wanted
        The act, its fields, and the cases.
    """
    case_ids = list(dict.fromkeys(wanted.case_ids))
    verb = Verb(wanted.act)
    parse(MergeBody if verb is Verb.MERGE else ACTS[verb].body, wanted.fields)  # bad fields: nothing is begun
    if wanted.preview:
        async with parts.database.read() as session:
            known = await cases_by_id(session, actor, case_ids)
        return [_possible(one, known.get(one), verb, wanted) for one in case_ids]
    return [await _carry_out(parts, actor, verb, one, wanted) for one in case_ids]


async def _carry_out(parts: Parts, actor: Actor, verb: Verb, case_id: UUID, wanted: BulkBody) -> Outcome:
    revision = wanted.revisions.get(case_id)
    try:
        if verb is Verb.MERGE:
            state = await _merge(parts, actor, case_id, wanted.fields, revision)
        else:
            state = await perform(parts, actor, verb, case_id, fields=dict(wanted.fields), revision=revision)
    except (WeiwangError, RequestValidationError) as error:
        found = refusal(error)
        return Outcome(case_id, code=found.code, values=found.values)
    return Outcome(case_id, state.status.value, state.revision)


async def _merge(
    parts: Parts, actor: Actor, case_id: UUID, fields: dict[str, Any], revision: int | None
) -> CaseState:
    given = parse(MergeBody, fields)
    async with parts.work() as work:
        return await merge(work, actor, case_id, given.into, given.reason, revision)


def _possible(case_id: UUID, item: CaseItem | None, verb: Verb, wanted: BulkBody) -> Outcome:
    """Return what the table says of a case now; what only the act itself finds out isn't foreseen."""
    if item is None:
        return Outcome(case_id, code="case_not_found")
    row = item.row
    if wanted.revisions.get(case_id, row.revision) != row.revision:
        return Outcome(case_id, code="changed_meanwhile")
    if verb is not Verb.UNDO and verb.value not in item.legal:
        values = {"verb": verb.value, "status": row.status, "legal": list(item.legal)}
        return Outcome(case_id, code="illegal_transition", values=values)
    return Outcome(case_id, row.status, row.revision)
