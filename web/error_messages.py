"""Sentences of errors, by their code: the Chinese source of each.

A room keeps its own in a table of a module of its own, joined here. A test compares the keys with every code that
the domain and the service can raise.
"""

from __future__ import annotations

from collections.abc import Mapping

from web.audit_words import AUDIT_ERRORS
from web.backup_errors import BACKUPS
from web.case_errors import CASES
from web.general_errors import GENERAL
from web.ground_errors import GROUND
from web.limit_errors import LIMITS
from web.meal_errors import MEALS
from web.mediation_words import MEDIATION_ERRORS
from web.office_errors import OFFICE
from web.resident_errors import RESIDENTS
from web.retention_words import RETENTION_ERRORS
from web.scale_errors import SCALE
from web.service_errors import SERVICE_ERRORS
from web.station_errors import STATIONS
from web.team_errors import TEAMS
from web.visit_errors import VISITS

ERROR_MESSAGES: Mapping[str, str] = {
    **GENERAL,
    **AUDIT_ERRORS,
    **BACKUPS,
    **CASES,
    **GROUND,
    **LIMITS,
    **MEALS,
    **OFFICE,
    **RESIDENTS,
    **RETENTION_ERRORS,
    **SCALE,
    **SERVICE_ERRORS,
    **STATIONS,
    **TEAMS,
    **MEDIATION_ERRORS,
    **VISITS,
}
