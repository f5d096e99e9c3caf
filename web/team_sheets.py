"""Lists of teams and activities as sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from functools import partial

from gis.exports.sheets import Column, Sheet
from gis.store.mediation_reading import MediationRow
from gis.teams.certificates import standing
from gis.views.teams import Certificate, Guest, Member
from web.i18n import N_, translate
from web.mediation_words import OUTCOME_NAMES
from web.people_words import ROLE_NAMES, SKILL_NAMES
from web.team_words import ATTENDED_BY, CERTIFICATE_NAMES, CERTIFICATE_STANDINGS, PLACE_STATES

PERSON, KIND, ISSUED, ENDS, STANDING = N_("姓名"), N_("证书"), N_("发证日期"), N_("到期日期"), N_("状态")
ROLE, PLACE, THERE, HOW, HOURS = N_("角色"), N_("报名"), N_("签到时间"), N_("签到方式"), N_("小时")
CERTIFICATES, GUESTS = N_("证书"), N_("签到表")
LEADER, JOINED, SKILLS, MEMBERS = N_("队长"), N_("加入日期"), N_("技能"), N_("队员")
NUMBER, OPENED, OUTCOME, ENDED, MEETINGS = (
    N_("案件编号"),
    N_("开始日期"),
    N_("结果"),
    N_("结束日期"),
    N_("场次"),
)
KEEPER, MEDIATOR, MEDIATIONS = N_("负责社工"), N_("调解员"), N_("调解登记表")


def certificate_sheet(language: str, found: Sequence[Certificate], today: date, zone: tzinfo) -> Sheet:
    """Return certificates as a sheet, without their numbers.

    Parameters
    ----------
    language, found, today, zone
        What is listed, in which language, when, by which clock.
    """
    t = partial(translate, language)
    columns = [
        Column("person", t(PERSON)),
        Column("kind", t(KIND)),
        Column("issued_on", t(ISSUED), "date"),
        Column("ends_on", t(ENDS), "date"),
        Column("standing", t(STANDING)),
    ]
    rows = [
        (
            one.person_name,
            t(CERTIFICATE_NAMES.get(one.kind, one.kind)),
            one.issued_on,
            one.ends_on,
            t(CERTIFICATE_STANDINGS[standing(one.ends_on, today, withdrawn=one.withdrawn_at is not None)]),
        )
        for one in found
    ]
    return Sheet(t(CERTIFICATES), columns, rows, zone)


def guest_sheet(language: str, found: Sequence[Guest], zone: tzinfo) -> Sheet:
    """Return who has signed up for an activity, and who was there, as a sheet.

    Parameters
    ----------
    language, found, zone
        Who is listed, in which language, by which clock.
    """
    t = partial(translate, language)
    columns = [
        Column("person", t(PERSON)),
        Column("role", t(ROLE)),
        Column("state", t(PLACE)),
        Column("attended_at", t(THERE), "moment"),
        Column("attended_by", t(HOW)),
        Column("hours", t(HOURS), "number"),
    ]
    rows = [
        (
            one.name,
            t(ROLE_NAMES.get(one.role, one.role)),
            t(PLACE_STATES[one.state]),
            one.attended_at,
            t(ATTENDED_BY[one.attended_by]) if one.attended_by else "",
            one.hours,
        )
        for one in found
    ]
    return Sheet(t(GUESTS), columns, rows, zone)


def member_sheet(language: str, found: Sequence[Member], zone: tzinfo) -> Sheet:
    """Return who belongs to a team as a sheet, with the skills that count now.

    Parameters
    ----------
    language, found, zone
        Who is listed, in which language, by which clock.
    """
    t = partial(translate, language)
    columns = [
        Column("person", t(PERSON)),
        Column("role", t(ROLE)),
        Column("leader", t(LEADER), "flag"),
        Column("joined_at", t(JOINED), "moment"),
        Column("skills", t(SKILLS)),
    ]
    rows = [
        (
            one.name,
            t(ROLE_NAMES.get(one.role, one.role)),
            one.leader,
            one.joined_at,
            " ".join(t(SKILL_NAMES.get(skill, skill)) for skill in one.skills),
        )
        for one in found
    ]
    return Sheet(t(MEMBERS), columns, rows, zone)


def mediation_sheet(language: str, found: Sequence[MediationRow], zone: tzinfo) -> Sheet:
    """Return mediations as a sheet: when, by whom, how they ended; nobody who quarrels is in it.

    Parameters
    ----------
    language, found, zone
        What is listed, in which language, by which clock.
    """
    t = partial(translate, language)
    columns = [
        Column("number", t(NUMBER)),
        Column("opened_at", t(OPENED), "moment"),
        Column("keeper", t(KEEPER)),
        Column("mediator", t(MEDIATOR)),
        Column("sessions", t(MEETINGS), "integer"),
        Column("outcome", t(OUTCOME)),
        Column("outcome_at", t(ENDED), "moment"),
    ]
    rows = [
        (
            one.number,
            one.opened_at,
            one.keeper_name,
            one.mediator_name or "",
            one.sessions,
            t(OUTCOME_NAMES[one.outcome]) if one.outcome else "",
            one.outcome_at,
        )
        for one in found
    ]
    return Sheet(t(MEDIATIONS), columns, rows, zone)
