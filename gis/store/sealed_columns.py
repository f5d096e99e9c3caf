"""What is sealed, by table: a new key reaches what is named here, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from gis.store.sealed import SealedColumn
from gis.store.tables import (
    certificate,
    household,
    meal_subscription,
    mediation,
    mediation_follow_up,
    mediation_party,
    mediation_session,
    missing_person,
    resident,
    resident_change,
    resident_suggestion,
)

PHONE_MARK, ID_MARK = "phone", "id_number"
"""Kinds of marks, and the names of what they are made from in what is sealed of a resident's identity."""


def identity_marks(text: str) -> Mapping[str, tuple[str, str]]:
    """Return what the marks of a resident are made from.

    Parameters
    ----------
    text
        What is sealed as their identity.
    """
    found = orjson.loads(text)
    return {
        "phone_mark": (PHONE_MARK, str(found.get(PHONE_MARK, ""))),
        "id_mark": (ID_MARK, str(found.get(ID_MARK, ""))),
    }


SEALED: tuple[SealedColumn, ...] = (
    SealedColumn(certificate, "certificate_id", "number", "certificate.number"),
    SealedColumn(mediation, "case_id", "agreement", "mediation.agreement"),
    SealedColumn(mediation, "case_id", "signed_by", "mediation.signed_by"),
    SealedColumn(mediation_party, "party_id", "name", "mediation_party.name"),
    SealedColumn(mediation_party, "party_id", "contact", "mediation_party.contact"),
    SealedColumn(mediation_party, "party_id", "words", "mediation_party.words"),
    SealedColumn(mediation_session, "session_id", "place", "mediation_session.place"),
    SealedColumn(mediation_session, "session_id", "words", "mediation_session.words"),
    SealedColumn(mediation_follow_up, "follow_up_id", "words", "mediation_follow_up.words"),
    SealedColumn(household, "household_id", "note", "household.note"),
    SealedColumn(resident, "resident_id", "name", "resident.name"),
    SealedColumn(resident, "resident_id", "identity", "resident.identity", identity_marks),
    SealedColumn(resident, "resident_id", "contacts", "resident.contacts"),
    SealedColumn(resident_change, "change_id", "data", "resident_change.data"),
    SealedColumn(resident_suggestion, "suggestion_id", "data", "resident_suggestion.data"),
    SealedColumn(meal_subscription, "subscription_id", "contact", "meal_subscription.contact"),
    SealedColumn(meal_subscription, "subscription_id", "diet", "meal_subscription.diet"),
    SealedColumn(missing_person, "missing_id", "name", "missing_person.name"),
    SealedColumn(missing_person, "missing_id", "told", "missing_person.told"),
    SealedColumn(missing_person, "missing_id", "outcome", "missing_person.outcome"),
)
