"""The audit log as a sheet, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

import orjson

from gis.exports.sheets import Column, Sheet
from gis.store.audit_reading import Entry
from web.audit_words import audit_names
from web.i18n import N_, translate
from web.people_words import ROLE_NAMES

COLUMNS = (
    ("seq", N_("链上序号"), "integer"),
    ("at", N_("时间"), "moment"),
    ("source", N_("哪一类"), "text"),
    ("kind", N_("做了什么"), "text"),
    ("person", N_("谁"), "text"),
    ("role", N_("角色"), "text"),
    ("subject", N_("对象"), "text"),
    ("words", N_("说明"), "text"),
    ("data", N_("详情"), "text"),
)


def audit_sheet(language: str, entries: Iterable[Entry], zone: tzinfo) -> Sheet:
    """Return entries as a sheet.

    Parameters
    ----------
    language, entries, zone
        The reader's, which, and the community's clock.
    """
    names = audit_names(language)
    columns = [Column(key, translate(language, title), kind) for key, title, kind in COLUMNS]  # type: ignore[arg-type]
    return Sheet(
        translate(language, N_("审计日志")), columns, (_row(language, names, one) for one in entries), zone
    )


def _row(language: str, names: dict[str, dict[str, str]], one: Entry) -> list[Any]:
    role = translate(language, str(ROLE_NAMES.get(one.role, one.role))) if one.role else None
    return [
        one.seq,
        one.at,
        names["source"][one.source],
        names[one.source].get(one.kind, one.kind),
        one.person_name,
        role,
        one.subject_id,
        one.words,
        orjson.dumps(one.data).decode() if one.data else "",
    ]
