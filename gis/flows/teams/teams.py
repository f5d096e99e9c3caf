"""Teams: founded and changed by the office; who belongs to one is decided by the office and by who leads it."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.naming import person_called
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.store import teams
from gis.store.teams import Team, TeamFields
from gis.words import Actor

KINDS = ("riders", "vehicles", "care", "patrol", "kitchen", "other")
SHORT = 40


def checked(fields: TeamFields) -> TeamFields:
    """Return a team's fields as they are stored.

    Parameters
    ----------
    fields
        As typed.

    Raises
    ------
    InvalidInputError
        ``team_kind``, ``text_needed``, ``text_too_long``.
    """
    if fields.kind not in KINDS:
        raise InvalidInputError("no such kind", code="team_kind", field="kind")
    return TeamFields(
        required(fields.name, "name", limit=SHORT),
        plain(fields.name_en, "name_en", limit=SHORT),
        fields.kind,
        plain(fields.about, "about", limit=500),
        plain(fields.contact, "contact", limit=SHORT),
        fields.active,
    )


async def found_team(work: Work, actor: Actor, team_id: UUID, fields: TeamFields) -> UUID:
    """Found a team; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, team_id, fields
        Who of the office founds which.

    Raises
    ------
    ConflictError
        ``team_name_taken``.
    """
    require(actor, "manage_teams")
    given = checked(fields)
    stored = await teams.add(
        work.session, actor.community_id, team_id, given, by=actor.person_id, now=work.clock.now()
    )
    if not stored:
        before = await teams.find(work.session, actor.community_id, team_id, actor.person_id)
        if before is None or before.name != given.name:
            raise ConflictError("another team has this name", code="team_name_taken", field="name")
    return team_id


async def change_team(work: Work, actor: Actor, team_id: UUID, fields: TeamFields) -> None:
    """Change what a team is called and is for, or end it.

    Parameters
    ----------
    work, actor, team_id, fields
        Who of the office changes which to what.

    Raises
    ------
    NotFoundError, ConflictError
        ``team_not_found``, ``team_name_taken``.
    """
    require(actor, "manage_teams")
    await team_of(work, actor, team_id)
    if not await teams.change(work.session, actor.community_id, team_id, checked(fields)):
        raise ConflictError("another team has this name", code="team_name_taken", field="name")


async def team_of(work: Work, actor: Actor, team_id: UUID) -> Team:
    """Return a team as somebody sees it.

    Raises
    ------
    NotFoundError
        ``team_not_found``.
    """
    one = await teams.find(work.session, actor.community_id, team_id, actor.person_id)
    if one is None:
        raise NotFoundError("no such team", code="team_not_found")
    return one


def may_keep(actor: Actor, team: Team) -> bool:
    """Tell whether somebody decides who belongs to a team: the office, and who leads it.

    Parameters
    ----------
    actor, team
        Who, and the team as they see it.
    """
    return may(actor, "manage_teams") or team.leads


async def put_member(work: Work, actor: Actor, team_id: UUID, person: str, *, leader: bool = False) -> UUID:
    """Take somebody into a team, or make them lead it; only the office names leaders.

    Parameters
    ----------
    work, actor, team_id
        Who decides, of which team.
    person
        Id, username or name.
    leader
        Whether they lead it.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``person_not_called``, ``person_unclear``, ``person_of_agency``.
    """
    team = await team_of(work, actor, team_id)
    if not may_keep(actor, team) or (leader and not may(actor, "manage_teams")):
        raise NotAllowedError("for the office and who leads it", verb="put_member")
    one = await person_called(work, actor.community_id, person)
    if one.role == "agency":
        raise InvalidInputError("they are of an agency", code="person_of_agency", field="person")
    await teams.put_member(
        work.session,
        actor.community_id,
        team_id,
        one.person_id,
        leader=leader,
        by=actor.person_id,
        now=work.clock.now(),
    )
    return one.person_id


async def drop_member(work: Work, actor: Actor, team_id: UUID, person_id: UUID) -> None:
    """Take somebody out of a team; everybody may leave by themselves. Said again it changes nothing.

    Parameters
    ----------
    work, actor, team_id, person_id
        Who takes whom out of which.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    team = await team_of(work, actor, team_id)
    if actor.person_id != person_id and not may_keep(actor, team):
        raise NotAllowedError("for the office and who leads it", verb="drop_member")
    await teams.drop_member(work.session, actor.community_id, team_id, person_id)
