"""Everything that is kept of one person, table by table: what is theirs, and where they only acted for others.

A test compares the two lists with the tables: a new table that refers to people has to be named in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import COUNTED_TO

OWN: Mapping[str, tuple[LiteralString, LiteralString]] = {
    "person": ("person", "person_id"),
    "areas": ("person_area", "person_id"),
    "readiness": ("responder", "person_id"),
    "sessions": ("session", "person_id"),
    "codes": ("sign_in_code", "person_id"),
    "reports": ("report", "reporter_id"),
    "photos": ("photo", "added_by"),
    "subject_photos": ("subject_photo", "added_by"),
    "ratings": ("rating", "person_id"),
    "orders": ("service_order", "created_by"),
    "meals": ("meal_subscription", "person_id"),
    "offers": ("offer", "responder_id"),
    "patrols": ("patrol", "person_id"),
    "rounds": ("visit_round", "person_id"),
    "service": ("service", "person_id"),
    "accounts": ("account", "person_id"),
    "redemptions": ("redemption", "person_id"),
    "star_consent": ("star_consent", "person_id"),
    "teams": ("team_member", "person_id"),
    "activities": ("activity_place", "person_id"),
    "certificates": ("certificate", "person_id"),
    "kitchen_days": ("meal_crew", "person_id"),
    "shifts": ("duty_shift", "person_id"),
    "exceptions": ("duty_exception", "person_id"),
    "desk_shifts": ("desk_shift", "person_id"),
    "musters": ("muster_call", "person_id"),
    "notices": ("notice", "person_id"),
    "filters": ("saved_filter", "owner_id"),
    "exports": ("export", "ordered_by"),
    "stations": ("station_keeper", "person_id"),
    "shops": ("shop_keeper", "person_id"),
    "programs": ("api_key", "person_id"),
    "looks": ("access", "person_id"),
    "sign_ins": ("audit_note", "person_id"),
}
"""Name in the file -> table, and the column that says whose a row is."""
FOR_OTHERS: Mapping[str, frozenset[str]] = {
    "api_key": frozenset({"created_by"}),
    "area_draft": frozenset({"created_by"}),
    "area_draft_edit": frozenset({"actor_id"}),
    "campaign": frozenset({"created_by"}),
    "case": frozenset({"assignee_id", "reporter_id"}),
    "change": frozenset({"person_id"}),
    "desk_note": frozenset({"settled_by", "written_by"}),
    "desk_shift": frozenset({"taken_by"}),
    "erasure": frozenset({"actor_id"}),
    "finding": frozenset({"answered_by", "found_by"}),
    "hand_over": frozenset({"asked_by", "from_id", "to_id"}),
    "handbook_article": frozenset({"changed_by"}),
    "hotline_import": frozenset({"created_by"}),
    "hotline_order": frozenset({"taken_by"}),
    "household": frozenset({"created_by"}),
    "activity": frozenset({"cancelled_by", "created_by"}),
    "activity_place": frozenset({"attested_by"}),
    "certificate": frozenset({"recorded_by", "withdrawn_by"}),
    "meal_crew": frozenset({"created_by"}),
    "meal_pause": frozenset({"created_by"}),
    "meal_round": frozenset({"created_by"}),
    "meal_rule": frozenset({"created_by"}),
    "meal_serving": frozenset({"by"}),
    "meal_subscription": frozenset({"created_by"}),
    "mediation": frozenset({"keeper_id", "mediator_id", "outcome_by"}),
    "mediation_follow_up": frozenset({"done_by"}),
    "mediation_party": frozenset({"added_by"}),
    "mediation_session": frozenset({"added_by"}),
    "menu_week": frozenset({"changed_by"}),
    "missing_person": frozenset({"created_by", "ended_by"}),
    "missing_street": frozenset({"searched_by"}),
    "muster": frozenset({"created_by"}),
    "pause": frozenset({"asked_by", "decided_by", "ended_by"}),
    "redemption": frozenset({"ended_by", "handed_out_by"}),
    "referral": frozenset({"accepted_by", "ended_by", "referred_by"}),
    "repair_plan": frozenset({"author_id"}),
    "repair_rate": frozenset({"entered_by"}),
    "resident": frozenset({"account_id", "created_by"}),
    "resident_change": frozenset({"actor_id"}),
    "resident_consent": frozenset({"recorded_by"}),
    "resident_suggestion": frozenset({"decided_by", "made_by"}),
    "retention_rule": frozenset({"changed_by"}),
    "service_order": frozenset({"cancelled_by"}),
    "sign_in_code": frozenset({"given_by"}),
    "station_care": frozenset({"changed_by"}),
    "station_count": frozenset({"by"}),
    "station_item": frozenset({"counted_by"}),
    "stock_change": frozenset({"by"}),
    "team": frozenset({"created_by"}),
    "team_member": frozenset({"added_by"}),
    "visit": frozenset({"person_id"}),
    "visit_round": frozenset({"created_by"}),
}
"""Where somebody only did something: how often is told, not what, for that is about others."""
HIDDEN = (
    "community_id", "password_hash", "csrf", "token_hash", "code_hash", "key_hash", "salt", "body_hash",
    "contact", "diet", "number", "explanation",
)  # fmt: skip
"""Secrets, and what is sealed: the latter is opened by who reads it."""


async def own_rows(
    session: ReadSession, community_id: str, person_id: UUID
) -> dict[str, list[dict[str, Any]]]:
    """Return what is somebody's, by name; geometry is GeoJSON."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, (table, column) in OWN.items():
        query: LiteralString = (
            f'SELECT to_jsonb(t) - %(hidden)s::text[] AS row FROM "{table}" t'  # noqa: S608 - of constants
            f" WHERE t.community_id = %(community)s AND t.{column} = %(person)s"
        )
        values = {"community": community_id, "person": person_id, "hidden": list(HIDDEN)}
        found[name] = [row.row for row in await session.direct(query, values)]
    return found


