"""Joining a resident's record to the account with which they sign in, so that they see it themselves."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError
from gis.flows.naming import person_called
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of, the_record, write_down
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import residents
from gis.store.resident_reading import recorded
from gis.words import Actor


async def join_account(work: Work, actor: Actor, resident_id: UUID, username: str) -> None:
    """Join a record to an account, or take it apart again.

    Parameters
    ----------
    work, actor, resident_id
        The administrator; whose record.
    username
        Id, username or name of the account; empty: none.

    Raises
    ------
    InvalidInputError
        ``person_not_called``, ``person_unclear``.
    ConflictError
        ``account_joined``: to another record.
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    require(actor, "mind_residents")
    row = await the_record(work, actor, resident_id)
    account = None
    if username.strip():
        account = (await person_called(work, actor.community_id, username, "username")).person_id
        others = await recorded(work.session, actor.community_id, account_id=account)
        if any(one.resident_id != resident_id for one in others):
            raise ConflictError("joined to another record", code="account_joined", field="username")
    if account == row.account_id:
        return
    now = work.clock.now()
    columns = {"account_id": account}
    if not await residents.change_resident(
        work.session, actor.community_id, resident_id, row.revision, columns, now=now
    ):
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")
    said = {"account_id": [row.account_id and str(row.account_id), account and str(account)]}
    sealed = sealed_of(work, actor.community_id)
    await write_down(work, actor, sealed, "changed", row.household_id, resident_id, said)
