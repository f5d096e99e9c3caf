"""Erasing an account with all that is personal; what must stay (sums of hours and points, what happened) stays without a name."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, NotFoundError
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import audit_excuses, erasures, person_erasing, subject_photos
from gis.store.scrubbing import scrub
from gis.words import Actor

WHY_KEPT = {
    "reports": "nothing_reported_is_forgotten",
    "events": "accountability",
    "service": "books",
    "ledger": "books",
    "looks": "accountability",
}
"""Why something stays that holds no name."""


async def erase_person(
    work: Work, actor: Actor | None, community_id: str, person_id: UUID, reason: str
) -> UUID:
    """Erase an account, and return the id of its proof.

    Parameters
    ----------
    work
        Unit of work.
    actor
        An administrator; None: the operator at the command line.
    community_id, person_id
        Whose.
    reason
        Who asked for it, and why; without a name.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``person_unknown``; ``not_allowed``.
    ConflictError
        ``person_at_work``: deactivate the account first, which hands over what they have in hand.
    """
    if actor is not None:
        require(actor, "administer")
    said = required(reason, "reason", limit=200)
    session, now = work.session, work.clock.now()
    one = await person_erasing.holder(session, community_id, person_id)
    if one is None or one.erased:
        raise NotFoundError("no such person", code="person_unknown")
    if one.active or one.live_load:
        raise ConflictError("deactivate the account first", code="person_at_work")
    originals = await person_erasing.originals_of(session, community_id, person_id)
    certificates = await person_erasing.certificates_of(session, community_id, person_id)
    pictures = await subject_photos.erase(session, community_id, "certificate", certificates)
    said_of = [one.name, *await person_erasing.numbers_of(session, community_id, person_id)]
    words = await audit_excuses.erase_words(session, community_id, [str(person_id)], at=now)
    words += await audit_excuses.erase_mentions(session, community_id, said_of, at=now)
    erased = await person_erasing.erase(session, community_id, person_id, now)
    mentions = sum((await scrub(session, community_id, said_of)).values())
    for sha256 in originals:
        await work.photos.remove_original(community_id, sha256)
    stays = await person_erasing.stays(session, community_id, person_id)
    return await erasures.prove(
        session,
        community_id,
        "person",
        person_id,
        at=now,
        actor_id=actor.person_id if actor else None,
        reason=said,
        erased=erased
        | {"originals": len(originals), "pictures": pictures, "words": words, "mentions": mentions},
        kept={name: {"n": n, "why": WHY_KEPT[name]} for name, n in stays.items()},
    )
