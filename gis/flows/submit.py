"""Filing a report: snapped, stored durably, and offered to the closest available responder in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from gis.errors import ConflictError, InvalidInputError, WeiwangError
from gis.flows.attach_photo import keep_photos
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.comparing import Compared, decide
from gis.flows.filing import Filing, in_force, join, look, open_cases, replay
from gis.flows.locate import locate
from gis.flows.locate_plate import locate_plate
from gis.flows.nearness import Near, nearness, nearness_of_all
from gis.flows.report_draft import Checked, ReportDraft, Submitted, check
from gis.flows.work import Work
from gis.people.permissions import require
from gis.snap import locate_all
from gis.words import Actor, Place

TRIES = 6


async def submit(work: Work, actor: Actor, draft: ReportDraft) -> Submitted:
    """File a report.

    Parameters
    ----------
    work
        Unit of work; what is answered is durable once it is committed.
    actor
        The reporter.
    draft
        What they sent.

    Raises
    ------
    InvalidInputError
        ``category_unknown``, ``category_unused``, ``source_unknown``, ``text_too_long``, ``too_many_photos``,
        ``same_as_or_separate``,
        ``same_as_too_far``, ``choice_unknown``, ``choice_too_far``, ``choice_with_plate``.
    ConflictError
        ``report_id_reused``: the id stands for another report. ``same_as_not_open``.
    NotFoundError
        ``case_not_found``: there is no such case to be the same as.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "submit")
    checked = check(work.settings, draft)
    await keep_photos(work.photos, actor, checked.photos)
    return await submit_alone(work, actor, checked)


async def submit_alone(work: Work, actor: Actor, checked: Checked) -> Submitted:
    """File a report whose words were checked and whose photos are on the disk.

    Parameters
    ----------
    work, actor, checked
        As for ``submit``.

    Raises
    ------
    WeiwangError
        As ``submit``.
    """
    atlas = work.atlas.peek(actor.community_id) or await work.atlas.get(work.session, actor.community_id)
    for _ in range(TRIES):
        filing = Filing(actor, ruled(atlas, checked), _located(work, atlas, checked.draft), uuid4())
        [looked] = await look(work, [filing])
        if looked.stored is not None:
            return replay(filing, looked.stored)
        if not in_force(looked, atlas):
            atlas = await work.atlas.get(work.session, actor.community_id)
            continue
        near = nearness(atlas, filing.checked.told, looked.nearby, work.clock.now())
        found = _compared(work, atlas, filing, near)
        if found.link:
            submitted = await join(work, atlas, filing, found)
        else:
            [submitted] = await open_cases(work, atlas, [(filing, found)])
        if submitted is not None:
            return submitted
    raise ConflictError("the boundaries keep changing", code="changed_meanwhile")


async def submit_batch(
    work: Work, atlas: CommunityAtlas, reports: Sequence[tuple[Actor, Checked]]
) -> list[Submitted | None]:
    """File those reports of a batch that open a case of their own or are there already, in one look and one statement.

    Parameters
    ----------
    work
        Unit of work: nothing may follow in it.
    atlas
        Their community.
    reports
        Each of another id, with a position and nothing else to say where it is or what it is the same as.

    Returns
    -------
    list of Submitted or None
        None: it has to go alone, by ``submit_alone``, which tells why if it can't be filed.
    """
    places = locate_all(atlas.places, [one.draft.position for _, one in reports], work.settings.snap)
    filings = [
        Filing(actor, ruled(atlas, one), place, uuid4())
        for (actor, one), place in zip(reports, places, strict=True)
    ]
    looked = await look(work, filings)
    around = [(one.checked.told, seen.nearby) for one, seen in zip(filings, looked, strict=True)]
    nearby = nearness_of_all(atlas, around, work.clock.now())
    answers: list[Submitted | None] = [None] * len(filings)
    new: dict[int, tuple[Filing, Compared]] = {}
    for row, (filing, one, near) in enumerate(zip(filings, looked, nearby, strict=True)):
        try:
            if one.stored is not None:
                answers[row] = replay(filing, one.stored)
            elif in_force(one, atlas) and not (found := _compared(work, atlas, filing, near)).link:
                new[row] = filing, found
        except WeiwangError:  # told when it goes alone
            continue
    if new:
        for row, answer in zip(new, await open_cases(work, atlas, list(new.values())), strict=True):
            answers[row] = answer
    return answers


def ruled(atlas: CommunityAtlas, checked: Checked) -> Checked:
    """Return a draft with its category as the community has it.

    Parameters
    ----------
    atlas, checked
        The community, and the draft with the category as all share it.
    """
    kind = atlas.kind(checked.kind.code)
    return checked if kind is checked.kind else replace(checked, kind=kind)


def _compared(work: Work, atlas: CommunityAtlas, filing: Filing, near: Sequence[Near]) -> Compared:
    if filing.checked.kind.code in atlas.unused:
        raise InvalidInputError("not used here", code="category_unused", field="category")
    return decide(work.settings.duplicates, filing.actor, filing.checked.told, near)


def _located(work: Work, atlas: CommunityAtlas, draft: ReportDraft) -> Place:
    if draft.plate is not None:
        return locate_plate(atlas, draft.plate, work.settings.snap)
    return locate(atlas, draft.position, work.settings.snap, chosen_place=draft.chosen_place)


__all__ = ["ReportDraft", "Submitted", "submit", "submit_alone", "submit_batch"]