async def own_counts(
    session: ReadSession, community_id: str, person_id: UUID, names: Sequence[str]
) -> dict[str, int]:
    """Return how much there is of what is somebody's, ``COUNTED_TO`` of each at most.

    Parameters
    ----------
    session, community_id, person_id
        Whose.
    names
        Of ``OWN``: of what.
    """
    query: LiteralString = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*) AS n FROM (SELECT 1 FROM \"{table}\" t"  # noqa: S608 - of constants
        f" WHERE t.community_id = %(community)s AND t.{column} = %(person)s LIMIT %(most)s) AS first"
        for name, (table, column) in OWN.items()
        if name in names
    )
    rows = await session.direct(query, {"community": community_id, "person": person_id, "most": COUNTED_TO})
    return {row.name: int(row.n) for row in rows}


async def ledger_rows(session: ReadSession, community_id: str, person_id: UUID) -> list[dict[str, Any]]:
    """Return the entries of somebody's points."""
    rows = await session.direct(
        "SELECT l.at, CASE WHEN l.to_account = a.account_id THEN l.points ELSE -l.points END AS points, l.memo"
        " FROM account a JOIN ledger l ON l.community_id = a.community_id"
        " AND a.account_id IN (l.from_account, l.to_account)"
        " WHERE a.community_id = %(community)s AND a.person_id = %(person)s ORDER BY l.at, l.entry_id",
        {"community": community_id, "person": person_id},
    )
    return [{"at": row.at.isoformat(), "points": row.points, "memo": row.memo} for row in rows]


async def looks_at(session: ReadSession, community_id: str, ids: list[str]) -> list[dict[str, Any]]:
    """Return who looked at somebody: at the account, and at the record."""
    rows = await session.direct(
        "SELECT a.at, a.kind, a.why, p.role FROM access a LEFT JOIN person p ON p.community_id = a.community_id"
        " AND p.person_id = a.person_id WHERE a.community_id = %(community)s AND a.subject_id = ANY(%(ids)s::text[])"
        " ORDER BY a.at, a.access_id",
        {"community": community_id, "ids": ids},
    )
    return [{"at": row.at.isoformat(), "kind": row.kind, "why": row.why, "role": row.role} for row in rows]


async def acts_for_others(session: ReadSession, community_id: str, person_id: UUID) -> dict[str, int]:
    """Return how often somebody stands in tables about others."""
    found: dict[str, int] = {}
    for table, columns in FOR_OTHERS.items():
        either = " OR ".join(f'"{column}" = %(person)s' for column in sorted(columns))
        query: Any = f'SELECT count(*) AS n FROM "{table}" WHERE community_id = %(community)s AND ({either})'  # noqa: S608
        rows = await session.direct(query, {"community": community_id, "person": person_id})
        if rows[0].n:
            found[table] = int(rows[0].n)
    return found


async def resident_of(session: ReadSession, community_id: str, person_id: UUID) -> UUID | None:
    """Return the record that belongs to an account."""
    rows = await session.direct(
        "SELECT resident_id FROM resident WHERE community_id = %(community)s AND account_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    return rows[0].resident_id if rows else None
