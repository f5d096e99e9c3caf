"""Lists of teams and activities as sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

from gis.exports.sheets import Column, Sheet
from gis.teams.certificates import standing
from gis.views.teams import Certificate, Guest
from web.i18n import N_, translate
from web.people_words import ROLE_NAMES
from web.team_words import ATTENDED_BY, CERTIFICATE_NAMES, CERTIFICATE_STANDINGS, PLACE_STATES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERSON, KIND, ISSUED, ENDS, STANDING = N_("姓名"), N_("证书"), N_("发证日期"), N_("到期日期"), N_("状态")
ROLE, PLACE, THERE, HOW, HOURS = N_("角色"), N_("报名"), N_("签到时间"), N_("签到方式"), N_("小时")
CERTIFICATES, GUESTS = N_("证书"), N_("签到表")


def certificate_sheet(language: str, found: Sequence[Certificate], today: date, zone: tzinfo) -> Sheet:
    """Return certificates as a sheet, without their numbers.

    Parameters
    ----------
    language, found, today, zone
        What is listed, in which language, when, by which clock.
    """

    def t(text: str) -> str:
        return translate(language, text)

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

    def t(text: str) -> str:
        return translate(language, text)

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
