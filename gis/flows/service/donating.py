"""Giving points to a neighbour whom one knows, or to a cause."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.notify import notify
from gis.flows.service.attempts import check_attempts, count_attempt
from gis.flows.service.booking import settle
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.service.expiry import oldest_of
from gis.service.ledger import cause, person
from gis.service.neighbours import ids_of
from gis.store import causes, expiry, ledger, neighbours
from gis.store.neighbours import Neighbour
from gis.words import Account, Actor, LedgerEntry, Notice

MOST_POINTS = 100_000
LONGEST_WORDS = 60
WRONG = "wrong_neighbour"


async def neighbour(work: Work, actor: Actor, text: str) -> Neighbour:
    """Return the one person whom a giver means by code or whole name; nobody is listed.

    Parameters
    ----------
    work, actor, text
        Who means whom.

    Raises
    ------
    NotFoundError
        ``neighbour_unknown``: nobody, or several of this name: nobody learns which.
    InvalidInputError
        ``neighbour_self``, ``text_needed``.
    TooManyError
        ``too_many_attempts``.
    """
    meant = plain(text, "to", limit=60)
    if not meant:
        raise InvalidInputError("to whom", code="text_needed", field="to")
    await check_attempts(work, actor, WRONG)
    between = ids_of(meant)
    found = await neighbours.between(work.session, actor.community_id, *between) if between else None
    found = found or await neighbours.named(work.session, actor.community_id, meant)
    if found is None:
        unknown = NotFoundError("nobody, or several", code="neighbour_unknown")
        raise await count_attempt(work, actor, WRONG, unknown)
    if found.person_id == actor.person_id:
        raise InvalidInputError("that is oneself", code="neighbour_self", field="to")
    return found


async def give(work: Work, actor: Actor, donation_id: UUID, to: UUID, points: int, words: str = "") -> None:  # noqa: PLR0917 - whom, how much and with which words
    """Give points to a neighbour; the same id again changes nothing.

    Parameters
    ----------
    work, actor, donation_id
        Who gives; the id is made by the client.
    to, points, words
        To whom, how many, and what is said with it.

    Raises
    ------
    ConflictError
        ``points_too_few``, ``donation_id_reused``.
    InvalidInputError
        ``points_out_of_range``, ``neighbour_self``, ``text_too_long``.
    """
    if to == actor.person_id:
        raise InvalidInputError("that is oneself", code="neighbour_self", field="to")
    said = plain(words, "words", limit=LONGEST_WORDS)
    people = {actor.person_id, to}
    if await _transfer(work, actor, donation_id, person(to), points, said, people):
        came, went = await expiry.lots(work.session, actor.community_id, actor.person_id)
        ages = oldest_of(came, went - points, points)
        await expiry.add_gift_ages(work.session, actor.community_id, donation_id, ages)
        await settle(work, actor.community_id, {to})
        data: dict[str, str | int | float] = {"name": actor.name, "points": points}
        await notify(work, actor.community_id, Notice("points_given", [to], data=data, key=str(donation_id)))


async def donate(  # noqa: PLR0917 - to what, how much and with which words
    work: Work, actor: Actor, donation_id: UUID, cause_id: UUID, points: int, words: str = ""
) -> None:
    """Give points to a cause; the same id again changes nothing.

    Parameters
    ----------
    work, actor, donation_id, cause_id, points, words
        As for ``give``.

    Raises
    ------
    NotFoundError
        ``cause_unknown``.
    ConflictError, InvalidInputError
        As for ``give``.
    """
    known = await causes.causes(work.session, actor.community_id)
    if not any(one.cause_id == cause_id and one.active for one in known):
        raise NotFoundError("no such cause", code="cause_unknown")
    said = plain(words, "words", limit=LONGEST_WORDS)
    await _transfer(work, actor, donation_id, cause(cause_id), points, said, {actor.person_id})


async def _transfer(  # noqa: PLR0917 - from whom to whom, how much and with which words
    work: Work, actor: Actor, entry_id: UUID, to: Account, points: int, words: str, people: set[UUID]
) -> bool:
    if not 0 < points <= MOST_POINTS:
        raise InvalidInputError("how many", code="points_out_of_range", field="points", most=MOST_POINTS)
    held = await ledger.hold(work.session, actor.community_id, people)
    gift = LedgerEntry(entry_id, person(actor.person_id), to, points, words)
    known = await ledger.entry(work.session, actor.community_id, entry_id)
    if known is not None:
        if known != gift:
            raise ConflictError("this id stands for another gift", code="donation_id_reused")
        return False
    lacking = points - held[actor.person_id].balance
    if lacking > 0:
        raise ConflictError("there are not so many points", code="points_too_few", lacking=lacking)
    await ledger.post(work.session, actor.community_id, [gift], at=work.clock.now())
    return True
