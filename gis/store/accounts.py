"""Accounts for the operator: who there is, new passwords, and ending an account's access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import person, person_area
from gis.store.tables import session as signed_in
from gis.store.telling import About, tell
from gis.words import Actor, Role


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as listed."""

    person_id: UUID
    username: str
    name: str
    role: str
    agency: str | None
    active: bool
    areas: Sequence[str]
    created_at: datetime


async def account_rows(
    session: ReadSession, community_id: str, username: str | None = None
) -> list[AccountRow]:
    """Return the accounts of a community by name, or only one of them."""
    areas = (
        select(func.coalesce(func.array_agg(aggregate_order_by(person_area.c.code, person_area.c.code)), []))
        .where(
            person_area.c.community_id == person.c.community_id, person_area.c.person_id == person.c.person_id
        )
        .scalar_subquery()
    )
    p = person.c
    statement = (
        select(p.person_id, p.username, p.name, p.role, p.agency_code, p.active, areas, p.created_at)
        .where(p.community_id == community_id)
        .order_by(p.username)
    )
    if username is not None:
        statement = statement.where(p.username == username)
    return [AccountRow(*row) for row in await session.rows(statement)]


async def set_password(session: WriteSession, community_id: str, username: str, password_hash: str) -> bool:
    """Replace a password and end the account's sessions; tell whether there is such an account."""
    changed = await session.run(
        update(person)
        .where(person.c.community_id == community_id, person.c.username == username)
        .values(password_hash=password_hash, failed_sign_ins=0, wait_until=None)
    )
    await _end_sessions(session, community_id, username)
    return changed == 1


async def deactivate(session: WriteSession, community_id: str, username: str) -> bool:
    """Bar an account and end its sessions; its history stays. Tell whether there is such an account."""
    changed = await session.run(
        update(person)
        .where(person.c.community_id == community_id, person.c.username == username)
        .values(active=False)
    )
    await _end_sessions(session, community_id, username)
    return changed == 1


async def _end_sessions(session: WriteSession, community_id: str, username: str) -> None:
    await tell(session, About.PEOPLE, community_id)
    whose = select(person.c.person_id).where(
        person.c.community_id == community_id, person.c.username == username
    )
    await session.run(
        delete(signed_in).where(
            and_(signed_in.c.community_id == community_id, signed_in.c.person_id.in_(whose))
        )
    )


def operator(community_id: str) -> Actor:
    """Return the operator at the command line as a reader who sees everything of a community."""
    return Actor(community_id, UUID(int=0), "operator", "operator", Role.ADMIN)
