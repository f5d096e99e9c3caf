"""Recording certificates, withdrawing them, and telling people before one ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog

from gis.errors import ConflictError, NotFoundError, WeiwangError
from gis.flows.naming import person_called
from gis.flows.notify import notify
from gis.flows.sealing import vault_of
from gis.flows.subject_photos import add_photos
from gis.flows.texts import plain, required
from gis.flows.today import today_in
from gis.flows.work import OpenWork, Work
from gis.intake import CleanPhoto
from gis.people.permissions import require
from gis.store import access_log, certificates, notices
from gis.store.certificates import Certificate, Ending, NewCertificate
from gis.store.jobs import Task
from gis.teams.certificates import KINDS, TOLD_AHEAD, checked_dates, checked_kind
from gis.words import Actor, Notice, Role

log = structlog.get_logger()
EVERY_MINUTE = ("sweep_certificates",)
SWEPT_AT_ONCE = 200
MOST_NUMBER = 60
SUBJECT = "certificate"


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """A certificate as it is entered."""

    certificate_id: UUID
    person: str
    """Id, username or name."""
    kind: str
    issued_on: date
    ends_on: date | None = None
    number: str = ""


def place_of(certificate_id: UUID) -> str:
    """Return what a certificate's number is sealed for."""
    return f"certificate.number:{certificate_id}"


async def record_certificate(
    work: Work, actor: Actor, draft: CertificateDraft, photos: Sequence[CleanPhoto] = ()
) -> UUID:
    """Record a certificate; the skill that it stands for is the person's from now on. A repeat changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who of the office records what.
    photos
        Of the document, from ``prepare_photo``.

    Raises
    ------
    InvalidInputError
        ``person_not_called``, ``person_unclear``, ``certificate_kind``, ``certificate_issued``, ``certificate_ends``.
    """
    require(actor, "record_certificates")
    kind = checked_kind(draft.kind)
    today = await today_in(work.session, work.clock, actor.community_id)
    checked_dates(draft.issued_on, draft.ends_on, today)
    person = await person_called(work, actor.community_id, draft.person)
    number = plain(draft.number, "number", limit=MOST_NUMBER)
    place = place_of(draft.certificate_id)
    new = NewCertificate(
        draft.certificate_id,
        person.person_id,
        kind,
        KINDS[kind],
        vault_of(work.settings).seal(actor.community_id, place, number) if number else None,
        draft.issued_on,
        draft.ends_on,
        None,
        actor.person_id,
        work.clock.now(),
    )
    if not await certificates.add(work.session, actor.community_id, new):
        before = await certificates.find(work.session, actor.community_id, draft.certificate_id)
        if before is None or (before.person_id, before.kind) != (person.person_id, kind):
            raise ConflictError("this id stands for another certificate", code="certificate_id_reused")
    if photos:
        await add_photos(work, actor, SUBJECT, draft.certificate_id, photos)
    work.rosters.forget(actor.community_id)
    return draft.certificate_id


async def withdraw_certificate(work: Work, actor: Actor, certificate_id: UUID, reason: str) -> None:
    """End a certificate at once, with a reason; said again it changes nothing.

    Parameters
    ----------
    work, actor, certificate_id, reason
        Who of the office ends which, and why.

    Raises
    ------
    NotFoundError
        ``certificate_not_found``.
    """
    require(actor, "record_certificates")
    said = required(reason, "reason", limit=500)
    await found(work, actor, certificate_id)
    await certificates.withdraw(
        work.session,
        actor.community_id,
        certificate_id,
        by=actor.person_id,
        reason=said,
        now=work.clock.now(),
    )
    work.rosters.forget(actor.community_id)


async def found(work: Work, actor: Actor, certificate_id: UUID) -> Certificate:
    """Return a certificate.

    Raises
    ------
    NotFoundError
        ``certificate_not_found``.
    """
    one = await certificates.find(work.session, actor.community_id, certificate_id)
    if one is None:
        raise NotFoundError("no such certificate", code="certificate_not_found")
    return one


async def certificate_number(work: Work, actor: Actor, certificate_id: UUID) -> str:
    """Return a certificate's number to the office or to whose it is; the look is logged.

    Parameters
    ----------
    work, actor, certificate_id
        Who looks at which.

    Raises
    ------
    NotFoundError
        ``certificate_not_found``.
    """
    one = await found(work, actor, certificate_id)
    if one.person_id != actor.person_id:
        require(actor, "record_certificates")
    sealed = await certificates.sealed_number(work.session, actor.community_id, certificate_id)
    if sealed is None:
        return ""
    await access_log.log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind="certificate",
        subject_id=str(certificate_id),
    )
    return vault_of(work.settings).open(actor.community_id, place_of(certificate_id), sealed)


async def tell_ending(work: Work, one: Ending) -> None:
    """Tell whose certificate ends soon, and the desk, once.

    Parameters
    ----------
    work, one
        Which certificate.
    """
    if not await certificates.told(work.session, one.community_id, one.certificate_id, work.clock.now()):
        return
    desk = await notices.people_of(work.session, one.community_id, role=Role.DESK)
    data = {"certificate": one.kind, "name": one.person_name, "day": one.ends_on.isoformat()}
    people = [one.person_id, *desk]
    await notify(
        work, one.community_id, Notice("certificate_ends", people, data=data, key=str(one.certificate_id))
    )


def bind_certificates(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            until = work.clock.now().date() + TOLD_AHEAD
            near = await certificates.ending(work.session, until, limit=SWEPT_AT_ONCE)
        for one in near:
            try:
                async with open_work() as work:
                    await tell_ending(work, one)
            except WeiwangError as error:  # the others are told all the same, this one again in a minute
                log.warning("certificate_not_told", certificate_id=str(one.certificate_id), code=error.code)

    return {"sweep_certificates": sweep}
